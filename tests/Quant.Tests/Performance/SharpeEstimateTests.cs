namespace Trading.Quant.Tests;

public sealed class SharpeEstimateTests
{
    static readonly double YearOfMonths = Math.Sqrt(12);

    // The example of PerformanceAnalytics' documentation.
    static readonly SharpeEstimate FundOfFiveYears = new(59, 2 / YearOfMonths, -0.72, 5.78);

    // The example of Bailey and López de Prado (2014): 2.5 a year over five years of 250 days.
    static readonly SharpeEstimate PaperTrial = new(1250, 2.5 / Math.Sqrt(250), -3, 10);

    const double PaperVariance = 0.5 / 250;

    [Fact]
    public void TheProbabilisticRatio_TakesTheKurtosisOfTheNormalAsThree_NotAsZero()
    {
        FundOfFiveYears.Probabilistic(1 / YearOfMonths).ShouldBe(0.948693, 5e-7);
        (FundOfFiveYears with { Kurtosis = 5.78 - 3 }).Probabilistic(1 / YearOfMonths).ShouldBe(0.960620, 5e-7);
    }

    [Fact]
    public void ABenchmarkAboveTheRatio_GivesLessThanOneHalf() =>
        FundOfFiveYears.Probabilistic(3 / YearOfMonths).ShouldBeInRange(0.001, 0.499);

    [Fact]
    public void AtTheMinimumTrackRecord_TheProbabilityIsTheConfidence()
    {
        var needed = FundOfFiveYears.MinimumTrackRecord(1 / YearOfMonths, 0.95).ShouldNotBeNull();
        needed.ShouldBeGreaterThan(59);
        var (below, above) = ((int)Math.Floor(needed), (int)Math.Ceiling(needed));
        (FundOfFiveYears with { Count = below }).Probabilistic(1 / YearOfMonths).ShouldBeLessThan(0.95);
        (FundOfFiveYears with { Count = above }).Probabilistic(1 / YearOfMonths).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void NoTrackRecord_ProvesARatioAboveTheObservedOne() =>
        FundOfFiveYears.MinimumTrackRecord(2 / YearOfMonths).ShouldBeNull();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 1.192594)]
    [InlineData(10, 1.574598)]
    [InlineData(45, 2.235640)]
    [InlineData(100, 2.530603)]
    [InlineData(1000, 3.255122)]
    public void TheBestOfTrialsWithoutSkill_IsThePapers(long trials, double expected) =>
        SharpeEstimate.ExpectedMaximum(trials, 1).ShouldBe(expected, 5e-6);

    [Fact]
    public void TheDeflatedRatio_IsThePapers()
    {
        SharpeEstimate.ExpectedMaximum(100, PaperVariance).ShouldBe(0.1132, 5e-5);
        PaperTrial.Deflated(100, PaperVariance).ShouldBe(0.9004, 5e-5);
        PaperTrial.Deflated(46, PaperVariance).ShouldBe(0.9505, 5e-5);
    }

    [Fact]
    public void MoreTrials_NeverMakeAResultMoreCredible()
    {
        long[] trials = [1, 2, 3, 10, 100, 10_000, 1_000_000, 1_000_000_000];
        var deflated = trials.Select(count => PaperTrial.Deflated(count, PaperVariance)).ToArray();
        deflated.ShouldBe(deflated.OrderDescending());
        deflated[0].ShouldBe(PaperTrial.Probabilistic(0));
    }

    [Fact]
    public void ASample_HasTheRatioOfItsExcessReturns()
    {
        double[] returns = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 0.03 : -0.01)];
        var estimate = SharpeEstimate.Of(returns, 0.002).ShouldNotBeNull();
        estimate.Count.ShouldBe(40);
        estimate.Ratio.ShouldBe(0.008 / (0.02 * Math.Sqrt(40.0 / 39)), 1e-12);
        estimate.Skewness.ShouldBe(0, 1e-12);
        estimate.Kurtosis.ShouldBe(1, 1e-12);
        estimate.Annualised(12).ShouldBe(estimate.Ratio * Math.Sqrt(12), 1e-15);
    }

    [Fact]
    public void ReturnsThatDoNotDiffer_HaveNoRatio() =>
        SharpeEstimate.Of([.. Enumerable.Repeat(0.01, 30)]).ShouldBeNull();

    [Fact]
    public void WhatIsNoQuestion_IsRefused()
    {
        Should.Throw<ArgumentException>(() => PaperTrial.Deflated(0, 1)).ParamName.ShouldBe("trials");
        Should.Throw<ArgumentException>(() => PaperTrial.Deflated(2, -1)).ParamName.ShouldBe("trialVariance");
        Should.Throw<ArgumentException>(() => PaperTrial.Deflated(2, double.NaN)).ParamName.ShouldBe("trialVariance");
        Should.Throw<ArgumentException>(() => PaperTrial.Probabilistic(double.NaN)).ParamName.ShouldBe("benchmark");
        Should.Throw<ArgumentException>(() => PaperTrial.MinimumTrackRecord(0, 0.5)).ParamName.ShouldBe("confidence");
        Should.Throw<ArgumentException>(() => (PaperTrial with { Count = 1 }).Probabilistic(0)).ParamName.ShouldBe("Count");
        Should.Throw<ArgumentException>(() => new SharpeEstimate(50, 2, 1, 1).Probabilistic(0)).ParamName.ShouldBe("Ratio");
        Should.Throw<ArgumentException>(() => SharpeEstimate.Of([0.1, 0.2])).ParamName.ShouldBe("returns");
    }
}
