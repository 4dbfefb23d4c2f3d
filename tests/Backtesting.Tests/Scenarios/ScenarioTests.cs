using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class ScenarioTests
{
    static readonly MarketHistory Stocks = Sample("IBM", "KO", "INTC", "GE");

    static double[] Changes(SymbolBars series) =>
        [.. Enumerable.Range(1, series.Count - 1).Select(bar => series.Index[bar] / series.Index[bar - 1] - 1)];

    static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    static double Correlation(double[] one, double[] other)
    {
        var (mean, theirs) = (one.Average(), other.Average());
        return one.Zip(other, (a, b) => (a - mean) * (b - theirs)).Average() / Deviation(one) / Deviation(other);
    }

    [Fact]
    public void HistoryAsItWas_StaysAsItWas() =>
        ScenarioPaths.Apply(new(), Stocks, 1).ShouldBeSameAs(Stocks);

    [Fact]
    public void TheBootstrap_IsTheSameForASeed_AndAnotherForAnother()
    {
        long[] Path(long seed) => ScenarioPaths.Apply(new(ScenarioKind.BlockBootstrap), Stocks, seed).Series[0].Close;
        Path(1).ShouldBe(Path(1));
        Path(1).ShouldNotBe(Path(2));
    }

    [Theory]
    [InlineData(ScenarioKind.BlockBootstrap)]
    [InlineData(ScenarioKind.RegimeSwitching)]
    public void DrawnMarkets_MoveLikeTheRealOne_AndTogether(ScenarioKind kind)
    {
        var real = Stocks.Series.Select(Changes).ToArray();
        var (deviation, correlation, runs) = (0.0, 0.0, 12);
        for (var seed = 1; seed <= runs; seed++)
        {
            var drawn = ScenarioPaths.Apply(new(kind), Stocks, seed).Series.Select(Changes).ToArray();
            deviation += Deviation(drawn[0]) / runs;
            correlation += Correlation(drawn[1], drawn[3]) / runs;
        }

        deviation.ShouldBe(Deviation(real[0]), 0.1 * Deviation(real[0]));
        correlation.ShouldBe(Correlation(real[1], real[3]), 0.08);
    }

    [Fact]
    public void Regimes_KeepVolatilityTogether_WhereSingleDaysDoNot()
    {
        double Clustering(MarketScenario scenario) => Enumerable.Range(1, 12).Average(seed =>
        {
            var moves = Changes(ScenarioPaths.Apply(scenario, Stocks, seed).Series[0]).Select(Math.Abs).ToArray();
            return Correlation(moves[..^5], moves[5..]);
        });
        Clustering(new(ScenarioKind.RegimeSwitching)).ShouldBeGreaterThan(Clustering(new(ScenarioKind.BlockBootstrap, Block: 1)) + 0.02);
    }

    [Fact]
    public void Stress_MultipliesVolatility_AndTakesLiquidityAway()
    {
        var market = TestMarkets.Random(8, 2, 400);
        var stressed = ScenarioPaths.Apply(new(Volatility: 2, Liquidity: 4), market, 1);
        var common = stressed.Series[0].Start;
        var calm = ScenarioPaths.Apply(new(Liquidity: 1.0000001), market, 1).Series[0];
        Deviation(Changes(stressed.Series[0])).ShouldBe(2 * Deviation(Changes(calm)), 0.02 * Deviation(Changes(calm)));
        ((double)stressed.Series[0].Volume.Sum()).ShouldBe(calm.Volume.Sum() / 4.0, calm.Volume.Sum() / 1e6);
        common.Length.ShouldBeLessThan(400);
    }

    [Fact]
    public void ACrisis_IsItsDays()
    {
        var (first, last) = ScenarioPaths.Apply(new(Crisis: "russia_ltcm_1998"), Stocks, 1).Days;
        (first >= new DateOnly(1998, 7, 15) && last <= new DateOnly(1998, 10, 31)).ShouldBeTrue();
        Should.Throw<BacktestDataException>(() => ScenarioPaths.Apply(new(Crisis: "pandemic_2020"), Stocks, 1)).Message.ShouldContain("pandemic_2020");
    }

    [Fact]
    public void ATest_IsMadeOnItsScenario_AndAWiderSpreadCostsMore()
    {
        var spec = new BacktestSpec
        {
            Strategies = [StrategySpec.Of("moving_average_cross")], Execution = new() { AssumedDailyVolume = 1_000_000 },
            Scenario = new(Spread: 3),
        };
        var wide = BacktestRunner.Run(spec, Stocks, StrategyCatalog.BuiltIn);
        var usual = BacktestRunner.Run(spec with { Scenario = new() }, Stocks, StrategyCatalog.BuiltIn);
        ((double)(wide.Profit.Costs.Spread / usual.Profit.Costs.Spread)).ShouldBe(3, 0.1);
        var other = BacktestRunner.Run(spec, Stocks.Under(new(ScenarioKind.BlockBootstrap), 5), StrategyCatalog.BuiltIn);
        other.Hash.ShouldNotBe(usual.Hash);
        BacktestRules.Check(spec with { Scenario = new(Volatility: -1, Crisis: "none") }, StrategyCatalog.BuiltIn)
            .Select(error => error.Field).ShouldBe(["scenario.volatility", "scenario.crisis"]);
    }
}
