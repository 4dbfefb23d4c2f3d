// Where prices come from and how good they are, and what waits for a person.
import { h, state, api, events, every, number, percent, seconds, instant, words, date, money } from './core.js';
import { attempt, ask, person, send } from './dialogs.js';
import { panel, empty, table } from './parts.js';

export function data(root, signal) {
  const sources = panel('Sources', 'w12'),
    quality = panel('Data of the symbols held', 'w6'),
    held = panel('Quarantine', 'w6');
  root.append(h('div', { class: 'grid' }, sources.element, quality.element, held.element));
  const list = table(
    [
      { name: 'Source', cell: s => s.source },
      {
        name: 'State',
        cell: s => h('span', { class: `badge ${s.state === 'trusted' ? 'good' : 'warn'}` }, words(s.state)),
      },
      {
        name: 'Serves',
        cell: s =>
          s.serves.map(place => `${place.class} ${place.place}`).join(', ') ||
          h('span', { class: 'muted' }, 'not asked'),
      },
      { name: 'Breaker', cell: s => words(s.breaker) },
      { name: 'p50', num: true, cell: s => (s.latency_p50 === null ? '–' : seconds(s.latency_p50 / 1000)) },
      { name: 'p95', num: true, cell: s => (s.latency_p95 === null ? '–' : seconds(s.latency_p95 / 1000)) },
      { name: 'Answers', num: true, cell: s => number(s.served) },
      { name: 'Share', num: true, cell: s => percent(s.share, 0) },
      { name: 'Failures', num: true, cell: s => number(s.failures) },
      {
        name: 'Last failure',
        wrap: true,
        cell: s => (s.last_reason ? `${instant(s.last_failure)}: ${s.last_reason}` : '–'),
      },
    ],
    'Sources',
  );
  const scores = table(
    [
      { name: 'Symbol', cell: q => q.symbol },
      {
        name: 'Mode',
        cell: q => h('span', { class: `badge ${q.mode === 'normal' ? 'good' : 'warn'}` }, words(q.mode)),
      },
      { name: 'Complete', num: true, cell: q => percent(q.scores?.completeness, 1) },
      { name: 'Consistent', num: true, cell: q => percent(q.scores?.consistency, 1) },
      { name: 'Accurate', num: true, cell: q => percent(q.scores?.accuracy, 1) },
      { name: 'Held back', num: true, cell: q => number(q.quarantined) },
    ],
    'Data quality',
  );
  const waiting = table(
    [
      { name: 'Symbol', cell: b => b.symbol },
      { name: 'Session', cell: b => (b.interval === '1d' ? date(b.bar.time) : instant(b.bar.time)) },
      { name: 'Close', num: true, cell: b => money(b.bar.close) },
      { name: 'Why', wrap: true, cell: b => b.bar.note ?? words(b.bar.rule) },
      {
        name: '',
        cell: b =>
          h(
            'button',
            {
              type: 'button',
              class: 'small',
              'aria-label': `Release ${b.symbol} of ${date(b.bar.time)}`,
              onclick: () => release(b),
            },
            'Release',
          ),
      },
    ],
    'Quarantine',
  );
  every(
    5000,
    async () => {
      const found = await api('/api/data/sources').catch(error => ({ problem: error.message }));
      sources.show(found.problem ? empty(found.problem) : list.element);
      if (!found.problem) list.show(found, s => s.source);
    },
    signal,
  );
  const refresh = async () => {
    const bars = await api('/api/data/quarantine?limit=100').catch(error => ({ problem: error.message }));
    held.note.textContent = bars.problem ? '' : `${number(bars.length)} waiting`;
    held.show(
      bars.problem ? empty(bars.problem) : bars.length === 0 ? empty('No bar waits for a person.') : waiting.element,
    );
    if (!bars.problem) waiting.show(bars, b => `${b.symbol} ${b.interval} ${b.bar.time}`);
  };
  every(10000, refresh, signal);
  const most = 40;
  const judge = async () => {
    if (!state.book?.positions) return quality.show(empty('Waiting for the book.'));
    const symbols = state.book.positions.slice(0, most).map(position => position.symbol);
    const asked = symbols.map(symbol => api(`/api/data/quality/${encodeURIComponent(symbol)}`).catch(() => null));
    const found = (await Promise.all(asked)).filter(Boolean);
    quality.note.textContent = `${found.length} of ${state.book.positions.length}`;
    quality.show(found.length ? scores.element : empty('No positions.'));
    const rows = found.map(one => ({ ...one, ...(one.quality ?? {}) }));
    scores.show(rows, q => q.symbol);
  };
  every(15000, judge, signal);
  if (!state.book) events.addEventListener('book', () => void judge(), { once: true, signal });
  const release = async bar => {
    const answer = await ask({
      title: `Release ${bar.symbol}`,
      text: 'The bar counts from now on, with your name.',
      confirm: 'Release',
      fields: person(),
    });
    if (!answer) return;
    await attempt(
      () =>
        send(`/api/data/quarantine/${encodeURIComponent(bar.symbol)}/release`, {
          ...answer,
          time: bar.bar.time,
          interval: bar.interval,
        }),
      'Released.',
    );
    void refresh();
  };
}
