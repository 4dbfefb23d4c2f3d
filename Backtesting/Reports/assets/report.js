'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = digits => value =>
    value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const money = value => (Math.abs(value) >= 1e5 ? `${number(2)(value / 1e6)} M` : number(0)(value));
  const percent = value => `${number(1)(value * 100)} %`;
  const charts = [];

  function chart(id, format) {
    const element = document.getElementById(id);
    const made = LightweightCharts.createChart(element, {
      width: element.clientWidth,
      height: element.clientHeight,
      layout: {
        background: { color: 'transparent' },
        textColor: css('--soft'),
        fontFamily: 'system-ui, sans-serif',
        attributionLogo: false, // said at the end of the page
      },
      grid: { vertLines: { color: css('--grid') }, horzLines: { color: css('--grid') } },
      rightPriceScale: { borderColor: css('--grid'), minimumWidth: 76 },
      timeScale: { borderColor: css('--grid'), minBarSpacing: 0.01, fixLeftEdge: true, fixRightEdge: true },
      localization: { priceFormatter: format, dateFormat: 'yyyy-MM-dd', locale: 'en-GB' },
      handleScroll: { mouseWheel: false },
      handleScale: { mouseWheel: false },
    });
    addEventListener('resize', () => made.applyOptions({ width: element.clientWidth }));
    charts.push(made);
    return { made, element, format, lines: [] };
  }

  function line(on, name, color, values, kind, options) {
    const series = on.made.addSeries(kind, { priceLineVisible: false, lastValueVisible: false, ...options });
    series.setData(data.dates.map((time, i) => (values[i] === null ? { time } : { time, value: values[i] })));
    on.lines.push({ name, color, series, values });
    return series;
  }

  function legend(on) {
    const element = document.createElement('div');
    element.className = 'legend';
    on.element.before(element);
    const show = place => {
      element.replaceChildren(
        ...(place === null ? [] : [document.createTextNode(data.dates[place])]),
        ...on.lines.map(({ name, color, values }) => {
          const [item, mark, value] = ['span', 'i', 'b'].map(tag => document.createElement(tag));
          mark.style.background = color;
          const known = values[place ?? values.length - 1];
          value.textContent = known === null || known === undefined ? 'not known' : on.format(known);
          item.append(mark, `${name} `, value);
          return item;
        }),
      );
    };
    show(null);
    on.made.subscribeCrosshairMove(at => show(at.time === undefined ? null : data.dates.indexOf(at.time)));
    on.made.timeScale().fitContent();
  }

  const { LineSeries, BaselineSeries } = LightweightCharts;
  const [blue, grey, red] = [css('--line'), css('--other'), css('--down')];

  const equity = chart('equity-chart', money);
  // Equal steps are equal growth, where there is a logarithm.
  if ([...data.equity, ...data.benchmark].every(value => value > 0))
    equity.made.priceScale('right').applyOptions({ mode: LightweightCharts.PriceScaleMode.Logarithmic });
  line(equity, 'benchmark without costs', grey, data.benchmark, LineSeries, { color: grey, lineWidth: 1 });
  line(equity, 'equity', blue, data.equity, LineSeries, { color: blue, lineWidth: 2 });
  legend(equity);

  const below = { type: 'price', price: 0 };
  const drawdown = chart('drawdown-chart', percent);
  line(drawdown, 'below the peak', red, data.drawdown, BaselineSeries, {
    baseValue: below,
    topLineColor: 'transparent',
    bottomLineColor: red,
    bottomFillColor1: `${red}11`,
    bottomFillColor2: `${red}66`,
    lineWidth: 1,
  });
  legend(drawdown);

  const rolling = chart('rolling-chart', number(2));
  // The line of zero has a value on every day, also where the ratio has none: so all charts are as long.
  rolling.made
    .addSeries(LineSeries, { color: grey, lineWidth: 1, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false })
    .setData(data.dates.map(time => ({ time, value: 0 })));
  line(rolling, 'Sharpe ratio', blue, data.rolling, LineSeries, { color: blue, lineWidth: 1 });
  legend(rolling);

  if (data.trades) {
    const trades = chart('trades-chart', number(2));
    const series = line(trades, data.trades.symbol, grey, data.trades.prices, LineSeries, { color: grey, lineWidth: 1 });
    LightweightCharts.createSeriesMarkers(
      series,
      data.trades.marks.map(({ place, quantity }) => ({
        time: data.dates[place],
        position: quantity > 0 ? 'belowBar' : 'aboveBar',
        shape: quantity > 0 ? 'arrowUp' : 'arrowDown',
        color: css(quantity > 0 ? '--up' : '--down'),
        size: 0.8,
      })),
    );
    legend(trades);
  }

  // One window of time for all.
  for (const one of charts)
    one.timeScale().subscribeVisibleLogicalRangeChange(range => {
      if (range === null) return;
      for (const other of charts) {
        const shown = other.timeScale().getVisibleLogicalRange();
        if (other !== one && shown !== null && (shown.from !== range.from || shown.to !== range.to))
          other.timeScale().setVisibleLogicalRange(range);
      }
    });
})();
