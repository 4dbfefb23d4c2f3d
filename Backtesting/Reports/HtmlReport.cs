using System.Globalization;
using System.Text;

namespace Trading.Backtests;

/// <summary>A run as one page that needs nothing but itself.</summary>
public static class HtmlReport
{
    /// <param name="sweep">The sweep that the run is the best of; null for none.</param>
    public static string Of(BacktestResult result, MarketHistory history, SweepReport? sweep = null)
    {
        var (data, page) = (ChartData.Of(result, history), new StringBuilder());
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        page.Append(CultureInfo.InvariantCulture,
            $"<title>Backtest: {Html.Text(Names(result))}</title><style>{ReportAssets.Style}</style></head><body>");
        Head(page, result, history);
        Section(page, "Equity", "equity", Chart("equity", "high"));
        Section(page, "Drawdown", "drawdown", Chart("drawdown", "low"));
        Section(page, "Months", "months", $"<div class=\"scroll\">{Heat.Table(result.Performance.Months)}</div>");
        Section(page, $"Sharpe ratio of the last {RollingRecord.Window} days", "rolling", Chart("rolling", "low"));
        Section(page, "From paper to profit", "costs", Svg.Bars(Steps(result.Profit), MeasureTexts.Amount));
        if (data.Trades is { } trades)
            Section(page, $"Fills of {trades.Symbol}", "trades", Chart("trades", "high")
                + FormattableString.Invariant($"<p class=\"sub\">The symbol with most fills; {trades.Marks.Length} of its {trades.Fills} are marked.</p>"));
        if (!result.Refused.IsEmpty) Section(page, "Orders that the pre-trade check refused", "refused", Refused(result));
        if (sweep is not null)
            Section(page, "The sweep that it is the best of", "sweep",
                string.Concat(SweepTexts.Of(sweep).Select(line => $"<p>{Html.Text(line)}</p>")));
        Section(page, "Deepest drawdowns", "drawdowns", DrawdownTable(result.Performance));
        Section(page, "Measures", "measures", Measures(result.Performance));
        page.Append(CultureInfo.InvariantCulture,
            $"<footer><p>Result {result.Hash}</p><p>Charts: Lightweight Charts™, Copyright (c) 2026 <a href=\"https://www.tradingview.com/\" rel=\"noreferrer\">TradingView, Inc.</a>, Apache License 2.0.</p></footer>");
        page.Append(CultureInfo.InvariantCulture,
            $"<script type=\"application/json\" id=\"data\">{data.ToJson()}</script>");
        return page.Append("<script>").Append(ReportAssets.Charts).Append("</script><script>")
            .Append(ReportAssets.Script).Append("</script></body></html>").ToString();
    }

    static string Names(BacktestResult result) => string.Join(" + ", result.Strategies.Select(one => one.Name));

    static string Chart(string name, string height) =>
        $"<div class=\"chart {height}\" id=\"{name}-chart\"><noscript>Charts need scripts.</noscript></div>";

    static void Section(StringBuilder page, string title, string id, string content) =>
        page.Append(CultureInfo.InvariantCulture,
            $"<section id=\"{id}\"><h2>{Html.Text(title)}</h2>{content}</section>");

    static void Head(StringBuilder page, BacktestResult result, MarketHistory history)
    {
        var performance = result.Performance;
        page.Append(CultureInfo.InvariantCulture,
            $"<h1>{Html.Text(Names(result))}</h1><p class=\"sub\">{result.Daily[0].Date:yyyy-MM-dd} to {result.Daily[^1].Date:yyyy-MM-dd} · {history.Series.Length} symbols · {Whole(result.Bars)} bars · {Whole(result.FillCount)} fills · {Html.Text(Gate(result))}</p>");
        (string Name, string Value)[] cards =
        [
            ("total return", MeasureTexts.Percent(performance.TotalReturn)),
                ("growth a year (CAGR)", MeasureTexts.Percent(performance.Cagr)),
            ("Sharpe ratio", MeasureTexts.Two(performance.Sharpe)),
                ("volatility a year", MeasureTexts.Percent(performance.Volatility)),
            ("deepest drawdown", MeasureTexts.Percent(performance.MaxDrawdown)),
                ("probability of skill (DSR)", MeasureTexts.Percent(performance.DeflatedSharpe)),
            ("costs", MeasureTexts.Short((double)result.Profit.Costs.Total)),
                ("turnover a year", MeasureTexts.Two(performance.Turnover)),
        ];
        page.Append("<div class=\"cards\">");
        foreach (var (name, value) in cards)
            page.Append(CultureInfo.InvariantCulture,
                $"<div class=\"card\"><b>{Html.Text(value)}</b><span>{name}</span></div>");
        page.Append("</div>");
    }

    static string Gate(BacktestResult result) => result.Spec.Gate?.Kind == GateKind.Live
        ? "orders pass the live pre-trade check" : "no pre-trade check";

    static (string, double)[] Steps(ProfitStatement profit) =>
    [
        ("on paper", (double)profit.Paper), ("delay", -(double)profit.Costs.Delay),
            ("spread", -(double)profit.Costs.Spread),
        ("impact", -(double)profit.Costs.Impact), ("slippage", -(double)profit.Costs.Slippage),
            ("fees", -(double)profit.Costs.Fees),
        ("opportunity", -(double)profit.Costs.Opportunity), ("dividends", (double)profit.Carry.Dividends),
        ("interest", (double)profit.Carry.Interest), ("borrow", (double)profit.Carry.Borrow),
            ("funding", (double)profit.Carry.Funding),
        ("profit", (double)profit.Net),
    ];

    static string Refused(BacktestResult result)
    {
        var rows = new StringBuilder("<table><tr><th>rule</th><th>first</th><th>last</th><th>orders</th></tr>");
        var kept = result.Refusals.ToLookup(refusal => refusal.Code, refusal => refusal.At);
        foreach (var (code, count) in result.Refused.OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal))
            rows.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Html.Text(code)}</td><td>{Day(kept[code].FirstOrDefault())}</td><td>{Day(kept[code].LastOrDefault())}</td><td>{Whole(count)}</td></tr>");
        return rows.Append("</table>").ToString();

        static string Day(DateTimeOffset at) =>
            at == default ? "" : at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    static string DrawdownTable(PerformanceSummary performance)
    {
        var rows = new StringBuilder(
            "<div class=\"scroll\"><table><tr><th>depth</th><th>peak</th><th>trough</th><th>recovered</th><th>days</th></tr>");
        foreach (var fall in performance.Drawdowns)
            rows.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{MeasureTexts.Percent(fall.Depth)}</td><td>{fall.Peak:yyyy-MM-dd}</td><td>{fall.Trough:yyyy-MM-dd}</td><td>{fall.Recovered?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "not yet"}</td><td>{fall.Days}</td></tr>");
        return rows.Append("</table></div>").ToString();
    }

    /// <summary>Two columns, each read from top to bottom.</summary>
    static string Measures(PerformanceSummary performance)
    {
        (string Name, string Value)[] all = [.. MeasureTexts.Of(performance)];
        var halves = new StringBuilder("<div class=\"halves\">");
        foreach (var half in all.Chunk((all.Length + 1) / 2))
        {
            halves.Append("<table>");
            foreach (var (name, value) in half)
                halves.Append(CultureInfo.InvariantCulture,
                    $"<tr><td>{Html.Text(name)}</td><td>{Html.Text(value)}</td></tr>");
            halves.Append("</table>");
        }

        return halves.Append("</div>").ToString();
    }

    static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
