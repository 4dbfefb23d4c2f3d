using System.Globalization;
using Spectre.Console;
using Trading.Portfolios;
using static Trading.Commands.RiskWords;

namespace Trading.Commands;

/// <summary>The risk report as a person reads it on a terminal of 80 columns or more.</summary>
static class RiskTable
{
    const int Contributors = 5;

    public static void Write(IAnsiConsole console, RiskReport report)
    {
        console.Write(Summary(report));
        if (report.Analysis is { Measures.IsEmpty: false } analysis) console.Write(Methods(analysis));
        console.Write(Contributions(report));
        console.Write(Limits(report));
        foreach (var line in Lines(report))
            console.MarkupLineInterpolated($"{line}");
        foreach (var warning in report.Warnings)
            console.MarkupLineInterpolated($"[yellow]{warning.Message}[/]");
    }

    static Table Summary(RiskReport report)
    {
        var table = new Table { Title = new TableTitle($"Portfolio {report.Portfolio}, prices of {report.PricesAsOf:yyyy-MM-dd}") };
        table.AddColumns("Measure", "Value", "Of equity", "Method");
        table.AddRow("Equity", Money(report.Equity), "", $"{report.Positions.Length} positions, {report.Currency}");
        table.AddRow("Cash", Money(report.Cash), Share(report.Cash, report.Equity), "");
        table.AddRow("Gross exposure", Money(report.GrossExposure), Share(report.GrossExposure, report.Equity), "");
        foreach (var measure in report.Measures)
            table.AddRow(Name(measure), Money(measure.Money), Percent(measure.Fraction), Method(report.Method, measure));
        if (report.Drawdown is { } drawdown)
            table.AddRow("Drawdown", "", Percent(drawdown), "from the highest equity");
        return Aligned(table, 1, 2);
    }

    /// <summary>One line for each method: 99 % over one session, and the same over the longer horizon. What differs only in its
    /// convention or covariance is in the JSON.</summary>
    static Table Methods(RiskAnalysis analysis)
    {
        var table = new Table { Title = new TableTitle($"By method, 99 %, as of event {analysis.Sequence}") };
        table.AddColumns("Method", "VaR, 1 day", "ES, 1 day", "VaR, 10 days", "Convention, sample");
        foreach (var measure in analysis.Measures.Where(measure => measure is { Confidence: 0.99, HorizonDays: 1 }).DistinctBy(measure => measure.Method))
        {
            var longer = analysis.Measures.FirstOrDefault(other => other.HorizonDays > 1 && other.Confidence == measure.Confidence && other.Method == measure.Method
                && other.Convention == measure.Convention && other.Covariance == measure.Covariance);
            table.AddRow(Words(measure.Method) + (measure.Fallback is { } fallback ? $" → {Words(fallback.Used)}" : ""), Percent(measure.ValueAtRisk),
                Percent(measure.ExpectedShortfall), longer is null ? "" : Percent(longer.ValueAtRisk), Words($"{measure.Covariance ?? measure.Convention}, {measure.Sample}"));
        }

        return Aligned(table, 1, 2, 3);
    }

    static IEnumerable<string> Lines(RiskReport report)
    {
        if (report.Analysis is { } analysis)
        {
            if (!analysis.Volatility.IsEmpty)
                yield return " Volatility now: " + string.Join(", ", analysis.Volatility.Select(one => $"{one.Method} {Percent(one.Daily)} a day, {Percent(one.Annualised)} a year"));
            if (analysis.Stress.MaxBy(result => result.Loss) is { } worst)
                yield return $" Worst stress: {worst.Name} ({worst.Rule}), {Money(worst.LossMoney)}, {Percent(worst.Loss)} of equity";
        }

        if (report.Standing is { } standing)
            yield return $" Traffic light of the book's forecasts: {standing.Zone ?? "off, too few sessions"} ({standing.Exceptions} exceptions in {standing.Observations}); "
                + string.Create(CultureInfo.InvariantCulture, $"the VaR limit is multiplied by {standing.Multiplier:0.###}");
    }

    static Table Contributions(RiskReport report)
    {
        var table = new Table { Title = new TableTitle("Largest contributors to expected shortfall") };
        table.AddColumns("Symbol", "Sector", "Weight", "Component", "Share");
        foreach (var part in report.Contributions.OrderByDescending(part => part.Share).Take(Contributors))
            table.AddRow(part.Symbol, Markup.Escape(part.Sector ?? "unknown"), Percent(part.Weight), Money(part.ComponentMoney), Percent(part.Share));
        return Aligned(table, 2, 3, 4);
    }

    static Table Limits(RiskReport report)
    {
        var table = new Table { Title = new TableTitle("Limits and headroom") };
        table.AddColumns("Limit", "Now", "Limit", "Headroom");
        foreach (var usage in report.Limits)
            table.AddRow(Name(usage.Code), Amount(usage.Observed, usage.Unit), Amount(usage.Limit, usage.Unit), Amount(usage.Headroom, usage.Unit));
        return Aligned(table, 1, 2, 3);
    }

    static Table Aligned(Table table, params int[] numeric)
    {
        table.Border = TableBorder.Simple;
        foreach (var column in numeric) table.Columns[column].RightAligned().NoWrap();
        return table;
    }

    static string Method(RiskMethod? method, TailMeasure measure) => method is null ? "" : Words(
        $"{method.Method}, {measure.Quantile}, {method.Sample} of {method.WindowSessions} sessions, {method.HorizonDays} day");

    /// <summary>What a narrow terminal can break between words, and not within one.</summary>
    static string Words(string code) => code.Replace('_', ' ');

    static string Share(decimal? part, decimal? whole) => part is { } p && whole is > 0 ? Percent((double)(p / whole.Value)) : "";
}
