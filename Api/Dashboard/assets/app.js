// Puts the page together: the bar, the views, sign-in, and whether what is shown is live.
import { h, state, on, api, connect, setToken, token, tell, seconds, time } from './core.js';
import { kpis, overview } from './overview.js';
import { decisions } from './decisions.js';
import { risk } from './risk.js';
import { guards, badge, emergencyStop } from './guards.js';
import { data, models } from './data.js';
import { alerts } from './alerts.js';
import { system } from './system.js';

const views = {
  overview: ['Overview', overview],
  decisions: ['Decisions', decisions],
  risk: ['Risk', risk],
  guards: ['Guards', guards],
  data: ['Data', data],
  models: ['Models and backtests', models],
  alerts: ['Alerts', alerts],
  system: ['System', system],
};
const element = id => document.getElementById(id);
let leaving = new AbortController();

function show() {
  const name = location.hash.slice(1) in views ? location.hash.slice(1) : 'overview';
  leaving.abort();
  leaving = new AbortController();
  element('view').replaceChildren();
  views[name][1](element('view'), leaving.signal);
  document.title = `${views[name][0]} · Trading`;
  for (const link of element('tabs').querySelectorAll('a'))
    link.hash.slice(1) === name ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
}

const alertCount = h('span', { class: 'count', hidden: true });
element('tabs').append(
  ...Object.entries(views).map(([name, [label]]) =>
    h('li', {}, h('a', { href: `#${name}` }, label, name === 'alerts' ? alertCount : null)),
  ),
);
addEventListener('hashchange', () => {
  show();
  element('main').focus({ preventScroll: true });
  scrollTo(0, 0);
});

// Light and dark: the system's, unless somebody chose.
const dark = matchMedia('(prefers-color-scheme: dark)');
const theme = () => {
  document.documentElement.dataset.theme = localStorage.getItem('trading-theme') ?? (dark.matches ? 'dark' : 'light');
  tell('theme');
};
dark.addEventListener('change', theme);
element('theme').addEventListener('click', () => {
  localStorage.setItem('trading-theme', document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  theme();
});
theme();

element('stop').addEventListener('click', emergencyStop);
element('sign-out').addEventListener('click', () => {
  setToken(null);
  location.reload();
});
element('sign-out').hidden = !token();

on('connection', ({ now, age }) => {
  element('connection').dataset.state = now;
  const beginning = time(Date.now() - age * 1000);
  const text =
    now === 'live'
      ? 'Live'
      : now === 'connecting'
        ? 'Connecting'
        : now === 'stale'
          ? `No news for ${seconds(Math.round(age))}`
          : `Connection lost: the figures are of ${beginning}`;
  if (element('connection-text').textContent !== text) element('connection-text').textContent = text;
});
on('guards', report => {
  if (!report?.mode) return;
  element('mode').hidden = false;
  element('mode').className = badge(report.mode).className;
  element('mode').textContent = badge(report.mode).textContent;
});
on('alerts', list => {
  alertCount.hidden = !list?.firing;
  alertCount.textContent = list?.firing ?? '';
  alertCount.setAttribute('aria-label', `${list?.firing ?? 0} firing`);
});

// The sign-in of a server that asks for one; the token stays in this tab.
on('sign-in', () => {
  if (element('sign-in')) return;
  setToken(null);
  const form = h(
    'form',
    { id: 'sign-in', class: 'panel', style: 'max-width:460px;margin:40px auto' },
    h('header', {}, h('h2', {}, 'Sign in')),
    h(
      'div',
      { class: 'body', style: 'display:grid;gap:12px' },
      h('p', { class: 'muted' }, 'This server asks who you are. The token is kept for this tab only.'),
      h(
        'label',
        { class: 'field' },
        'Access token',
        h('input', { name: 'token', type: 'password', required: true, autocomplete: 'off' }),
      ),
      h('button', { class: 'primary' }, 'Sign in'),
    ),
  );
  form.addEventListener('submit', event => {
    event.preventDefault();
    setToken(new FormData(form).get('token').trim());
    location.reload();
  });
  element('kpis').hidden = true;
  element('view').replaceChildren(form);
  form.querySelector('input').focus();
});
on('denied', () => element('view').replaceChildren(h('p', { class: 'banner' }, 'You may not watch this book.')));

async function start() {
  const status = await api('/api/system/status').catch(error => error);
  if (status.status === 401) return;
  const books = status.portfolios ?? [];
  state.portfolio = books.includes(sessionStorage.getItem('trading-book'))
    ? sessionStorage.getItem('trading-book')
    : books.includes('default')
      ? 'default'
      : (books[0] ?? 'default');
  element('portfolio').replaceChildren(
    ...(books.length ? books : ['default']).map(book =>
      h('option', { value: book, selected: book === state.portfolio }, book),
    ),
  );
  element('portfolio').addEventListener('change', event => {
    sessionStorage.setItem('trading-book', event.target.value);
    location.reload();
  });
  kpis(element('kpis'));
  show();
  connect();
}
void start();
