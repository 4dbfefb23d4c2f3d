using Trading.MarketData;
using Trading.Testing;

namespace Trading.Backtests.Tests;

public sealed class HistoryLoaderTests : IDisposable
{
    static readonly DateOnly Today = new(2026, 1, 5);
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheDaysOfTheTest_AreTaken_WithTheActionsOfTheSymbol()
    {
        Write("acme.csv", "date,open,high,low,close,volume\n2025-01-02,10,11,9,10,100\n2025-01-03,10,11,9,10,100\n2025-01-06,5,6,4,5,200\n2025-01-07,5,6,4,5,200\n");
        Write("actions.csv", "symbol,ex_date,kind,value\nACME,2025-01-06,split,2\n");
        var history = Load(new() { From = new(2025, 1, 3) });
        var series = history.Series.ShouldHaveSingleItem();
        (series.Symbol, series.Count, series.First.Day).ShouldBe(("ACME", 3, 3));
        series.Index.ShouldBe([10, 10, 10]);
        series.KnowsVolume.ShouldBeTrue();
    }

    [Fact]
    public void SymbolsThatAreNotThere_AreAllNamed()
    {
        Write("acme.csv", "date,open,high,low,close\n2025-01-02,10,11,9,10\n");
        Write("late.csv", "date,open,high,low,close\n2026-01-02,10,11,9,10\n");
        var refused = Should.Throw<BacktestDataException>(() => Load(new() { Symbols = ["ACME", "LATE", "NONE", "NADA"], To = new(2025, 6, 1) }));
        refused.Errors.Select(error => (error.Field, error.Rule)).ShouldBe([("from", "empty"), ("symbols", "no_data"), ("symbols", "no_data")]);
        Should.Throw<BacktestDataException>(() => Load(new() { Interval = BarInterval.OneMinute, Symbols = [] })).Message.ShouldContain("1m");
        Should.Throw<FileNotFoundException>(() => HistoryFiles.Read(Path.Combine(_folder.Path, "no"), null, Today));
    }

    /// <summary>Closes with Lean's factors beside them, against the adjusted closes that Lean made of both.</summary>
    [ReferenceFact]
    public void WhatAHolderEarned_IsWhatTheFactorsSay_OfEveryRealShare()
    {
        var data = Path.Combine(RepositoryFiles.Shared!, "data");
        foreach (var symbol in new[] { "aapl", "bac", "ibm", "spy", "qqq" })
        {
            var file = HistoryFiles.Read(Path.Combine(data, "daily", $"{symbol}.csv"), Path.Combine(data, "factors"), Today);
            var series = HistoryLoader.Load(new(), file, AssetClasses.ByForm).Series[0];
            var adjusted = File.ReadLines(Path.Combine(data, "adjusted", $"{symbol}.csv")).Skip(1).Select(line => line.Split(','))
                .ToDictionary(cells => DateTime.Parse(cells[0]), cells => double.Parse(cells[4]));
            var worst = 0.0;
            for (var bar = 1; bar < series.Count; bar++)
            {
                var (day, before) = (new DateTime(series.Start[bar]), new DateTime(series.Start[bar - 1]));
                if (day - before > TimeSpan.FromDays(10)) continue; // the file has a gap of months: QQQ under another ticker
                if (!adjusted.TryGetValue(day, out var now) || !adjusted.TryGetValue(before, out var then)) continue;
                worst = Math.Max(worst, Math.Abs(series.Index[bar] / series.Index[bar - 1] - now / then));
            }

            // Lean takes a dividend off the price before, a holder reinvests at the price after: they differ by the day's own move.
            worst.ShouldBeLessThan(2e-3, symbol);
        }
    }

    MarketHistory Load(BacktestSpec spec) => HistoryLoader.Load(spec, HistoryFiles.Read(_folder.Path, null, Today), AssetClasses.ByForm);

    void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.Path, name), content);
}
