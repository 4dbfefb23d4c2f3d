// Tail measures by every method, correlations, contributions, stress and the book's own forecasts.
import { h, state, on, api, ofBook, number, money, percent, words, date } from './core.js';
import { heatMap, lineChart } from './charts.js';
import { panel, padded, empty, table, limitRow } from './parts.js';

export function risk(root, signal) {
  const methods = panel('Tail measures by method', 'w8');
  const limits = panel('Every limit', 'w4');
  const correlation = panel('Correlation', 'w6');
  const stress = panel('Stress', 'w6');
  const parts = panel('Contributions', 'w6');
  const backtest = panel('Forecasts against what happened', 'w6');
  root.append(
    h(
      'div',
      { class: 'grid' },
      methods.element,
      limits.element,
      correlation.element,
      stress.element,
      parts.element,
      backtest.element,
    ),
  );
  const byMethod = table(
    [
      { name: 'Method', cell: m => words(m.method) + (m.fallback ? ` → ${words(m.fallback.used)}` : '') },
      { name: 'Confidence', num: true, cell: m => percent(m.confidence, 1) },
      { name: 'Horizon', num: true, cell: m => `${m.horizon_days} d` },
      { name: 'VaR', num: true, cell: m => percent(m.value_at_risk) },
      { name: 'ES', num: true, cell: m => percent(m.expected_shortfall) },
      { name: 'VaR, money', num: true, cell: m => money(m.value_at_risk_money) },
      { name: 'Convention', cell: m => words(m.covariance ?? m.convention) },
      { name: 'Sample', num: true, cell: m => number(m.sample) },
    ],
    'Tail measures by method',
  );
  const stresses = table(
    [
      { name: 'Scenario', wrap: true, cell: s => words(s.name) },
      { name: 'Rule', wrap: true, cell: s => words(s.rule) },
      { name: 'Loss', num: true, cell: s => money(s.loss_money) },
      { name: 'Of equity', num: true, cell: s => h('span', { class: s.loss > 0.1 ? 'bad' : '' }, percent(s.loss)) },
    ],
    'Stress',
  );
  const components = table(
    [
      { name: 'Symbol', cell: p => p.symbol },
      { name: 'Weight', num: true, cell: p => percent(p.weight) },
      { name: 'Component', num: true, cell: p => percent(p.component) },
      { name: 'Share', num: true, cell: p => percent(p.share, 1) },
      { name: 'Marginal', num: true, cell: p => number(p.marginal, 4) },
      { name: 'Incremental', num: true, cell: p => percent(p.incremental) },
    ],
    'Contributions',
  );
  const draw = () => {
    const report = state.risk;
    if (!report || report.problem) {
      for (const one of [methods, limits, correlation, stress, parts])
        one.show(empty(report?.problem ?? 'Waiting for the first calculation.'));
      return;
    }
    limits.show(padded(h('div', { class: 'rows' }, report.limits.map(limitRow))));
    const analysis = report.analysis;
    if (!analysis) {
      for (const one of [methods, correlation, stress, parts]) one.show(empty('The first analysis is under way.'));
      return;
    }
    methods.note.textContent = `of event ${number(analysis.sequence)}, prices of ${date(analysis.prices_as_of)}`;
    methods.show(byMethod.element);
    byMethod.show(analysis.measures, m =>
      [m.method, m.convention, m.covariance, m.confidence, m.horizon_days].join(),
    );
    correlation.note.textContent = analysis.correlation
      ? `${words(analysis.correlation.covariance)}, ${analysis.correlation.sample} sessions`
      : '';
    correlation.show(
      analysis.correlation?.rows.length
        ? padded(heatMap(analysis.correlation))
        : empty('Too few positions with history.'),
    );
    stress.show(analysis.stress.length ? stresses.element : empty('No scenarios are configured.'));
    stresses.show(
      [...analysis.stress].sort((a, b) => b.loss - a.loss),
      s => s.name + s.rule,
    );
    const decomposition = analysis.decompositions[0];
    parts.note.textContent = decomposition
      ? `${words(decomposition.measure)} ${percent(decomposition.confidence, 1)}, ${words(decomposition.model).toLowerCase()}`
      : '';
    parts.show(decomposition ? components.element : empty('No positions.'));
    if (decomposition)
      components.show(
        [...decomposition.parts].sort((a, b) => Math.abs(b.component) - Math.abs(a.component)),
        p => p.symbol,
      );
  };
  const chart = lineChart(
    'Forecast losses and what happened',
    [{ label: 'Profit and loss' }, { label: '− VaR', color: '--bad', dash: [5, 4] }],
    { format: value => percent(value, 1) },
  );
  const judge = async () => {
    const report = await api(ofBook('/api/risk/backtest')).catch(() => null);
    if (signal.aborted) return;
    const standing = report?.standing;
    backtest.note.textContent = standing
      ? `${standing.zone ?? 'no zone yet'}, ${standing.exceptions} exceptions in ${standing.observations}`
      : '';
    const points = (report?.forecasts ?? []).filter(one => one.realised).reverse();
    backtest.show(
      points.length > 1
        ? padded(chart.element)
        : empty(
            standing
              ? `${standing.observations} sessions so far: the first ones are being collected.`
              : 'Nothing was forecast yet.',
          ),
    );
    if (points.length > 1)
      chart.show([
        points.map(one => Date.parse(one.realised.session) / 1000),
        points.map(one => one.realised.fraction),
        points.map(one => -one.value_at_risk_95.fraction),
      ]);
  };
  on('risk', draw, signal);
  const timer = setInterval(judge, 15000);
  signal.addEventListener('abort', () => clearInterval(timer));
  draw();
  void judge();
}
