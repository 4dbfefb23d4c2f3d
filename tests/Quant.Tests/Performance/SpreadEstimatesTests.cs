namespace Trading.Quant.Tests;

public sealed class SpreadEstimatesTests
{
    [Theory]
    [InlineData(0.005)]
    [InlineData(0.01)]
    [InlineData(0.02)]
    public void ASpreadInSimulatedQuotes_IsFound(double spread)
    {
        var (high, low, close) = Market(spread, days: 4000, seed: 11);
        SpreadEstimates.AbdiRanaldo(high, low, close).ShouldBe(spread, 0.35 * spread + 0.001);
        SpreadEstimates.CorwinSchultz(high, low, close).ShouldBe(spread, 0.5 * spread + 0.003);
    }

    [Fact]
    public void AWiderSpread_NeverLooksNarrower()
    {
        double[] spreads = [0, 0.004, 0.008, 0.016, 0.032];
        var found = spreads.Select(spread => Market(spread, 2000, seed: 3))
            .Select(bars => SpreadEstimates.CorwinSchultz(bars.High, bars.Low, bars.Close)).ToArray();
        found.ShouldBe(found.Order());
    }

    [Fact]
    public void BarsWithoutARange_HaveNoSpread()
    {
        double[] flat = [10, 10, 10, 10];
        SpreadEstimates.CorwinSchultz(flat, flat, flat).ShouldBe(0);
        SpreadEstimates.AbdiRanaldo(flat, flat, flat).ShouldBe(0);
    }

    [Fact]
    public void WhatAreNoBars_IsRefused()
    {
        Should.Throw<ArgumentException>(() => SpreadEstimates.CorwinSchultz([1, 1], [1, 1], [1, 1])).ParamName.ShouldBe("high");
        Should.Throw<ArgumentException>(() => SpreadEstimates.CorwinSchultz([1, 1, 1], [1, 1], [1, 1, 1])).ParamName.ShouldBe("low");
        Should.Throw<ArgumentException>(() => SpreadEstimates.AbdiRanaldo([1, 1, 1], [1, 2, 1], [1, 1, 1])).ParamName.ShouldBe("low");
    }

    /// <summary>A random walk of 390 trades a day, each on the bid or the ask.</summary>
    static (double[] High, double[] Low, double[] Close) Market(double spread, int days, int seed)
    {
        var random = new Random(seed);
        var (high, low, close, price) = (new double[days], new double[days], new double[days], 100.0);
        for (var day = 0; day < days; day++)
        {
            (high[day], low[day]) = (0, double.MaxValue);
            for (var trade = 0; trade < 390; trade++)
            {
                price *= 1 + (random.NextDouble() - 0.5) * 0.0017;
                close[day] = price * (1 + (random.Next(2) - 0.5) * spread);
                (high[day], low[day]) = (Math.Max(high[day], close[day]), Math.Min(low[day], close[day]));
            }
        }

        return (high, low, close);
    }
}
