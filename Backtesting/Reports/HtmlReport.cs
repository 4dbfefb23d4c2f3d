using System.Globalization;
using System.Text;

namespace Trading.Backtests;

/// <summary>A run as one page that needs nothing but itself.</summary>
public static class HtmlReport
{
    /// <summary>Fills that are marked on the chart of one symbol.</summary>
    const int MostMarks = 400;

    const string Style = """
        :root{--up:#1a7f5a;--down:#b3402f;--line:#2f5f9e;--other:#8a8f98;--ink:#1c2128;--soft:#667;--paper:#fff;--grid:#e4e7eb}
        @media(prefers-color-scheme:dark){:root{--up:#4fc095;--down:#e58370;--line:#7fb0ee;--ink:#e6e9ee;--soft:#9aa;--paper:#14181d;--grid:#2a3038}}
        body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1040px;margin:24px auto;padding:0 16px}
        h1{font-size:22px;margin:0}h2{font-size:16px;margin:28px 0 8px}.sub{color:var(--soft)}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:8px;margin:16px 0}
        .card{border:1px solid var(--grid);border-radius:8px;padding:8px 10px}.card b{display:block;font-size:18px}.card span{color:var(--soft)}
        table{border-collapse:collapse;width:100%}td,th{padding:3px 8px;text-align:right;border-bottom:1px solid var(--grid)}
        td:first-child,th:first-child{text-align:left}svg{width:100%;height:auto}svg text{font-size:11px;fill:var(--soft)}
        .grid{stroke:var(--grid)}.heat td{color:var(--ink)}.none{color:var(--soft)}
        """;

    public static string Of(BacktestResult result, MarketHistory history)
    {
        DateOnly[] dates = [.. result.Daily.Select(day => day.Date)];
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        page.Append(CultureInfo.InvariantCulture, $"<title>Backtest: {Html.Text(Names(result))}</title><style>{Style}</style></head><body>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Html.Text(Names(result))}</h1><p class=\"sub\">{dates[0]:yyyy-MM-dd} to {dates[^1]:yyyy-MM-dd}, {history.Series.Length} symbols, {Whole(result.Bars)} bars, {Whole(result.FillCount)} fills</p>");
        Cards(page, result);
        Section(page, "Equity", "equity", Svg.Lines(
            dates, [new("benchmark", "var(--other)", [.. result.Benchmark.Select(value => (double?)value)]),
                new("equity", "var(--line)", [.. result.Daily.Select(day => (double?)(double)day.Equity)])], 320, Short));
        page.Append("<p class=\"sub\">Grey: the benchmark without costs.</p>");
        Section(page, "Drawdown", "drawdown", Svg.Lines(dates, [new("drawdown", "var(--down)", Drawdowns(result), true)], 180, Percent));
        Section(page, "Months", "months", Heat.Table(result.Performance.Months));
        Section(page, $"Sharpe ratio of the last {RollingRecord.Window} days", "rolling", Svg.Lines(
            dates, [new("Sharpe ratio", "var(--line)", [.. RollingRecord.Of(result).Select(point => point.Sharpe)])], 180, Two));
        Section(page, "From paper to profit", "costs", Svg.Bars(Steps(result.Profit), Short));
        Trades(page, result, history, dates);
        Section(page, "Deepest drawdowns", "drawdowns", DrawdownTable(result.Performance));
        Section(page, "Measures", "measures", Measures(result.Performance));
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"sub\">Result {result.Hash}</p></body></html>");
        return page.ToString();
    }

    static string Names(BacktestResult result) => string.Join(" + ", result.Strategies.Select(one => one.Name));

    static void Section(StringBuilder page, string title, string id, string content) =>
        page.Append(CultureInfo.InvariantCulture, $"<section id=\"{id}\"><h2>{Html.Text(title)}</h2>{content}</section>");

    static void Cards(StringBuilder page, BacktestResult result)
    {
        var performance = result.Performance;
        (string Name, string Value)[] cards =
        [
            ("total return", MeasureTexts.Percent(performance.TotalReturn)), ("CAGR", MeasureTexts.Percent(performance.Cagr)),
            ("Sharpe ratio", MeasureTexts.Two(performance.Sharpe)), ("volatility", MeasureTexts.Percent(performance.Volatility)),
            ("deepest drawdown", MeasureTexts.Percent(performance.MaxDrawdown)),
            ("probability of skill", MeasureTexts.Percent(performance.DeflatedSharpe)),
            ("costs", Short((double)result.Profit.Costs.Total)), ("turnover a year", MeasureTexts.Two(performance.Turnover)),
        ];
        page.Append("<div class=\"cards\">");
        foreach (var (name, value) in cards)
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"card\"><b>{Html.Text(value)}</b><span>{name}</span></div>");
        page.Append("</div>");
    }

    static List<double?> Drawdowns(BacktestResult result)
    {
        var (peak, depths) = (0m, new List<double?>());
        foreach (var day in result.Daily)
        {
            peak = Math.Max(peak, day.Equity);
            depths.Add((double)(day.Equity / peak) - 1);
        }

        return depths;
    }

    static (string, double)[] Steps(ProfitStatement profit) =>
    [
        ("on paper", (double)profit.Paper), ("delay", -(double)profit.Costs.Delay), ("spread", -(double)profit.Costs.Spread),
        ("impact", -(double)profit.Costs.Impact), ("slippage", -(double)profit.Costs.Slippage), ("fees", -(double)profit.Costs.Fees),
        ("opportunity", -(double)profit.Costs.Opportunity), ("dividends", (double)profit.Carry.Dividends),
        ("interest", (double)profit.Carry.Interest), ("borrow", (double)profit.Carry.Borrow), ("funding", (double)profit.Carry.Funding),
        ("profit", (double)profit.Net),
    ];

    /// <summary>The symbol that traded most, with every fill on its price.</summary>
    static void Trades(StringBuilder page, BacktestResult result, MarketHistory history, DateOnly[] dates)
    {
        if (result.Fills.IsEmpty) return;
        var most = result.Fills.GroupBy(fill => fill.Symbol).OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal).First();
        var series = history.Series[history.Places[most.Key]];
        var places = dates.Select((date, place) => (date, place)).ToDictionary(pair => pair.date, pair => pair.place);
        var prices = new double?[dates.Length];
        for (var bar = 0; bar < series.Count; bar++)
            if (places.TryGetValue(DateOnly.FromDateTime(new DateTime(series.EndTime(bar), DateTimeKind.Utc)), out var place))
                prices[place] = FixedPoint.ToDouble(series.Close[bar]);
        ChartMark[] marks =
        [
            .. most.TakeLast(MostMarks).Where(fill => places.ContainsKey(DateOnly.FromDateTime(fill.Time.UtcDateTime))).Select(fill => new ChartMark(
                places[DateOnly.FromDateTime(fill.Time.UtcDateTime)], (double)fill.Price, fill.Quantity > 0 ? "var(--up)" : "var(--down)",
                fill.Quantity > 0, FormattableString.Invariant($"{fill.Time:yyyy-MM-dd}: {fill.Quantity:0.########} at {fill.Price:0.########}"))),
        ];
        Section(page, $"Fills of {most.Key}", "trades", Svg.Lines(dates, [new("price", "var(--other)", prices)], 260, Two, marks));
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"sub\">The symbol with most fills; {marks.Length} of its {most.Count()} are marked.</p>");
    }

    static string DrawdownTable(PerformanceSummary performance)
    {
        var rows = new StringBuilder("<table><tr><th>depth</th><th>peak</th><th>trough</th><th>recovered</th><th>days</th></tr>");
        foreach (var fall in performance.Drawdowns)
            rows.Append(CultureInfo.InvariantCulture, $"<tr><td>{Percent(fall.Depth)}</td><td>{fall.Peak:yyyy-MM-dd}</td><td>{fall.Trough:yyyy-MM-dd}</td><td>{fall.Recovered?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "not yet"}</td><td>{fall.Days}</td></tr>");
        return rows.Append("</table>").ToString();
    }

    static string Measures(PerformanceSummary performance)
    {
        var rows = new StringBuilder("<table>");
        foreach (var (name, value) in MeasureTexts.Of(performance))
            rows.Append(CultureInfo.InvariantCulture, $"<tr><td>{Html.Text(name)}</td><td>{Html.Text(value)}</td></tr>");
        return rows.Append("</table>").ToString();
    }

    static string Percent(double value) => MeasureTexts.Percent(value);

    static string Two(double value) => MeasureTexts.Two(value);

    static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    static string Short(double value) => MeasureTexts.Short(value);
}
