using System.Globalization;
using Spectre.Console;
using Trading.Backtests;

namespace Trading.Commands;

/// <summary>A sweep as a table on a terminal.</summary>
static class SweepTable
{
    const int MostShown = 10;

    public static void Write(IAnsiConsole console, SweepReport report, double periodsPerYear)
    {
        var table = new Table().Border(TableBorder.SimpleHeavy).AddColumn("Parameters");
        foreach (var column in new[] { "Sharpe", "Return", "Drawdown", "Turnover" })
            table.AddColumn(new TableColumn(column).NoWrap().RightAligned());
        foreach (var trial in report.Best.Take(MostShown))
            table.AddRow(
                Markup.Escape(Words(trial)), MeasureTexts.Two(trial.Sharpe?.Annualised(periodsPerYear)), MeasureTexts.Percent(trial.TotalReturn),
                MeasureTexts.Percent(trial.MaxDrawdown), MeasureTexts.Two(trial.Turnover));
        console.Write(table);
        foreach (var line in SweepTexts.Of(report)) console.WriteLine(line);
    }

    static string Words(TrialResult trial) =>
        string.Join(", ", trial.Parameters.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")));
}
