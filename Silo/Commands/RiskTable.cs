using System.Globalization;
using Spectre.Console;
using Trading.Portfolios;

namespace Trading.Commands;

/// <summary>The risk report as a person reads it on a terminal.</summary>
static class RiskTable
{
    const int Contributors = 5;

    public static void Write(IAnsiConsole console, RiskReport report)
    {
        console.Write(Summary(report));
        console.Write(Contributions(report));
        console.Write(Limits(report));
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
            table.AddRow(usage.Code.ToString(), Amount(usage.Observed, usage.Unit), Amount(usage.Limit, usage.Unit), Amount(usage.Headroom, usage.Unit));
        return Aligned(table, 1, 2, 3);
    }

    static Table Aligned(Table table, params int[] numeric)
    {
        table.Border = TableBorder.Simple;
        foreach (var column in numeric) table.Columns[column].Alignment = Justify.Right;
        return table;
    }

    static string Name(TailMeasure measure) =>
        string.Create(CultureInfo.InvariantCulture, $"{(measure.Name == "value_at_risk" ? "VaR" : "ES")} {measure.Confidence * 100:0.#} %");

    static string Method(RiskMethod? method, TailMeasure measure) =>
        method is null ? "" : $"{method.Method}, {measure.Quantile}, {method.Sample} of {method.WindowSessions} sessions, {method.HorizonDays} day";

    static string Amount(decimal? value, string unit) => value is not { } known ? "unknown" : unit switch
    {
        "fraction" => Percent((double)known),
        "money" => Money(known),
        _ => string.Create(CultureInfo.InvariantCulture, $"{known:0.##} {unit}"),
    };

    static string Share(decimal? part, decimal? whole) => part is { } p && whole is > 0 ? Percent((double)(p / whole.Value)) : "";

    static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:0.00} %");

    static string Money(decimal? amount) => amount is { } known ? known.ToString("N2", CultureInfo.InvariantCulture) : "unknown";
}
