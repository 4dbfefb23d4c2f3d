// What the page says and asks.
import { h, api, me, approval } from './core.js';

export function toast(text, bad) {
  const note = h('p', { class: `toast${bad ? ' bad' : ''}` }, text);
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), bad ? 9000 : 4000);
}

export async function attempt(action, done) {
  try {
    const result = await action();
    if (done) toast(done);
    return result;
  } catch (error) {
    toast(error.message, true);
    return null;
  }
}

// A dialog with a form; resolves to its values, or to null where it was closed. Whoever signed in as a person is that person; a
// sign-in that acts for others says for whom.
export async function ask({ title, text, fields, confirm, danger }) {
  const dialog = document.getElementById('dialog');
  const speaksOf = (await me)?.names_others === false ? 'oneself' : 'others';
  return new Promise(resolve => {
    const form = h(
      'form',
      { class: 'content', method: 'dialog' },
      text ? h('p', {}, text) : null,
      fields.filter(field => (field.of ?? speaksOf) === speaksOf).map(field =>
        h(
          'label',
          { class: 'field' },
          field.label,
          field.options
            ? h(
                'select',
                { name: field.name },
                field.options.map(option => h('option', { value: option }, option)),
              )
            : h('input', {
                name: field.name,
                required: field.required !== false,
                value: field.value ?? '',
                type: field.type ?? 'text',
                maxlength: 2000,
                autocomplete: 'off',
              }),
        ),
      ),
      h(
        'div',
        { class: 'foot' },
        h('button', { type: 'button', onclick: () => finish(null) }, 'Cancel'),
        h('button', { class: danger ? 'danger solid' : 'primary' }, confirm),
      ),
    );
    const finish = value => {
      dialog.close();
      resolve(value);
    };
    form.addEventListener('submit', event => {
      event.preventDefault();
      finish(Object.fromEntries(new FormData(form)));
    });
    open(title, form);
    dialog.addEventListener('close', () => resolve(null), { once: true });
    form.querySelector('input, select')?.focus();
  });
}

export function open(title, content) {
  const dialog = document.getElementById('dialog');
  document
    .getElementById('dialog-body')
    .replaceChildren(
      h(
        'div',
        { class: 'head' },
        h('h2', { id: 'dialog-title' }, title),
        h(
          'button',
          { type: 'button', class: 'quiet', style: 'margin-left:auto', onclick: () => dialog.close() },
          'Close',
        ),
      ),
      content,
    );
  if (!dialog.open) dialog.showModal();
}

export const remember = name => name && localStorage.setItem('trading-who', name);
export const person = reason => [
  { name: 'by', label: 'Your name', value: localStorage.getItem('trading-who') ?? '', of: 'others' },
  { name: 'reason', label: reason ?? 'Reason' },
];
export const secondPerson = () => [
  { name: 'second_person', label: 'Second person, where the settings ask for one', required: false },
  { name: 'second_password', label: 'Their password', type: 'password', required: false, of: 'oneself' },
];

// Sends what a dialog was answered. The second person's password stays here: what goes with the request is their approval of it.
export async function send(path, { second_password, ...answer }) {
  const body = Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== ''));
  remember(body.by);
  return api(path, body, second_password ? await approval(body.second_person, second_password, path, body) : {});
}
