using System.Collections.Immutable;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class StrategyTests
{
    static TestRun Run(MarketHistory history, string name, params (string, double)[] parameters)
    {
        var spec = new BacktestSpec { Strategies = [StrategySpec.Of(name, parameters)], Cash = 100_000 };
        return new(history, BacktestRunner.Participants(spec, StrategyCatalog.BuiltIn));
    }

    [Fact]
    public void MovingAverageCross_IsLong_WhenTheFasterMeanIsHigher()
    {
        var history = Sample("IBM");
        var series = history.Series[0];
        var run = Run(history, "moving_average_cross", ("fast", 20), ("slow", 50));
        // The same by definition: both means anew on every day; at a tie the position stays.
        var expected = new List<(long Decided, bool Long)>();
        var held = false;
        for (var bar = 49; bar < series.Count; bar++)
        {
            var (fast, slow) = (series.Index[(bar - 19)..(bar + 1)].Average(), series.Index[(bar - 49)..(bar + 1)].Average());
            if (Math.Abs(fast - slow) < 1e-9 || fast > slow == held) continue;
            held = fast > slow;
            expected.Add((series.EndTime(bar), held));
        }

        run.Orders.OrderBy(order => order.Id).Select(order => (order.DecidedAt.UtcTicks, order.Quantity > 0)).ShouldBe(expected);
        expected.Count.ShouldBeGreaterThan(40);
    }

    [Fact]
    public void MeanReversion_BuysLow_AndSellsWhenThePriceIsBack()
    {
        decimal[] closes = [.. Enumerable.Range(0, 30).Select(i => 100m + i % 2), 90, 100.5m, 100.5m, 100.5m];
        var run = Run(Of(Closes("A", closes)), "mean_reversion");
        run.Orders.Select(order => (order.DecidedAt.Date, order.Quantity > 0)).ShouldBe([(Day(30).Date, true), (Day(31).Date, false)]);
    }

    [Fact]
    public void MomentumRank_HoldsTheWinners()
    {
        var history = Of(
            Closes("UP", [.. Enumerable.Range(0, 40).Select(i => 100m + i)]), Closes("FLAT", [.. Enumerable.Repeat(100m, 40)]),
            Closes("DOWN", [.. Enumerable.Range(0, 40).Select(i => 100m - i)]));
        var run = Run(history, "momentum_rank", ("lookback", 10), ("skip", 0), ("share", 0.34), ("every", 5));
        run.Account.Position(0).ShouldBeGreaterThan(0);
        (run.Account.Position(1), run.Account.Position(2)).ShouldBe((0, 0));
    }

    [Fact]
    public void VolatilityTarget_HoldsLessOfWhatMovesMore()
    {
        var history = Of(
            Closes("CALM", [.. Enumerable.Range(0, 80).Select(i => 100m + i % 2 * 0.5m)]),
            Closes("WILD", [.. Enumerable.Range(0, 80).Select(i => 100m + i % 2 * 5)]));
        var run = Run(history, "volatility_target", ("target", 0.05));
        var market = run.Simulation.Market;
        var (calm, wild) = (run.Account.Position(0) * market.Worth(0), run.Account.Position(1) * market.Worth(1));
        ((double)(calm / wild)).ShouldBe(10, 1.5);
    }

    [Fact]
    public void ModelDriven_TradesAPrediction_OnceItCanBeKnown()
    {
        var predictions = new Dictionary<string, ImmutableArray<Prediction>>
        {
            ["A"] = [new(Day(0).AddHours(20), 0.4), new(Day(2).AddHours(21), 0.9), new(Day(4).AddHours(23), 0.1)],
        };
        var spec = new BacktestSpec { Strategies = [StrategySpec.Of("model_driven")] };
        var run = new TestRun(
            Of(Closes("A", [.. Enumerable.Repeat(10m, 8)])), BacktestRunner.Participants(spec, StrategyCatalog.BuiltIn, predictions));
        run.Orders.Select(order => (order.DecidedAt.Date, order.Quantity > 0)).ShouldBe([(Day(2).Date, true), (Day(5).Date, false)]);
    }

    [Fact]
    public void EveryStrategy_SaysWhatItsParametersAre()
    {
        foreach (var strategy in StrategyCatalog.BuiltIn.All)
        {
            strategy.Parameters.ShouldAllBe(parameter => parameter.Default >= parameter.Least && parameter.Default <= parameter.Most);
            var errors = new List<FieldError>();
            strategy.Complete(ImmutableDictionary<string, double>.Empty, "parameters", errors);
            errors.ShouldBeEmpty(strategy.Name);
        }
    }
}
