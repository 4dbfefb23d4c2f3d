using FsCheck.Fluent;

namespace Trading.Quant.Tests;

/// <summary>What holds for every estimate, or for every one that it can hold for.</summary>
public sealed class TailMethodTests
{
    static readonly FsCheck.Gen<(double[] Returns, double Confidence)> Varied =
        Samples.WithConfidence.Where(sample => sample.Pnl.Distinct().Count() > 1);

    static readonly FsCheck.Gen<(double[] Returns, double Confidence)> FatTailed =
        from seed in Gen.Choose(0, int.MaxValue)
        from count in Gen.Choose(400, 700)
        from confidence in Gen.Elements(0.95, 0.975, 0.99)
        select (Drawn(seed, count), confidence);

    [Fact]
    public void Shortfall_IsNeverBelowValueAtRisk_WhateverTheMethod() => Varied.Hold(sample =>
    {
        foreach (var (name, estimate) in TailMethods.All)
        {
            var measure = estimate(sample.Returns, sample.Confidence);
            measure.ExpectedShortfall.ShouldBeGreaterThanOrEqualTo(measure.ValueAtRisk, name);
            measure.SampleCount.ShouldBe(sample.Returns.Length);
            measure.Confidence.ShouldBe(sample.Confidence);
            measure.Horizon.ShouldBe(Horizon.OnePeriod);
        }
    });

    [Fact]
    public void Measures_ScaleWithThePosition_WhateverTheMethod() => Varied.Hold(sample =>
    {
        foreach (var (name, estimate) in TailMethods.All)
            Close(
                estimate([.. sample.Returns.Select(value => 4 * value)], sample.Confidence),
                estimate(sample.Returns, sample.Confidence), 4, 0, name);
    });

    [Fact]
    public void Measures_FallByAnAmountAddedToEveryReturn() => Varied.Hold(sample =>
    {
        foreach (var (name, estimate) in TailMethods.Static)
            Close(
                estimate([.. sample.Returns.Select(value => value + 1000)], sample.Confidence),
                estimate(sample.Returns, sample.Confidence), 1, -1000, name);
    });

    [Fact]
    public void Measures_DoNotDependOnTheOrder_UnlessAgeCounts() => Varied.Hold(sample =>
    {
        var shuffled = sample.Returns.ToArray();
        new Random(shuffled.Length).Shuffle(shuffled);
        foreach (var (name, estimate) in TailMethods.Static)
            Close(estimate(shuffled, sample.Confidence), estimate(sample.Returns, sample.Confidence), 1, 0, name);
    });

    [Fact]
    public void FittedMethods_KeepShortfallAboveValueAtRisk_AndScale() => FatTailed.Hold(sample =>
    {
        foreach (var (name, estimate) in TailMethods.Fitted)
        {
            var measure = estimate(sample.Returns, sample.Confidence);
            measure.ExpectedShortfall.ShouldBeGreaterThanOrEqualTo(measure.ValueAtRisk, name);
            Close(estimate([.. sample.Returns.Select(value => 4 * value)], sample.Confidence), measure, 4, 0, name);
        }
    }, tests: 10);

    [Fact]
    public void AReturnThatIsNotFinite_IsRefusedByName()
    {
        foreach (var (name, estimate) in TailMethods.All.Concat(TailMethods.Fitted))
            foreach (var value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
            {
                var returns = Drawn(3, 400);
                returns[^1] = value;
                Should.Throw<ArgumentException>(() => estimate(returns, 0.95), name).ParamName.ShouldBe("returns", name);
            }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(double.NaN)]
    public void AConfidenceOutOfRange_IsRefusedByName(double confidence)
    {
        foreach (var (name, estimate) in TailMethods.All.Concat(TailMethods.Fitted))
            Should.Throw<ArgumentException>(() => estimate(Drawn(3, 400), confidence), name).ParamName.ShouldBe("confidence", name);
    }

    [Fact]
    public void ReturnsTooLargeToSquare_AreRefusedOrMeasured_NeverNotANumber()
    {
        double[] huge = [.. Drawn(3, 400).Select(value => value * 1e200)];
        foreach (var (_, estimate) in TailMethods.All.Concat(TailMethods.Fitted))
            try
            {
                double.IsFinite(estimate(huge, 0.95).ExpectedShortfall).ShouldBeTrue();
            }
            catch (ArgumentException)
            {
                // Refused by name: as good.
            }
    }

    /// <summary>Independent returns with about the tails of daily ones.</summary>
    static double[] Drawn(int seed, int count)
    {
        var random = new Random(seed);
        var shape = new StudentT(0.0005, 0.01, 4);
        return [.. Enumerable.Range(0, count).Select(_ => shape.Quantile(Math.Clamp(random.NextDouble(), 1e-9, 1 - 1e-9)))];
    }

    static void Close(TailMeasure actual, TailMeasure expected, double factor, double shift, string name)
    {
        Close(actual.ValueAtRisk, factor * expected.ValueAtRisk + shift);
        Close(actual.ExpectedShortfall, factor * expected.ExpectedShortfall + shift);

        void Close(double value, double target) => value.ShouldBe(target, 1e-9 * (1000 + Math.Abs(target) + Math.Abs(shift)), name);
    }
}
