using System.Globalization;
using Spectre.Console;
using Trading.Backtests;

namespace Trading.Commands;

/// <summary>A run as tables on a terminal.</summary>
static class BacktestTable
{
    public static void Write(IAnsiConsole console, BacktestResult result)
    {
        var (first, last) = (result.Daily[0].Date, result.Daily[^1].Date);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(" + ", result.Strategies.Select(one => one.Name))}, {first:yyyy-MM-dd} to {last:yyyy-MM-dd}: {result.Bars:N0} bars, {result.OrderCount:N0} orders, {result.FillCount:N0} fills"));
        console.Write(new Columns(Measures(result.Performance), Profit(result.Profit)));
        if (!result.Refused.IsEmpty)
            console.WriteLine("Not let into the market: " + string.Join(", ", result.Refused.Select(pair => $"{pair.Key} {pair.Value.ToString("N0", CultureInfo.InvariantCulture)}")));
        console.WriteLine($"Result {result.Hash}");
    }

    static Table Measures(PerformanceSummary performance)
    {
        var table = New("Measure", "");
        foreach (var (name, value) in MeasureTexts.Of(performance)) table.AddRow(Markup.Escape(name), Markup.Escape(value));
        return table;
    }

    static Table Profit(ProfitStatement profit)
    {
        var (costs, carry) = (profit.Costs, profit.Carry);
        var table = New("Profit", "");
        (string, decimal)[] rows =
        [
            ("on paper", profit.Paper), ("delay", -costs.Delay), ("spread", -costs.Spread), ("impact", -costs.Impact),
            ("slippage", -costs.Slippage), ("fees", -costs.Fees), ("opportunity", -costs.Opportunity), ("dividends", carry.Dividends),
            ("interest", carry.Interest), ("borrow", carry.Borrow), ("funding", carry.Funding), ("profit", profit.Net),
        ];
        foreach (var (name, amount) in rows) table.AddRow(name, amount.ToString("N2", CultureInfo.InvariantCulture));
        return table;
    }

    static Table New(string text, string number) => new Table().Border(TableBorder.SimpleHeavy)
        .AddColumn(new TableColumn(text).NoWrap()).AddColumn(new TableColumn(number).NoWrap().RightAligned());
}
