// Panels, tables, meters, and what a decision is made of.
import { h, amount, words } from './core.js';

export function panel(title, width, ...content) {
  const note = h('span', { class: 'note' });
  const actions = h('div', { class: 'actions' });
  const body = h('div', { class: 'live' }, ...content);
  const element = h('section', { class: `panel ${width}` }, h('header', {}, h('h2', {}, title), note, actions), body);
  return { element, body, note, actions, show: (...nodes) => body.replaceChildren(...nodes.flat()) };
}

export const padded = (...nodes) => h('div', { class: 'body' }, ...nodes);
export const empty = text => h('p', { class: 'empty' }, text);

// New rows are marked for a moment: an animation would draw every frame of it.
const freshFor = 1200;
function mark(tr) {
  tr.classList.add('fresh');
  setTimeout(() => tr.classList.remove('fresh'), freshFor);
}

// Rows that are kept where their key is the same, so that focus and place stay.
export function table(columns, label) {
  const body = h('tbody');
  const element = h(
    'div',
    { class: 'flush', tabindex: 0, role: 'region', 'aria-label': label },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map(column => h('th', { scope: 'col', class: column.num ? 'num' : '' }, column.name)),
        ),
      ),
      body,
    ),
  );
  const kept = new Map();
  const show = (rows, keyOf, pick, none) => {
    if (rows.length === 0) {
      kept.clear();
      body.replaceChildren(h('tr', {}, h('td', { colspan: columns.length, class: 'muted' }, none ?? 'None.')));
      return;
    }
    const next = rows.map(row => {
      const key = keyOf(row);
      const text = JSON.stringify(row);
      let line = kept.get(key);
      if (line?.text !== text) {
        const tr = line?.tr ?? h('tr', { class: pick ? 'pick' : '' });
        if (!line && kept.size) mark(tr);
        tr.replaceChildren(
          ...columns.map(column =>
            h('td', { class: `${column.num ? 'num' : ''} ${column.wrap ? 'wrap' : ''}` }, column.cell(row)),
          ),
        );
        if (pick) tr.onclick = () => pick(row);
        line = { tr, text };
      }
      return [key, line];
    });
    kept.clear();
    next.forEach(([key, line]) => kept.set(key, line));
    const rowsNow = next.map(([, line]) => line.tr);
    // Rows that stay where they are cost nothing.
    rowsNow.forEach((tr, i) => body.children[i] !== tr && body.insertBefore(tr, body.children[i] ?? null));
    while (body.children.length > rowsNow.length) body.lastElementChild.remove();
  };
  return { element, show };
}

export function meter(label, share, figure, level, title) {
  const width = Math.max(0, Math.min(1, share ?? 0)) * 100;
  return h(
    'div',
    { class: 'row', title },
    h('span', { class: 'label', title: label }, label),
    h('div', { class: 'meter', 'aria-hidden': 'true' }, h('i', { class: level ?? '', style: `width:${width}%` })),
    h('span', { class: 'figure wide' }, figure),
  );
}

// Parts of a whole: bars begin at the left, or in the middle where one of them is negative.
export function balances(rows) {
  const most = Math.max(...rows.map(([, value]) => Math.abs(value)), 0);
  const signed = rows.some(([, value]) => value < 0);
  return h(
    'div',
    { class: 'rows' },
    rows.map(([label, value, figure]) => balance(label, value, most, figure, signed)),
  );
}

function balance(label, value, most, figure, signed) {
  if (!signed)
    return h(
      'div',
      { class: 'row' },
      h('span', { class: 'label', title: label }, label),
      h(
        'div',
        { class: 'meter', 'aria-hidden': 'true' },
        h('i', { style: `width:${most > 0 ? (value / most) * 100 : 0}%` }),
      ),
      h('span', { class: 'figure' }, figure),
    );
  const share = most > 0 ? (Math.abs(value) / most) * 50 : 0;
  return h(
    'div',
    { class: 'row' },
    h('span', { class: 'label' }, label),
    h(
      'div',
      { class: 'meter', 'aria-hidden': 'true' },
      h('i', {
        class: value < 0 ? 'bad' : '',
        style: value < 0 ? `left:${50 - share}%;width:${share}%` : `left:50%;width:${share}%`,
      }),
      h('span', { class: 'zero', style: 'left:50%' }),
    ),
    h('span', { class: 'figure' }, figure),
  );
}

export const levelOf = share =>
  share === null || share === undefined ? '' : share >= 1 ? 'bad' : share >= 0.85 ? 'warn' : '';

export function limitRow(usage) {
  const share =
    usage.observed === null || usage.limit === null || usage.limit === 0 ? null : usage.observed / usage.limit;
  const isFloor = usage.code === 'cash';
  const level = usage.observed === null ? 'warn' : isFloor ? '' : levelOf(share);
  const figure =
    usage.observed === null
      ? 'unknown'
      : isFloor
        ? `${amount(usage.observed, usage.unit)}, at least ${amount(usage.limit, usage.unit)}`
        : `${amount(usage.observed, usage.unit)} of ${amount(usage.limit, usage.unit)}`;
  return meter(
    words(usage.code).replace('Value at risk', 'VaR'),
    isFloor ? 0 : share,
    figure,
    level,
    `Headroom ${amount(usage.headroom, usage.unit)}`,
  );
}

export function measures(before, after) {
  const rows = [
    ['Equity', 'equity', 'money'],
    ['Cash', 'cash', 'money'],
    ['Gross exposure', 'gross_exposure', 'money'],
    ['Net exposure', 'net_exposure', 'money'],
    ['VaR 95 %', 'value_at_risk_95', 'fraction'],
    ['VaR 99 %', 'value_at_risk_99', 'fraction'],
    ['ES 97.5 %', 'expected_shortfall_97_5', 'fraction'],
    ['Position weight', 'position_weight', 'fraction'],
    ['Sector weight', 'sector_weight', 'fraction'],
    ['Drawdown', 'drawdown', 'fraction'],
    ['Daily loss', 'daily_loss', 'fraction'],
  ];
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Measure'),
        h('th', { scope: 'col', class: 'num' }, 'Before'),
        h('th', { scope: 'col', class: 'num' }, 'After'),
      ),
    ),
    h(
      'tbody',
      {},
      rows
        .filter(([, name]) => before?.[name] !== undefined || after?.[name] !== undefined)
        .map(([label, name, unit]) =>
          h(
            'tr',
            {},
            h('td', {}, label),
            h('td', { class: 'num' }, amount(before?.[name], unit)),
            h('td', { class: 'num' }, amount(after?.[name], unit)),
          ),
        ),
    ),
  );
}

export function checks(list) {
  return h(
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
          ['Rule', 'Result'].map(name => h('th', { scope: 'col' }, name)),
          ['After the trade', 'Limit'].map(name => h('th', { scope: 'col', class: 'num' }, name)),
        ),
      ),
      h(
        'tbody',
        {},
        list.map(check =>
          h(
            'tr',
            {},
            h('td', {}, words(check.code)),
            h(
              'td',
              {},
              h('span', { class: `badge ${check.passed ? 'good' : 'bad'}` }, check.passed ? 'passed' : 'broken'),
            ),
            h('td', { class: 'num' }, amount(check.observed, check.unit)),
            h('td', { class: 'num' }, amount(check.limit, check.unit)),
          ),
        ),
      ),
    ),
  );
}

export function verdict(decision) {
  return h(
    'div',
    {},
    h(
      'p',
      { class: 'verdict' },
      h('span', { class: `badge ${decision.approved ? 'good' : 'bad'}` }, decision.approved ? 'approved' : 'refused'),
      h(
        'span',
        {},
        `${decision.action} ${decision.quantity.toLocaleString()} ${decision.symbol} at ${amount(decision.reference_price, 'money')}`,
      ),
      decision.approved
        ? null
        : h(
            'span',
            { class: 'muted' },
            `the largest that would pass: ${decision.max_allowed_quantity?.toLocaleString() ?? 'unknown'}`,
          ),
    ),
    decision.violations.length
      ? h(
          'ul',
          { class: 'violations' },
          decision.violations.map(violation =>
            h('li', {}, h('strong', {}, words(violation.code)), `: ${violation.detail}`),
          ),
        )
      : null,
  );
}
