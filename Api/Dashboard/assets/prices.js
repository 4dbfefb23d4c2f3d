// The bars of a symbol; the library for candles is fetched when somebody first looks at one.
import { h, api, date, money } from './core.js';
import { attempt, open } from './dialogs.js';

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

let library = null;
const load = () =>
  (library ??= new Promise((done, failed) =>
    document.head.append(
      h('script', { src: '/dashboard/assets/vendor/lightweight-charts.js', onload: done, onerror: failed }),
    ),
  ));

export async function prices(symbol) {
  const found = await attempt(async () => {
    await load();
    return api(`/api/data/bars/${encodeURIComponent(symbol)}?limit=500`);
  });
  if (!found) return;
  const bars = found.bars.filter(bar => bar.verdict === 'accept');
  const element = h('div', { role: 'img', 'aria-label': `Prices of ${symbol}`, style: 'height:380px' });
  const last = bars.at(-1);
  open(
    `${symbol}, daily`,
    h(
      'div',
      { class: 'content' },
      last
        ? h(
            'p',
            { class: 'muted' },
            `${date(last.time)}: ${money(last.close)} from ${last.source}; ${bars.length} sessions`,
          )
        : h('p', { class: 'muted' }, 'No bar is known.'),
      element,
    ),
  );
  const chart = LightweightCharts.createChart(element, {
    autoSize: true,
    layout: { background: { color: 'transparent' }, textColor: css('--muted'), fontFamily: 'system-ui' },
    grid: { vertLines: { color: css('--line') }, horzLines: { color: css('--line') } },
    rightPriceScale: { borderColor: css('--line') },
    timeScale: { borderColor: css('--line') },
  });
  const flat = bars.every(bar => bar.open === bar.close && bar.high === bar.low); // closes alone
  const series = flat
    ? chart.addSeries(LightweightCharts.LineSeries, { color: css('--accent'), lineWidth: 2 })
    : chart.addSeries(LightweightCharts.CandlestickSeries, {
        upColor: css('--good'),
        downColor: css('--bad'),
        borderVisible: false,
        wickUpColor: css('--good'),
        wickDownColor: css('--bad'),
      });
  series.setData(
    bars.map(bar => ({
      time: bar.time.slice(0, 10),
      ...(flat ? { value: bar.close } : { open: bar.open, high: bar.high, low: bar.low, close: bar.close }),
    })),
  );
  chart.timeScale().fitContent();
}
