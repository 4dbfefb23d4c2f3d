// Where prices come from and how good they are, the models, and the backtests. What a server does not have is said to be absent.
import { h, state, api, events, number, percent, instant, words, date, money } from './core.js';
import { attempt, ask, person, send } from './dialogs.js';
import { panel, empty, table } from './parts.js';

const every = (milliseconds, work, signal) => {
  const timer = setInterval(work, milliseconds);
  signal.addEventListener('abort', () => clearInterval(timer));
  void work();
};

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
      { name: 'p50', num: true, cell: s => (s.latency_p50 === null ? '–' : `${number(s.latency_p50)} ms`) },
      { name: 'p95', num: true, cell: s => (s.latency_p95 === null ? '–' : `${number(s.latency_p95)} ms`) },
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
      { name: 'Time', cell: b => instant(b.bar.time) },
      { name: 'Close', num: true, cell: b => money(b.bar.close) },
      { name: 'Why', wrap: true, cell: b => b.bar.note ?? words(b.bar.rule) },
      { name: '', cell: b => h('button', { type: 'button', class: 'small', onclick: () => release(b) }, 'Release') },
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

export function models(root, signal) {
  const scores = panel('Models', 'w7'),
    predictions = panel('Predictions', 'w5'),
    jobs = panel('Backtests', 'w12');
  root.append(h('div', { class: 'grid' }, scores.element, predictions.element, jobs.element));
  const performance = table(
    [
      { name: 'Symbol', cell: m => m.symbol },
      { name: 'Version', num: true, cell: m => number(m.model_version) },
      {
        name: 'State',
        cell: m =>
          h(
            'span',
            {
              class: `badge ${m.training?.state === 'trained' ? 'good' : m.training?.state === 'failed' ? 'bad' : 'warn'}`,
            },
            words(m.training?.state),
          ),
      },
      {
        name: 'Progress',
        num: true,
        cell: m => (m.training?.state === 'running' ? percent(m.training.progress, 0) : '–'),
      },
      { name: 'Accuracy', num: true, cell: m => percent(m.accuracy, 1) },
      { name: 'Log loss', num: true, cell: m => number(m.log_loss, 4) },
      { name: 'Baseline', num: true, cell: m => number(m.baseline_log_loss, 4) },
      { name: 'AUC', num: true, cell: m => number(m.area_under_curve, 3) },
      {
        name: 'Verdict',
        cell: m => {
          const verdict = m.evidence?.verdict;
          const kind = verdict === 'promote' ? 'good' : verdict === 'reject' ? 'bad' : 'warn';
          return verdict ? h('span', { class: `badge ${kind}`, title: m.evidence.reason }, words(verdict)) : '–';
        },
      },
      {
        name: 'Drift',
        cell: m =>
          m.drift?.drifted_share == null
            ? '–'
            : h('span', { class: `badge ${m.drift.act ? 'bad' : 'good'}` }, m.drift.act ? 'train anew' : 'none'),
      },
      {
        name: 'Card',
        cell: m => h('a', { href: `/api/ml/card?symbol=${encodeURIComponent(m.symbol)}` }, 'card'),
      },
      {
        name: '',
        cell: m =>
          h(
            'button',
            {
              type: 'button',
              class: 'small',
              onclick: () =>
                attempt(
                  () => api('/api/ml/retrain', { symbol: m.symbol, reason: 'asked for on the dashboard' }),
                  `${m.symbol} is being trained.`,
                ),
            },
            'Retrain',
          ),
      },
    ],
    'Models',
  );
  const next = table(
    [
      { name: 'Symbol', cell: p => p.symbol },
      { name: 'As of', cell: p => date(p.as_of) },
      { name: 'Up', num: true, cell: p => percent(p.probability_up, 1) },
      {
        name: 'Nine in ten returns',
        num: true,
        cell: p => (p.return_low == null ? '–' : `${percent(p.return_low, 1)} to ${percent(p.return_high, 1)}`),
      },
      { name: 'Version', num: true, cell: p => (p.model_version ? number(p.model_version) : '–') },
      { name: 'Trained through', cell: p => date(p.trained_through) },
      { name: 'Why none', wrap: true, cell: p => p.abstention ?? '' },
    ],
    'Predictions',
  );
  every(
    5000,
    async () => {
      const [found, said] = await Promise.all(
        ['/api/ml/performance', '/api/ml/predictions'].map(path =>
          api(path).catch(error => ({ problem: error.message })),
        ),
      );
      scores.show(
        found.problem ? empty(found.problem) : found.length ? performance.element : empty('No model is configured.'),
      );
      if (!found.problem) performance.show(found, m => m.symbol);
      predictions.show(
        said.problem ? empty(said.problem) : said.length ? next.element : empty('No model is configured.'),
      );
      if (!said.problem) next.show(said, p => p.symbol);
    },
    signal,
  );
  const runs = table(
    [
      { name: 'Job', cell: j => j.id ?? j.job_id },
      { name: 'State', cell: j => h('span', { class: 'badge' }, words(j.state ?? j.status)) },
      { name: 'Progress', num: true, cell: j => percent(j.progress, 0) },
      { name: 'Started', cell: j => instant(j.started_at ?? j.submitted_at) },
      { name: 'Detail', wrap: true, cell: j => j.detail ?? j.name ?? '' },
    ],
    'Backtests',
  );
  let absent = false;
  every(
    3000,
    async () => {
      if (absent) return;
      const found = await api('/api/backtests').catch(error => ({
        problem: error.status === 404 ? 'This server runs no backtests.' : error.message,
        absent: error.status === 404,
      }));
      absent = found.absent === true;
      const list = Array.isArray(found) ? found : (found.jobs ?? []);
      jobs.show(
        found.problem ? empty(found.problem) : list.length ? runs.element : empty('No backtest was asked for.'),
      );
      if (!found.problem) runs.show(list, j => j.id ?? j.job_id);
    },
    signal,
  );
}
