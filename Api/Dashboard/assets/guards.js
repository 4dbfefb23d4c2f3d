// Modes, breakers and stops: what keeps the book from trading on, and the buttons of those who may change it.
import { h, state, on, ofBook, percent, number, instant, words } from './core.js';
import { attempt, ask, person, secondPerson, send } from './dialogs.js';
import { panel, padded, empty } from './parts.js';

export function guards(root, signal) {
  const mode = panel('Trading', 'w4');
  const breakers = panel('Circuit breakers', 'w8');
  const stops = panel('Stops', 'w12');
  root.append(h('div', { class: 'grid' }, mode.element, breakers.element, stops.element));
  const draw = () => {
    const report = state.guards;
    if (!report || report.problem) {
      for (const one of [mode, breakers, stops]) one.show(empty(report?.problem ?? 'Waiting.'));
      return;
    }
    mode.show(
      padded(
        h('p', {}, badge(report.mode)),
        h('p', { class: 'muted', style: 'margin:8px 0 12px' }, explain[report.mode]),
        h(
          'div',
          { style: 'display:flex;gap:8px;flex-wrap:wrap' },
          ['active', 'reducing', 'halted']
            .filter(one => one !== report.mode_set)
            .map(one => h('button', { type: 'button', onclick: () => setMode(one) }, `Set ${one}`)),
        ),
      ),
    );
    breakers.note.textContent = `${report.breakers.filter(one => one.breaker.state !== 'closed').length} not closed`;
    breakers.show(
      h(
        'div',
        { class: 'flush', tabindex: 0 },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['Breaker', 'State'].map(name => h('th', { scope: 'col' }, name)),
              ['Measure', 'Trips above', 'Clears at'].map(name => h('th', { scope: 'col', class: 'num' }, name)),
              h('th', { scope: 'col' }, 'Since, by'),
              h('th', { scope: 'col' }, ''),
            ),
          ),
          h('tbody', {}, report.breakers.map(row)),
        ),
      ),
    );
    stops.show(
      report.stops.length
        ? padded(
            report.stops.map(stop =>
              h(
                'p',
                {},
                h('span', { class: 'badge bad' }, words(stop.scope)),
                ` stopped by ${stop.by} at ${instant(stop.at)}: ${stop.reason} `,
                h('button', { type: 'button', class: 'small', onclick: () => resume(stop.scope) }, 'Resume'),
              ),
            ),
          )
        : empty('Nothing is stopped.'),
    );
  };
  on('guards', draw, signal);
  draw();
}

const explain = {
  active: 'Orders are judged by the limits.',
  reducing: 'Only orders that close a position may trade.',
  halted: 'Trading is halted; orders that close a position stay open.',
};
export const badge = mode =>
  h('span', { class: `badge ${mode === 'active' ? 'good' : mode === 'reducing' ? 'warn' : 'bad'}` }, words(mode));
const levels = { closed: 'good', tripped: 'bad', cooling: 'warn', half_open: 'warn' };
const figure = (name, value) =>
  value === null || value === undefined
    ? '–'
    : ['daily_loss', 'drawdown', 'error_rate', 'data_outage'].includes(name)
      ? percent(value, 1)
      : number(value, 2);

function row(status) {
  const { breaker, measure, settings } = status;
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row', style: 'position:static;box-shadow:none;color:inherit;font-size:inherit;background:none' },
      words(breaker.name),
    ),
    h(
      'td',
      {},
      settings
        ? h('span', { class: `badge ${levels[breaker.state]}` }, words(breaker.state))
        : h('span', { class: 'muted' }, 'not set'),
    ),
    h('td', { class: 'num' }, figure(breaker.name, measure)),
    h('td', { class: 'num' }, figure(breaker.name, settings?.trip)),
    h('td', { class: 'num' }, figure(breaker.name, settings?.clear)),
    h('td', {}, breaker.since ? `${instant(breaker.since)}, ${breaker.by}` : '–'),
    h(
      'td',
      {},
      breaker.state === 'tripped'
        ? h('button', { type: 'button', class: 'small', onclick: () => reset(breaker.name) }, 'Reset')
        : '',
    ),
  );
}

async function reset(name) {
  const answer = await ask({
    title: `Reset the breaker ${words(name)}`,
    text: 'It cools before trading opens again. Losses count from here on.',
    confirm: 'Reset',
    fields: [...person(), ...secondPerson()],
  });
  if (answer) await act(`/api/risk/breakers/${name}/reset`, answer, `${words(name)} is cooling.`);
}

async function setMode(mode) {
  const answer = await ask({
    title: `Set the mode to ${mode}`,
    text: explain[mode],
    confirm: `Set ${mode}`,
    danger: mode === 'halted',
    fields: person(),
  });
  if (answer) await act('/api/risk/mode', { ...answer, mode }, `The book is ${mode}.`);
}

async function resume(scope) {
  const answer = await ask({
    title: scope === 'firm' ? 'Resume the firm' : 'Resume the book',
    text: 'Orders are judged by the limits again.',
    confirm: 'Resume',
    fields: [...person(), ...secondPerson()],
  });
  if (!answer) return;
  if (scope === 'firm') await attempt(() => send('/api/risk/resume', { ...answer, scope }), 'The firm is resumed.');
  else await act('/api/risk/resume', answer, 'The book is resumed.');
}

export async function emergencyStop() {
  const answer = await ask({
    title: 'Emergency stop',
    text: 'Trading halts at once, and every approval is given back. Orders that close a position stay open.',
    confirm: 'Stop now',
    danger: true,
    fields: [
      { name: 'scope', label: 'What is stopped', options: ['this book', 'the whole firm'] },
      { name: 'flatten', label: 'Positions', options: ['keep', 'close all'] },
      ...person(),
    ],
  });
  if (!answer) return;
  const { scope, flatten, ...who } = answer;
  const body = { ...who, flatten: flatten === 'close all' };
  if (scope === 'this book')
    await attempt(() => send(ofBook('/api/risk/emergency-stop'), body), 'The book is stopped.');
  else await attempt(() => send('/api/risk/emergency-stop', { ...body, scope: 'firm' }), 'The firm is stopped.');
}

async function act(path, answer, done) {
  const report = await attempt(() => send(ofBook(path), answer), done);
  if (report?.breakers) state.guards = report;
}
