using MathNet.Numerics.Distributions;

namespace Trading.Quant.Tests;

public sealed class GarchTests
{
    static readonly double[] Simulated = Simulate(0.05, 0.02, 0.1, 0.85, 6_000);

    [Fact]
    public void Fit_FindsTheModelAgain()
    {
        var model = Garch.Fit(Simulated);
        model.Converged.ShouldBeTrue();
        model.Mean.ShouldBe(0.05, 0.03);
        model.Alpha.ShouldBe(0.1, 0.03);
        model.Beta.ShouldBe(0.85, 0.05);
        model.LongRunVariance.ShouldBe(0.4, 0.08);
    }

    [Fact]
    public void Fit_DoesNotDependOnTheUnit()
    {
        var inOne = Garch.Fit(Simulated);
        var inHundred = Garch.Fit([.. Simulated.Select(value => value / 128)]); // a power of two: exact
        inHundred.Alpha.ShouldBe(inOne.Alpha, 1e-9);
        inHundred.Beta.ShouldBe(inOne.Beta, 1e-9);
        inHundred.Omega.ShouldBe(inOne.Omega / 128 / 128, 1e-9 * inOne.Omega);
        inHundred.NegativeLogLikelihood.ShouldBe(inOne.NegativeLogLikelihood - Simulated.Length * Math.Log(128), 1e-6);
    }

    [Fact]
    public void Forecasts_ReturnToTheLongRun()
    {
        var model = Garch.Fit(Simulated);
        var next = model.Filter(Simulated, default);
        model.Forecast(next, 1).ShouldBe(next, 1e-15);
        model.Forecast(next, 2).ShouldBe(model.Omega + model.Persistence * next, 1e-12);
        model.Forecast(next, 10_000).ShouldBe(model.LongRunVariance, 1e-12);
    }

    [Fact]
    public void WhatCannotBeFitted_IsRefused()
    {
        Should.Throw<ArgumentException>(() => Garch.Fit(Simulated.AsSpan(0, 99))).ParamName.ShouldBe("returns");
        Should.Throw<ArgumentException>(() => Garch.Fit(Enumerable.Repeat(0.1, 200).ToArray())).ParamName.ShouldBe("returns");
        Should.Throw<ArgumentException>(() => Garch.Fit([.. Simulated[..200], double.NaN])).ParamName.ShouldBe("returns");
    }

    static double[] Simulate(double mean, double omega, double alpha, double beta, int count)
    {
        var random = new Random(11);
        var variance = omega / (1 - alpha - beta);
        var returns = new double[count];
        for (var i = 0; i < count; i++)
        {
            var shock = Math.Sqrt(variance) * Normal.Sample(random, 0, 1);
            returns[i] = mean + shock;
            variance = omega + alpha * shock * shock + beta * variance;
        }

        return returns;
    }
}
