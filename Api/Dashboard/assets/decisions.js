// Decisions as they happen, why each was made, and what an order would do.
import { h, state, on, api, ofBook, number, money, time, instant, words } from './core.js';
import { attempt, open } from './dialogs.js';
import { panel, padded, table, measures, checks, verdict } from './parts.js';

export function decisions(root, signal) {
  let onlyRefused = false;
  const feed = panel('Decisions', 'w8');
  feed.actions.append(
    h(
      'label',
      { class: 'field inline' },
      h('input', {
        type: 'checkbox',
        onchange: event => {
          onlyRefused = event.target.checked;
          draw();
        },
      }),
      'Refused only',
    ),
  );
  const list = table(
    [
      { name: 'Time', cell: d => time(d.decided_at) },
      { name: 'Side', cell: d => d.action },
      { name: 'Symbol', cell: d => d.symbol },
      { name: 'Quantity', num: true, cell: d => number(d.quantity, Number.isInteger(d.quantity) ? 0 : 4) },
      { name: 'Price', num: true, cell: d => money(d.reference_price) },
      {
        name: 'Result',
        cell: d => h('span', { class: `badge ${d.approved ? 'good' : 'bad'}` }, d.approved ? 'approved' : 'refused'),
      },
      {
        name: 'Reasons',
        wrap: true,
        cell: d =>
          d.violations.map(violation => words(violation.code)).join(', ') || h('span', { class: 'muted' }, '–'),
      },
      {
        name: '',
        cell: d =>
          h(
            'button',
            {
              type: 'button',
              class: 'small',
              'aria-label': `Explain ${d.decision_id}`,
              onclick: event => {
                event.stopPropagation();
                void explain(d.decision_id);
              },
            },
            'Explain',
          ),
      },
    ],
    'Decisions, newest first',
  );
  feed.show(list.element);
  const draw = () => {
    const shown = state.decisions.filter(decision => !onlyRefused || !decision.approved);
    feed.note.textContent = `${number(state.decisions.length)} in memory, newest first`;
    list.show(
      shown,
      d => d.decision_id,
      d => explain(d.decision_id),
      'Nothing was decided since the book was loaded.',
    );
  };
  root.append(h('div', { class: 'grid' }, feed.element, whatIf()));
  on('decisions', draw, signal);
  draw();
}

async function explain(id) {
  const explanation = await attempt(() => api(`/api/risk/decisions/${encodeURIComponent(id)}`));
  if (!explanation) return;
  const decision = explanation.decision;
  open(
    `Decision ${id}`,
    h(
      'div',
      { class: 'content' },
      h(
        'p',
        { class: 'muted' },
        `${instant(decision.decided_at)}, limits version ${decision.limits_version}, ${decision.risk_method}`,
      ),
      verdict(decision),
      h('h3', {}, 'Before and after the trade'),
      measures(decision.before, decision.after),
      h('h3', {}, `Every check (${explanation.checks.length})`),
      checks(explanation.checks),
      explanation.corrections?.length
        ? h(
            'p',
            { class: 'warn' },
            `Made with prices that were put right later: ${explanation.corrections.map(one => one.symbol).join(', ')}.`,
          )
        : null,
      h(
        'p',
        { class: 'muted', style: 'overflow-wrap:anywhere' },
        `Event ${explanation.sequence} of the journal, SHA-256 ${explanation.hash}`,
      ),
    ),
  );
}

function whatIf() {
  const box = panel('What if?', 'w4');
  box.note.textContent = 'reserves nothing';
  const result = h('div', { 'aria-live': 'polite' });
  const input = (name, label, type, value) =>
    h(
      'label',
      { class: 'field' },
      label,
      h('input', {
        name,
        type,
        value,
        required: name !== 'limit_price',
        step: 'any',
        min: 0,
        autocomplete: 'off',
        list: name === 'symbol' ? 'symbols' : null,
      }),
    );
  const form = h(
    'form',
    { class: 'fields', id: 'what-if', style: 'grid-template-columns:1fr 1fr' },
    input('symbol', 'Symbol', 'text', ''),
    h(
      'label',
      { class: 'field' },
      'Side',
      h('select', { name: 'action' }, h('option', {}, 'BUY'), h('option', {}, 'SELL')),
    ),
    input('position_size', 'Quantity', 'number', ''),
    input('limit_price', 'Limit price, if any', 'number', ''),
    h('button', { class: 'primary', style: 'grid-column:1/-1' }, 'Show what it would do'),
  );
  const symbols = h('datalist', { id: 'symbols' });
  form.addEventListener('focusin', () =>
    symbols.replaceChildren(
      ...(state.book?.positions ?? []).map(position => h('option', { value: position.symbol })),
    ),
  );
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    const signal = { symbol: values.symbol, action: values.action, position_size: Number(values.position_size) };
    if (values.limit_price) signal.limit_price = Number(values.limit_price);
    const preview = await attempt(() => api(ofBook('/api/risk/what-if'), signal));
    if (!preview) return;
    const broken = preview.checks.filter(check => !check.passed).length;
    result.replaceChildren(
      h(
        'div',
        { style: 'display:grid;gap:12px;margin-top:14px' },
        verdict(preview.decision),
        measures(preview.decision.before, preview.decision.after),
        h(
          'button',
          {
            type: 'button',
            class: 'small',
            style: 'justify-self:start',
            onclick: () =>
              open(
                'Every check of this order',
                h('div', { class: 'content' }, verdict(preview.decision), checks(preview.checks)),
              ),
          },
          `${preview.checks.length} checks, ${broken} broken`,
        ),
      ),
    );
  });
  box.show(padded(form, symbols, result));
  return box.element;
}
