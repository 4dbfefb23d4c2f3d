// Lines over time and correlations; they follow the theme and the width.
import { h, on, time, date, instant } from './core.js';

const dayOfAxis = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const timeOfAxis = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const moments = (tick, step) =>
  step >= 86400 || new Date(tick * 1000).getHours() + new Date(tick * 1000).getMinutes() === 0
    ? dayOfAxis.format(tick * 1000)
    : step < 60
      ? time(tick * 1000)
      : timeOfAxis.format(tick * 1000);

// Beside the figures: a session is a day, and over more than a day a time alone says too little.
const aDay = 86400;
const momentOf = (at, times) =>
  at % aDay === 0 ? date(at * 1000) : times.at(-1) - times[0] > aDay ? instant(at * 1000) : time(at * 1000);

// Charts follow the theme and the width; the drawing library is loaded before this module runs.
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const charts = new Set();
export function lineChart(label, series, { height = 200, format = value => value, ranges } = {}) {
  const element = h('div', { class: 'chart', role: 'img', 'aria-label': label, style: `height:${height}px` });
  let plot = null,
    data = null;
  const newest = () =>
    queueMicrotask(() => {
      if (plot && data?.[0].length) plot.setLegend({ idx: data[0].length - 1 });
    }); // without a cursor the legend has the last values
  const draw = () => {
    plot?.destroy();
    plot = null;
    if (!data || element.clientWidth === 0) return;
    const axis = {
      stroke: css('--muted'),
      grid: { stroke: css('--line'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui',
    };
    plot = new uPlot(
      {
        width: element.clientWidth,
        height: height - 24,
        cursor: { y: false, drag: { x: true, y: false } },
        legend: { live: true },
        scales: { x: { time: true }, y: { range: ranges } },
        axes: [
          {
            ...axis,
            space: 72,
            size: 30,
            values: (_, ticks, __, ___, step) => ticks.map(tick => moments(tick, step)),
          },
          { ...axis, size: 60, space: 30, values: (_, ticks) => ticks.map(format) },
        ],
        series: [
          {
            label: '',
            value: (_, value) => (value === null || value === undefined ? '' : momentOf(value, data[0])),
          },
          ...series.map(one => ({
            label: one.label,
            stroke: css(one.color ?? '--accent'),
            width: 1.5,
            dash: one.dash,
            points: { show: false },
            spanGaps: false,
            value: (_, value) => (value === null || value === undefined ? '–' : format(value)),
          })),
        ],
      },
      data,
      element,
    );
    plot.over.addEventListener('mouseleave', newest);
    newest();
  };
  new ResizeObserver(() => {
    if (element.isConnected && plot?.width !== element.clientWidth) draw();
  }).observe(element);
  charts.add(draw);
  return {
    element,
    show: next => {
      data = next;
      if (plot && plot.series.length === next.length) {
        plot.setData(next);
        newest();
      } else draw();
    },
  };
}
on('theme', () => charts.forEach(draw => draw()));

export function heatMap(report) {
  const names = report.rows.map(row => row.symbol);
  const figure = value => (Math.abs(value) < 0.05 ? '0' : value.toFixed(1).replace('0.', '.').replace('1.0', '1'));
  const cell = value => {
    if (value === null) return h('span', { title: 'unknown' }, '·');
    // Under the text the colour stays pale enough to read on; only a perfect correlation is full.
    const isFull = Math.abs(value) > 0.995;
    const strength = isFull ? 85 : Math.round(Math.min(1, Math.abs(value)) * 42);
    const ground = `color-mix(in srgb, var(${value < 0 ? '--bad' : '--accent'}) ${strength}%, transparent)`;
    return h('span', { style: `background:${ground};color:${isFull ? 'var(--panel)' : 'inherit'}` }, figure(value));
  };
  return h(
    'div',
    {
      class: 'heat',
      tabindex: 0,
      role: 'img',
      'aria-label': `Correlations of ${names.length} symbols`,
      style: `grid-template-columns: 52px repeat(${names.length}, minmax(20px, 1fr))`,
    },
    h('span', {}),
    names.map(name => h('span', { class: 'col' }, name)),
    report.rows.map(row => [
      h('span', { class: 'name' }, row.symbol),
      row.values.map((value, i) => {
        const item = cell(value);
        item.title = `${row.symbol} · ${names[i]}: ${value === null ? 'unknown' : value.toFixed(2)}`;
        return item;
      }),
    ]),
  );
}
