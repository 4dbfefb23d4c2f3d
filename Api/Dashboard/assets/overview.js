// The figures above every view, and the first view.
import {
  h,
  state,
  on,
  api,
  compact,
  money,
  signed,
  percent,
  number,
  seconds,
  words,
  tone,
  time,
  date,
} from './core.js';
import { prices } from './prices.js';
import { lineChart } from './charts.js';
import { panel, padded, empty, table, balances, limitRow } from './parts.js';

const measure = name =>
  state.risk?.measures?.find(
    one => one.name === name && one.confidence === (name === 'value_at_risk' ? 0.95 : 0.975),
  ) ?? null;
const limit = code => state.risk?.limits?.find(one => one.code === code) ?? null;

export function kpis(element) {
  const cells = [
    'Equity',
    'Profit and loss',
    'Drawdown',
    'VaR 95 %',
    'ES 97.5 %',
    'Gross exposure',
    'Positions',
    'Response time',
  ].map(name => {
    const cell = { value: h('div', { class: 'value live' }, '–'), note: h('div', { class: 'note live' }, '') };
    element.append(h('div', { class: 'kpi' }, h('div', { class: 'name' }, name), cell.value, cell.note));
    return cell;
  });
  const set = (i, value, note, level) => {
    cells[i].value.textContent = value;
    cells[i].value.className = `value live ${level ?? ''}`;
    cells[i].note.textContent = note ?? '';
  };
  const draw = () => {
    const { book, risk, system } = state;
    if (book && !book.problem) {
      const profit = book.equity === null ? null : book.equity - book.deposits;
      set(0, money(book.equity), book.currency);
      set(1, signed(profit), `unrealised ${signed(book.unrealised_pnl)}`, tone(profit));
      set(2, percent(book.drawdown), `high ${money(book.high_water_mark)}`);
      set(6, number(book.positions.length), `${number(book.reservations.length)} open approvals`);
    } else if (book?.problem) {
      set(0, '–', book.problem);
      set(1, '–');
      set(2, '–');
      set(6, '–');
    }
    const against = (i, usage, name) => {
      const one = measure(name);
      const value = usage?.observed ?? one?.fraction;
      set(
        i,
        percent(value),
        usage?.limit ? `limit ${percent(usage.limit)}` : risk?.limits ? 'no limit' : '',
        usage && usage.observed > usage.limit ? 'bad' : '',
      );
    };
    against(3, limit('value_at_risk_95'), 'value_at_risk');
    against(4, limit('expected_shortfall_97_5'), 'expected_shortfall');
    set(
      5,
      money(risk?.gross_exposure),
      risk?.equity ? `${percent(risk.gross_exposure / risk.equity, 0)} of equity` : '',
    );
    set(
      7,
      seconds(system?.api_response_time),
      system?.decision_latency_p99
        ? `decisions p99 ${seconds(system.decision_latency_p99)}`
        : system?.api_response_time
          ? '95 % of answers'
          : '',
    );
  };
  for (const name of ['book', 'risk', 'system']) on(name, draw);
  draw();
}

export function overview(root, signal) {
  const equity = lineChart('Equity of the last day', [{ label: 'Equity' }], { format: compact });
  const drawdown = lineChart('Drawdown of the last day', [{ label: 'Drawdown', color: '--bad' }], {
    height: 136,
    format: value => percent(value, 2),
    ranges: (_, low, high) => [0, Math.max(high, 0.001) * 1.1],
  });
  const risk = lineChart(
    'Value at risk against its limit',
    [{ label: 'VaR 95 %' }, { label: 'Limit', color: '--bad', dash: [5, 4] }],
    { height: 326, format: value => percent(value, 1), ranges: (_, low, high) => [0, Math.max(high, 0.001) * 1.15] },
  );
  const headroom = panel('Limits and headroom', 'w4');
  const factors = panel('Risk contributions', 'w4');
  const exposure = panel('Exposure', 'w4');
  const positions = panel('Positions', 'w8');
  const holdings = table(
    [
      {
        name: 'Symbol',
        cell: p =>
          h(
            'button',
            { type: 'button', class: 'link', 'aria-label': `Prices of ${p.symbol}`, onclick: () => prices(p.symbol) },
            p.symbol,
          ),
      },
      { name: 'Sector', cell: p => p.sector ?? 'unknown' },
      { name: 'Quantity', num: true, cell: p => number(p.quantity, Number.isInteger(p.quantity) ? 0 : 4) },
      { name: 'Cost', num: true, cell: p => money(p.average_cost) },
      { name: 'Last', num: true, cell: p => money(p.last_price) },
      { name: 'Value', num: true, cell: p => money(p.market_value) },
      { name: 'Weight', num: true, cell: p => percent(p.weight) },
      {
        name: 'Unrealised',
        num: true,
        cell: p => h('span', { class: tone(p.unrealised_pnl) }, signed(p.unrealised_pnl)),
      },
    ],
    'Positions',
  );
  const latest = panel('Latest decisions', 'w4');
  const decisions = table(
    [
      { name: 'Time', cell: d => time(d.decided_at) },
      { name: 'Order', cell: d => `${d.action} ${number(d.quantity)} ${d.symbol}` },
      {
        name: 'Result',
        cell: d =>
          h(
            'span',
            { class: `badge ${d.approved ? 'good' : 'bad'}` },
            d.approved ? 'approved' : words(d.violations[0]?.code ?? 'refused'),
          ),
      },
    ],
    'Latest decisions',
  );
  const trend = panel('Equity and drawdown', 'w8', padded(equity.element, drawdown.element));
  const tail = panel('Value at risk against its limit', 'w4', padded(risk.element));
  positions.show(holdings.element);
  latest.show(decisions.element);
  root.append(
    h(
      'div',
      { class: 'grid' },
      trend.element,
      tail.element,
      headroom.element,
      factors.element,
      exposure.element,
      positions.element,
      latest.element,
    ),
  );

  // The closest to their limits come first; only as many rows as are read are drawn.
  let grouping = 'sector';
  const drawRisk = () => {
    const report = state.risk;
    if (!report || report.problem) {
      for (const one of [headroom, factors, exposure])
        one.show(empty(report?.problem ?? 'Waiting for the first calculation.'));
      return;
    }
    const share = usage => (usage.observed === null ? 2 : usage.limit ? usage.observed / usage.limit : -1);
    headroom.note.textContent = `${report.limits.length} limits, closest first`;
    headroom.show(
      padded(
        h(
          'div',
          { class: 'rows' },
          [...report.limits]
            .sort((a, b) => share(b) - share(a))
            .slice(0, 12)
            .map(limitRow),
        ),
      ),
    );
    const parts = [...report.contributions].sort((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, 12);
    factors.note.textContent = 'share of expected shortfall';
    factors.show(
      parts.length
        ? padded(balances(parts.map(part => [part.symbol, part.share, percent(part.share, 1)])))
        : empty('No positions, or too little history.'),
    );
    drawExposure();
  };
  const groupings = {
    sector: position => position.sector ?? 'unknown',
    asset: position => position.symbol,
    currency: () => state.book?.currency ?? '–',
  };
  const choice = h(
    'select',
    {
      'aria-label': 'Exposure by',
      onchange: event => {
        grouping = event.target.value;
        drawExposure();
      },
    },
    Object.keys(groupings).map(name => h('option', { value: name }, `By ${name}`)),
  );
  exposure.actions.append(choice);
  const drawExposure = () => {
    const book = state.book;
    if (!book?.positions?.length || !book.equity) {
      exposure.show(empty('No positions.'));
      return;
    }
    const groups = new Map();
    for (const position of book.positions)
      groups.set(
        groupings[grouping](position),
        (groups.get(groupings[grouping](position)) ?? 0) + (position.market_value ?? 0),
      );
    const rows = [...groups].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 12);
    exposure.show(padded(balances(rows.map(([name, value]) => [name, value, percent(value / book.equity, 1)]))));
  };
  // The largest come first; the order holds while weights differ by less than a tenth of a per cent.
  const most = 100;
  let filter = '';
  positions.actions.append(
    h('input', {
      type: 'search',
      placeholder: 'Symbol or sector',
      'aria-label': 'Show positions of a symbol or sector',
      oninput: event => {
        filter = event.target.value.trim().toLowerCase();
        drawBook();
      },
    }),
  );
  const rank = position => Math.round(Math.abs(position.weight ?? 0) * 1000);
  const drawBook = () => {
    const book = state.book;
    if (!book || book.problem) return;
    const matching = book.positions.filter(position =>
      `${position.symbol} ${position.sector ?? ''}`.toLowerCase().includes(filter),
    );
    const shown = matching.sort((a, b) => rank(b) - rank(a) || a.symbol.localeCompare(b.symbol)).slice(0, most);
    const count = shown.length < book.positions.length ? `${number(shown.length)} of ` : '';
    positions.note.textContent = `${count}${number(book.positions.length)}, prices of ${date(book.prices_as_of)}`;
    holdings.show(shown, p => p.symbol, null, 'No positions.');
  };
  const drawDecisions = () =>
    decisions.show(
      state.decisions.slice(0, 25),
      d => d.decision_id,
      null,
      'Nothing was decided since the book was loaded.',
    );
  const history = async () => {
    // A book that was just opened is shown by the ten seconds, one that has run for a while by the minute.
    const knownIn = metrics =>
      metrics.series.find(one => one.name === 'portfolio_equity').mean.filter(value => value);
    let metrics = await api('/api/system/metrics?hours=24').catch(() => null);
    if (metrics && knownIn(metrics).length < 60) metrics = await api('/api/system/metrics?hours=1').catch(() => null);
    if (!metrics || signal.aborted) return;
    const of = name => metrics.series.find(series => series.name === name)?.mean ?? [];
    const times = metrics.times.map(at => Date.parse(at) / 1000);
    const from = Math.max(0, of('portfolio_var_95').findIndex(value => value !== null) - 1);
    const cut = values => values.slice(from);
    equity.show([cut(times), cut(of('portfolio_equity'))]);
    drawdown.show([cut(times), cut(of('portfolio_drawdown'))]);
    const bound = limit('value_at_risk_95')?.limit ?? null;
    risk.show([cut(times), cut(of('portfolio_var_95')), cut(times).map(() => bound)]);
    trend.note.textContent = `last ${metrics.hours === 1 ? 'hour' : '24 hours'} of the default book`;
  };
  on('risk', drawRisk, signal);
  on('book', drawBook, signal);
  on('book', () => drawExposure(), signal, 2000);
  on('decisions', drawDecisions, signal);
  on('risk', history, signal, 15000);
  drawRisk();
  drawBook();
  drawDecisions();
  if (state.risk) void history();
}
