using System.Globalization;
using System.Net;
using System.Text;
using Trading.Portfolios;

namespace Trading.Commands;

/// <summary>The risk report as one HTML file that needs nothing else: to be sent, kept, and read in years.</summary>
static class RiskPage
{
    const int Contributors = 20;

    public static string Html(RiskReport report, BacktestReport backtest)
    {
        var page = new StringBuilder(Head(report));
        page.Append(Figures(report));
        Forecast[] forecasts = [.. backtest.Forecasts.Reverse()];
        Section(page, "Equity", forecasts.Length > 1
            ? RiskDrawing.Line([.. forecasts.Select(one => (one.Session, (double)one.Equity))], Money)
            : "<p class=none>The book has forecast for fewer than two sessions so far.</p>");
        Section(page, "Profit and loss against the value at risk that was forecast",
            Exceptions(forecasts, backtest.Standing));
        Section(page, "Contributions to expected shortfall", Contributions(report));
        Section(page, "Stress", Stress(report.Analysis));
        Section(page, "Tail measures by method", Methods(report.Analysis));
        Section(page, "Limits", Limits(report));
        if (!report.Warnings.IsEmpty) Section(page, "What keeps a number from being known",
            List(report.Warnings.Select(warning => warning.Message)));
        return page.Append("</main></body></html>\n").ToString();
    }

    static string Head(RiskReport report) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Risk of {{Text(report.Portfolio)}}</title>
        <style>
        :root {
          color-scheme: light dark;
          --line: light-dark(#dfe3e8, #2a3441); --text: light-dark(#16202c, #e6ebf1); --muted: light-dark(#566373, #a3b0bf);
          --accent: light-dark(#1f5fbf, #7fb0f5); --bad: light-dark(#b3261e, #ff9088); --bg: light-dark(#fff, #10151c);
        }
        body {
          font: 14px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums;
          color: var(--text); background: var(--bg); margin: 0;
        }
        main { max-width: 900px; margin: 0 auto; padding: 32px 20px 60px; }
        h1 { font-size: 22px; margin: 0; }
        h2 { font-size: 15px; margin: 34px 0 10px; border-bottom: 1px solid var(--line); padding-bottom: 5px; }
        p { margin: 4px 0; }
        .note, .none, th { color: var(--muted); }
        table { border-collapse: collapse; width: 100%; font-size: 13px; }
        th { font-weight: 500; text-align: left; }
        td, th { padding: 4px 8px; border-bottom: 1px solid var(--line); }
        .n { text-align: right; }
        svg { width: 100%; height: auto; display: block; }
        svg text { font: 11px system-ui, sans-serif; fill: var(--muted); }
        .axis { stroke: var(--line); }
        .main { stroke: var(--accent); fill: none; stroke-width: 1.5; }
        .limit { stroke: var(--bad); fill: none; stroke-dasharray: 5 4; }
        .dot, .bar { fill: var(--accent); }
        .out, .less { fill: var(--bad); }
        @media print { h2 { break-after: avoid; } table, svg { break-inside: avoid; } }
        </style>
        </head>
        <body><main>
        <h1>Risk of {{Text(report.Portfolio)}}</h1>
        <p class="note">{{Text(Of(report))}}</p>
        <p class="note">{{Text(Method(report.Method))}}</p>

        """;

    static string Of(RiskReport report)
    {
        var prices = report.PricesAsOf?.ToString("O", CultureInfo.InvariantCulture) ?? "no session";
        return FormattableString.Invariant(
            $"Calculated {report.CalculatedAt:yyyy-MM-dd HH:mm:ss} UTC at event {report.Sequence}, prices of {prices}, {report.Currency}.");
    }

    static string Method(RiskMethod? method) => method is null
        ? "The risk cannot be measured; the warnings say why."
        : $"{method.Method}, {method.Quantile}, {method.Sample} of {method.WindowSessions} sessions, "
            + $"{method.HorizonDays} day; configuration {method.ConfigurationHash}";

    static string Figures(RiskReport report) => Table(["Measure", "Value", "Of equity"],
    [
        ["Equity", Money(report.Equity), ""], ["Cash", Money(report.Cash), Share(report.Cash, report.Equity)],
        ["Gross exposure", Money(report.GrossExposure), Share(report.GrossExposure, report.Equity)],
            ["Drawdown", "", Percent(report.Drawdown)],
        .. report.Measures.Select(measure =>
            new[] { RiskWords.Name(measure) + ", " + measure.Quantile.Replace('_', ' '), Money(measure.Money),
                Percent(measure.Fraction) }),
    ]);

    /// <summary>Each session's result beside the loss that was forecast for it; those beyond it are marked.</summary>
    static string Exceptions(Forecast[] forecasts, ForecastStanding standing)
    {
        Forecast[] judged = [.. forecasts.Where(one => one.Realised is { Sessions: 1 })];
        if (judged.Length < 2) return "<p class=none>Fewer than two forecasts can be held against what happened so far.</p>";
        var beyond = judged.Count(one => one.Realised!.Fraction < -one.ValueAtRisk95.Fraction);
        return $"<p>{beyond} of {judged.Length} sessions lost more than the value at risk at 95 %; {Number(judged.Length * 0.05)} are expected. "
            + $"Traffic light at 99 %: {Text(standing.Zone ?? "too few sessions")}.</p>"
            + RiskDrawing.Exceptions(
                [.. judged.Select(one => (one.Realised!.Session, one.Realised.Fraction, -one.ValueAtRisk95.Fraction))]);
    }

    static string Contributions(RiskReport report) => report.Contributions.IsEmpty
        ? "<p class=none>No positions, or their risk is not known.</p>"
        : RiskDrawing.Bars(
            [.. report.Contributions.OrderByDescending(part => Math.Abs(part.Share)).Take(Contributors)
                .Select(part => (part.Symbol, part.Share, Percent(part.Share)))]);

    static string Stress(RiskAnalysis? analysis) => analysis is not { Stress.IsEmpty: false }
        ? "<p class=none>Nothing was measured.</p>"
        : Table(["Scenario", "Rule", "Loss", "Of equity"],
            [.. analysis.Stress.OrderByDescending(one => one.Loss)
                .Select(one => new[] { one.Name, one.Rule, Money(one.LossMoney), Percent(one.Loss) })], texts: 2);

    static string Methods(RiskAnalysis? analysis) => analysis is not { Measures.IsEmpty: false }
        ? "<p class=none>Nothing was measured.</p>"
        : Table(["Method", "Convention", "Confidence", "Days", "VaR", "ES", "Sample"],
            [.. analysis.Measures.Select(one => new[]
            {
                one.Method + (one.Fallback is { } fallback ? $" → {fallback.Used}" : ""), one.Covariance
                    ?? one.Convention, Percent(one.Confidence),
                Number(one.HorizonDays), Percent(one.ValueAtRisk), Percent(one.ExpectedShortfall), Number(one.Sample),
            })], texts: 2);

    static string Limits(RiskReport report) => Table(["Limit", "Now", "Limit", "Headroom"],
        [.. report.Limits.Select(usage =>
            new[] { RiskWords.Name(usage.Code), RiskWords.Amount(usage.Observed, usage.Unit),
                RiskWords.Amount(usage.Limit, usage.Unit), RiskWords.Amount(usage.Headroom, usage.Unit) })]);

    static void Section(StringBuilder page, string title, string content) =>
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(title)}</h2>\n{content}\n");

    static string List(IEnumerable<string> lines) =>
        $"<ul>{string.Concat(lines.Select(line => $"<li>{Text(line)}</li>"))}</ul>";

    /// <param name="texts">The first columns, which are text; the others are numbers.</param>
    static string Table(string[] head, string[][] rows, int texts = 1)
    {
        string Cells(string tag, string[] cells) =>
            string.Concat(cells.Select((cell, i) => $"<{tag}{(i >= texts ? " class=n" : "")}>{Text(cell)}</{tag}>"));
        return $"<table><thead><tr>{Cells("th", head)}</tr></thead><tbody>{string.Concat(rows.Select(row => $"<tr>{Cells("td", row)}</tr>\n"))}</tbody></table>";
    }

    static string Text(string value) => WebUtility.HtmlEncode(value);

    static string Money(decimal? amount) => RiskWords.Money(amount);

    static string Money(double amount) => RiskWords.Money((decimal)amount);

    static string Share(decimal? part, decimal? whole) => part is { } p && whole is > 0
        ? Percent((double)(p / whole.Value)) : "";

    static string Percent(double? fraction) => fraction is { } known ? RiskWords.Percent(known) : "unknown";

    static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
