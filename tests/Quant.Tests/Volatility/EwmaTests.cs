namespace Trading.Quant.Tests;

public sealed class EwmaTests
{
    static readonly double[] Returns = [.. Enumerable.Range(0, 40).Select(i => 0.01 * Math.Sin(i + 1))];

    [Fact]
    public void EachVariance_KnowsOnlyTheReturnsBefore()
    {
        var variances = new double[3];
        Ewma.Filter([0.1, 0.2, 0.3], 0.5, 0.04, variances).ShouldBe(0.06125, 1e-15);
        variances.ShouldBe([0.04, 0.025, 0.0325], 1e-15);
    }

    [Fact]
    public void TheSeed_IsSaid()
    {
        var volatility = Ewma.Measure(Returns, 0.97, seedCount: 2);
        volatility.SeedVariance.ShouldBe((Returns[0] * Returns[0] + Returns[1] * Returns[1]) / 2, 1e-18);
        (volatility.SeedCount, volatility.SampleCount, volatility.Decay).ShouldBe((2, 40, 0.97));
        volatility.NextDeviation.ShouldBe(Math.Sqrt(Ewma.Filter(Returns, 0.97, volatility.SeedVariance, default)));
    }

    [Fact]
    public void WhatGivesNoVariance_IsRefused()
    {
        Should.Throw<ArgumentException>(() => Ewma.Measure(new double[40])).ParamName.ShouldBe("returns");
        Should.Throw<ArgumentException>(() => Ewma.Measure([.. Returns[1..], double.NaN])).ParamName.ShouldBe("returns");
        Should.Throw<ArgumentException>(() => Ewma.Measure(Returns, 1)).ParamName.ShouldBe("decay");
        Should.Throw<ArgumentException>(() => Ewma.Measure(Returns, seedCount: 41)).ParamName.ShouldBe("seedCount");
        Should.Throw<ArgumentException>(() => Ewma.Filter(Returns, 0.94, 0, default)).ParamName.ShouldBe("seedVariance");
        Should.Throw<ArgumentException>(() => Ewma.Filter(Returns, 0.94, 1, new double[39])).ParamName.ShouldBe("variances");
    }
}
