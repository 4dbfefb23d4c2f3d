using Trading.MarketData;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class TimeOrderTests
{
    [Fact]
    public void BarsOfAllIntervals_BecomeKnownInOneOrderOfTime()
    {
        var crypto = new SymbolTerms { AssetClass = AssetClass.Crypto };
        SymbolBars Every(string symbol, TimeSpan interval, int count) => BarColumnsBuilder.Build(
            symbol, interval, [.. Enumerable.Range(0, count).Select(i => new Bar(Start + i * interval, 10, 10, 10, 10, 1m))], crypto);
        var history = Of(
            Every("DAY", TimeSpan.FromDays(1), 2), Every("HOUR", TimeSpan.FromHours(1), 48), Every("MINUTE", TimeSpan.FromMinutes(1), 2880));
        var seen = new List<(DateTimeOffset Now, string Symbol)>();
        _ = new TestRun(history, (context, _) =>
        {
            foreach (var series in context.Completed)
            {
                seen.Add((context.Now, context.Symbol(series)));
                var known = context.Closes(series).Length;
                (Start + known * history.Series[series].Interval).ShouldBe(context.Now);
            }
        });
        seen.Count.ShouldBe(2 + 48 + 2880);
        seen.Select(one => one.Now).ShouldBe(seen.Select(one => one.Now).Order());
        seen.Where(one => one.Now == Day(1)).Select(one => one.Symbol).ShouldBe(["DAY", "HOUR", "MINUTE"]);
    }

    [Fact]
    public void AFill_IsNotKnownBeforeItsBarIsComplete()
    {
        var crypto = new SymbolTerms { AssetClass = AssetClass.Crypto };
        var days = Daily("D", crypto, (10, 10, 10, 10, 1000), (11, 11, 11, 11, 1000), (12, 12, 12, 12, 1000));
        var hours = BarColumnsBuilder.Build(
            "H", TimeSpan.FromHours(1), [.. Enumerable.Range(0, 72).Select(i => new Bar(Start.AddHours(i), 5, 5, 5, 5, 1m))], crypto);
        var noticed = default(DateTimeOffset);
        var run = new TestRun(Of(days, hours), (context, moment) =>
        {
            if (context.Now == Day(1)) context.Submit(new(0, 1));
            if (noticed == default && context.Position(0) != 0) noticed = context.Now;
        });
        run.OnlyFill.Time.ShouldBe(Day(1));
        noticed.ShouldBe(Day(2));
    }

    [Fact]
    public void BarsThatOverlapOrCannotBe_AreRefused_EveryOneOfThem()
    {
        Bar[] bars =
        [
            new(Day(0), 10, 10, 10, 10, 1), new(Day(0).AddHours(5), 10, 10, 10, 10, 1), new(Day(2), 10, 9, 8, 10, 1),
            new(Day(3), 0, 0, 0, 0, 1), new(Day(4), 10, 11, 9, 10, -1),
        ];
        var refused = Should.Throw<BacktestDataException>(() => BarColumnsBuilder.Build("A", TimeSpan.FromDays(1), bars));
        refused.Errors.Select(error => error.Rule).ShouldBe(["overlap", "bar", "bar", "range"]);
        Should.Throw<BacktestDataException>(() => BarColumnsBuilder.Build("A", TimeSpan.FromDays(1), [])).Errors[0].Rule.ShouldBe("count");
    }

    [Fact]
    public void SymbolTwice_IsRefused() =>
        Should.Throw<BacktestDataException>(() => Of(Closes("A", 1), Closes("A", 1))).Errors.ShouldHaveSingleItem().Rule.ShouldBe("duplicate");

    [Fact]
    public void StrategyThatThrows_EndsTheRun_WithItsNameMomentAndCause()
    {
        var failure = Should.Throw<StrategyFailedException>(() => new TestRun(
            Of(Closes("A", 1, 2, 3)), (_, moment) => { if (moment == 1) throw new InvalidOperationException("no idea"); }));
        failure.Message.ShouldContain("script");
        failure.Message.ShouldContain("2020-01-07");
        failure.Message.ShouldContain("no idea");
    }
}
