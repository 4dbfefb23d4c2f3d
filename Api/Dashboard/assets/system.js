// How the program and its machine do, now and in the last hours.
import { h, state, on, api, percent, number, seconds, words } from './core.js';
import { lineChart } from './charts.js';
import { panel, padded, empty } from './parts.js';

// With as many digits as tell it from zero.
const rate = value => number(value, value !== 0 && Math.abs(value) < 1 ? 2 : 1);

export function system(root, signal) {
  let hours = 1;
  const parts = panel('Parts', 'w4'),
    availability = panel('Availability', 'w4'),
    answers = panel('Answers', 'w4');
  const graphs = [
    [
      'Response time',
      [
        ['api_response_time', '95 %'],
        ['api_response_time_p50', 'half', '--series-2'],
      ],
      seconds,
    ],
    ['Decisions a second', [['decisions_per_second', 'decisions']], rate],
    [
      'Decision latency',
      [
        ['decision_latency_p99', '99 %'],
        ['decision_latency_p50', 'half', '--series-2'],
      ],
      seconds,
    ],
    ['Error rate', [['error_rate', 'errors', '--bad']], value => percent(value, 1), 0.05],
    ['Processors', [['system_cpu_usage', 'used']], value => percent(value, 0), 1],
    ['Memory', [['system_memory_usage', 'used']], value => percent(value, 0), 1],
    ['Commits of the journal', [['journal_commit_p99', '99 %']], seconds],
    ['Requests a second', [['api_requests_per_second', 'requests']], rate],
    ['Age of the oldest price', [['data_age_seconds', 'age']], seconds],
  ].map(([title, series, format, least]) => {
    const chart = lineChart(
      title,
      series.map(([, label, color]) => ({ label, color })),
      { height: 170, format, ranges: (_, low, high) => [0, Math.max(least ?? 0, high > 0 ? high * 1.1 : (least ?? 1))] },
    );
    return { ...panel(title, 'w4', padded(chart.element)), chart, names: series.map(([name]) => name) };
  });
  const choice = h(
    'select',
    {
      'aria-label': 'How far back',
      onchange: event => {
        hours = Number(event.target.value);
        void draw();
      },
    },
    [
      [1, 'Last hour'],
      [24, 'Last day'],
      [168, 'Last week'],
      [720, 'Last 30 days'],
    ].map(([value, label]) => h('option', { value }, label)),
  );
  availability.actions.append(choice);
  root.append(
    h(
      'div',
      { class: 'grid' },
      parts.element,
      availability.element,
      answers.element,
      graphs.map(graph => graph.element),
    ),
  );
  const health = () => {
    const report = state.health;
    if (!report || report.problem) {
      parts.show(empty(report?.problem ?? 'Waiting.'));
      return;
    }
    parts.note.textContent = report.status;
    parts.show(
      padded(
        h(
          'div',
          { class: 'rows' },
          report.parts.map(part =>
            h(
              'div',
              { style: 'display:flex;gap:10px;align-items:baseline' },
              h('span', { style: 'min-width:86px' }, words(part.name)),
              h(
                'span',
                {
                  class: `badge ${part.status === 'healthy' ? 'good' : part.status === 'degraded' ? 'warn' : 'bad'}`,
                },
                part.status,
              ),
              h('span', { class: 'muted' }, part.detail ?? ''),
            ),
          ),
        ),
      ),
    );
  };
  const now = () => {
    const one = state.system;
    if (!one || one.problem) {
      answers.show(empty(one?.problem ?? 'Nothing was measured yet.'));
      return;
    }
    const rows = [
      ['Response time, half', seconds(one.api_response_time_p50)],
      ['Response time, 95 %', seconds(one.api_response_time)],
      ['Response time, 99 %', seconds(one.api_response_time_p99)],
      ['Requests a second', number(one.api_requests_per_second, 1)],
      ['Error rate', percent(one.error_rate, 2)],
      ['Decisions a second', number(one.decisions_per_second, 1)],
      ['Decision latency, 99 %', seconds(one.decision_latency_p99)],
      ['Processors', percent(one.system_cpu_usage, 0)],
      ['Memory', percent(one.system_memory_usage, 0)],
    ];
    answers.show(
      h(
        'div',
        { class: 'flush', tabindex: 0 },
        h(
          'table',
          {},
          h(
            'tbody',
            {},
            rows.map(([name, value]) => h('tr', {}, h('td', {}, name), h('td', { class: 'num' }, value))),
          ),
        ),
      ),
    );
  };
  const draw = async () => {
    const metrics = await api(`/api/system/metrics?hours=${hours}`).catch(error => ({ problem: error.message }));
    if (signal.aborted) return;
    if (metrics.problem) {
      availability.show(empty(metrics.problem));
      return;
    }
    const {
      observed,
      objective,
      budget_left: left,
      down_minutes: down,
      budget_minutes: budget,
    } = metrics.availability;
    availability.show(
      padded(
        h('p', { class: 'value', style: 'font-size:24px;font-weight:600' }, percent(observed, 3)),
        h('p', { class: 'muted' }, `of the time asked about; ${percent(objective, 2)} is aimed at`),
        h(
          'p',
          { style: 'margin-top:10px' },
          left === null
            ? 'The error budget is known after the first quarter of an hour.'
            : `Error budget: ${percent(left, 1)} left (${number(down, 1)} of ${number(budget, 1)} minutes used in 30 days)`,
        ),
      ),
    );
    const times = metrics.times.map(at => Date.parse(at) / 1000);
    for (const graph of graphs)
      graph.chart.show([
        times,
        ...graph.names.map(name => metrics.series.find(series => series.name === name)?.mean ?? []),
      ]);
  };
  on('health', health, signal);
  on('system', now, signal);
  const timer = setInterval(draw, 10000);
  signal.addEventListener('abort', () => clearInterval(timer));
  health();
  now();
  void draw();
}
