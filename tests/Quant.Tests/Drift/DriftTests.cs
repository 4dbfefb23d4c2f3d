namespace Trading.Quant.Tests;

public sealed class DriftTests
{
    [Fact]
    public void Index_OfThePublishedExample() =>
        PopulationStability.Index([0.2, 0.5, 0.3], [0.1, 0.6, 0.3]).ShouldBe(0.0875, 5e-5);

    [Fact]
    public void Baseline_HasDecilesOfItsOwn_AndNoDistanceFromItself()
    {
        double[] values = [.. Enumerable.Range(0, 1_000).Select(i => (double)(i * 7 % 1_000))];
        var baseline = PopulationStability.Of(values);
        baseline.Shares.ShouldBe(Enumerable.Repeat(0.1, 10), 1e-9);
        baseline.Index(values).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void Edges_StayWhereTheyWere_WhateverComes()
    {
        var baseline = PopulationStability.Of([.. Enumerable.Range(0, 1_000).Select(i => i / 1_000.0)]);
        var (half, far) = (baseline.Index([.. Enumerable.Range(0, 500).Select(i => i / 1_000.0)]), baseline.Index([5.0, 6, 7]));
        half.ShouldBe(5 * 0.1 * Math.Log(2) + 5 * (1e-4 - 0.1) * Math.Log(1e-4 / 0.1), 1e-9);
        far.ShouldBeGreaterThan(PopulationStability.Act * 10);
    }

    [Fact]
    public void EqualValues_ShareABin() => PopulationStability.Of([1, 1, 1, 1, 1, 1, 1, 1, 2, 3]).Edges.ShouldBe([1, 2]);

    [Fact]
    public void KolmogorovSmirnov_IsTheLargestGap_WorkedByHand()
    {
        // At 2: 2 of 4 against 0 of 3; at 4: 4 of 4 against 1 of 3.
        KolmogorovSmirnov.Of([1, 2, 3, 4], [3.5, 5, 6]).Distance.ShouldBe(0.75, 1e-12);
        KolmogorovSmirnov.Of([1, 2, 3], [1, 2, 3]).ShouldBe(new(0, 1));
    }

    [Fact]
    public void KolmogorovSmirnov_RejectsOneDistribution_AsOftenAsItSays()
    {
        var random = new Random(5);
        double[] Draw(int count, double shift) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() + shift)];
        Enumerable.Range(0, 1_000).Count(_ => KolmogorovSmirnov.Of(Draw(150, 0), Draw(200, 0)).PValue < 0.05).ShouldBeInRange(25, 75);
        Enumerable.Range(0, 100).Count(_ => KolmogorovSmirnov.Of(Draw(150, 0), Draw(200, 0.2)).PValue < 0.05).ShouldBeGreaterThan(90);
    }

    [Fact]
    public void EmptySamplesAndNaN_AreRefused()
    {
        Should.Throw<ArgumentException>(() => PopulationStability.Of([]));
        Should.Throw<ArgumentException>(() => PopulationStability.Of([1, double.NaN]));
        Should.Throw<ArgumentException>(() => KolmogorovSmirnov.Of([1], []));
    }
}
