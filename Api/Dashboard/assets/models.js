// The models, what they say of the next session, and the backtests.
import { h, api, every, number, percent, seconds, instant, words, date, tone } from './core.js';
import { attempt } from './dialogs.js';
import { panel, empty, table } from './parts.js';

export function models(root, signal) {
  const scores = panel('Models', 'w12'),
    predictions = panel('Predictions', 'w12'),
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
              'aria-label': `Retrain ${m.symbol}`,
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
      { name: 'Of what', cell: p => h('span', { title: p.label_meaning ?? '' }, p.label ?? '–') },
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
      {
        name: 'Job',
        cell: j =>
          j.state === 'done' ? h('a', { href: `/api/backtests/${encodeURIComponent(j.id)}/report` }, j.id) : j.id,
      },
      { name: 'State', cell: j => h('span', { class: `badge ${outcomes[j.state] ?? ''}` }, words(j.state)) },
      { name: 'Progress', cell: progress },
      { name: 'Runs', num: true, cell: j => number(j.trials) },
      { name: 'Asked for', cell: j => instant(j.submitted_at) },
      {
        name: 'Took',
        num: true,
        cell: j => (j.ended_at && j.started_at ? seconds((Date.parse(j.ended_at) - Date.parse(j.started_at)) / 1000) : '–'),
      },
      { name: 'Return', num: true, cell: j => h('span', { class: tone(j.total_return) }, percent(j.total_return)) },
      { name: 'Sharpe', num: true, cell: j => number(j.sharpe, 2) },
      { name: 'Why not', wrap: true, cell: j => j.failure ?? '' },
      {
        name: '',
        cell: j =>
          j.state === 'queued' || j.state === 'running'
            ? h(
                'button',
                { type: 'button', class: 'small', 'aria-label': `Cancel ${j.id}`, onclick: () => cancel(j) },
                'Cancel',
              )
            : '',
      },
    ],
    'Backtests',
  );
  const list = async () => {
    const found = await api('/api/backtests').catch(error => ({ problem: error.message }));
    jobs.note.textContent = found.problem ? '' : `${number(found.filter(isOpen).length)} queued or running`;
    jobs.show(found.problem ? empty(found.problem) : found.length ? runs.element : empty('No backtest was asked for.'));
    if (!found.problem) runs.show(found, j => j.id);
  };
  const cancel = async job => {
    await attempt(() => api(`/api/backtests/${encodeURIComponent(job.id)}/cancel`, null), `${job.id} is taken back.`);
    void list();
  };
  every(2000, list, signal);
}

const outcomes = { done: 'good', failed: 'bad', cancelled: 'warn' };
const isOpen = job => job.state === 'queued' || job.state === 'running';

function progress(job) {
  const share = percent(job.progress, job.progress < 0.1 ? 1 : 0); // of a long one the first hundredth takes long
  return h(
    'span',
    { class: 'progress' },
    h(
      'span',
      {
        class: 'meter',
        role: 'progressbar',
        'aria-label': `Progress of ${job.id}`,
        'aria-valuemin': 0,
        'aria-valuemax': 100,
        'aria-valuenow': Math.round(job.progress * 1000) / 10,
      },
      h('i', { style: `width:${job.progress * 100}%` }),
    ),
    share,
  );
}
