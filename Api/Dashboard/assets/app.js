// Puts the page together: the bar, the views, sign-in, and whether what is shown is live.
import { h, state, on, api, me, connect, tell, seconds, time, words } from './core.js';
import { kpis, overview } from './overview.js';
import { decisions } from './decisions.js';
import { risk } from './risk.js';
import { attempt } from './dialogs.js';
import { guards, badge, emergencyStop } from './guards.js';
import { data } from './data.js';
import { models } from './models.js';
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
element('stop').disabled = false; // before, a click would have been lost
element('sign-out').addEventListener('click', async () => {
  await attempt(() => api('/api/auth/logout', null));
  tell('sign-in');
});

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

// Whoever is not known, or no longer, signs in and comes back.
on('sign-in', () => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}${location.hash}`));
on('denied', () => element('view').replaceChildren(h('p', { class: 'banner' }, 'You may not watch this book.')));

async function start() {
  const status = await api('/api/system/status').catch(error => error);
  if (status.status === 401) return;
  const { subject, roles } = await me;
  element('sign-out').title = `${subject}: ${roles.map(words).join(', ')}`;
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
