namespace Trading.Quant.Tests;

/// <summary>Readings of a tail that other tools give without a word, on EDHEC's Convertible Arbitrage (152 months) where it
/// shows.</summary>
public sealed class TrapsOfOtherToolsTests
{
    /// <summary>Its nine worst months, and months of nothing in place of the others, which no quantile below touches.</summary>
    static readonly double[] ConvertibleArbitrage =
    [
        -0.1237, -0.1027, -0.0319, -0.0317, -0.0316, -0.0276, -0.0214, -0.0196, -0.0188, .. new double[143],
    ];

    static readonly SampleMoments Moments =
        new(152, 0.00640855263158, 0.0200473873843 * Math.Sqrt(151.0 / 152), -2.68365668373, 16.1781854044);

    [Theory]
    [InlineData(0.95, 0.01916, 0.0196, 0.0503105263)]
    [InlineData(0.99, 0.066592, 0.1027, 0.1165157895)]
    public void AnInterpolatedQuantile_MayBeFarBelowTheLossThatOccurred(
        double confidence, double interpolated, double occurred, double shortfall)
    {
        var strict = HistoricalTail.Measure(ConvertibleArbitrage, confidence);
        var type7 = HistoricalTail.Measure(ConvertibleArbitrage, confidence, QuantileMethod.Type7);
        strict.ValueAtRisk.ShouldBe(occurred, 1e-9);
        type7.ValueAtRisk.ShouldBe(interpolated, 1e-9);
        (strict.Convention, type7.Convention).ShouldBe((TailConvention.OrderStatistic, TailConvention.Type7));
        strict.ExpectedShortfall.ShouldBe(shortfall, 1e-9);
        type7.ExpectedShortfall.ShouldBe(shortfall, 1e-9);
    }

    [Theory]
    [InlineData(0.95, 0.0264578158, 0.0348071993)]
    [InlineData(0.99, 0.0400749794, 0.0468459808)]
    public void Gaussian_DividesItsVarianceByN(double confidence, double quantile, double shortfall)
    {
        var estimate = GaussianTail.Estimate(Moments.Mean, Moments.StandardDeviation, confidence);
        estimate.ValueAtRisk.ShouldBe(quantile, 1e-9);
        estimate.ExpectedShortfall.ShouldBe(shortfall, 1e-9);
    }

    [Theory]
    [InlineData(0.95, 0.0324739478, 0.09954768)]
    [InlineData(0.99, 0.1009222712, -0.0054259472)]
    public void CornishFisherAsItStands_ReportsAShortfallBelowItsQuantile(double confidence, double quantile, double shortfall)
    {
        var raw = CornishFisherTail.Expand(Moments, confidence);
        raw.ValueAtRisk.ShouldBe(quantile, 1e-9);
        raw.ExpectedShortfall.ShouldBe(shortfall, 1e-9);
        CornishFisherTail.InDomain(Moments.Skewness, Moments.ExcessKurtosis).ShouldBeFalse();
    }

    [Fact]
    public void CornishFisherOutsideItsDomain_IsAnsweredByHistory_AndSaysSo()
    {
        var measure = CornishFisherTail.Measure(ConvertibleArbitrage, 0.99);
        measure.Method.ShouldBe(TailMethod.CornishFisher);
        measure.Fallback.ShouldBe(new(TailMethod.Historical, FallbackReason.OutsideDomain));
        measure.Convention.ShouldBe(TailConvention.OrderStatistic);
        measure.ExpectedShortfall.ShouldBe(0.1165157895, 1e-9);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 8, true)]
    [InlineData(0, 8.01, false)]
    [InlineData(0, -0.01, false)] // flatter than the normal: the quantiles turn back in the far tails
    [InlineData(0.5, 2, true)]
    [InlineData(2.4, 12, true)]
    [InlineData(2.5, 14, false)]
    public void CornishFishersDomain_IsWhereItsQuantilesGrow(double skewness, double kurtosis, bool within)
    {
        CornishFisherTail.InDomain(skewness, kurtosis).ShouldBe(within);
        CornishFisherTail.InDomain(-skewness, kurtosis).ShouldBe(within);
        if (!within) return;
        double[] quantiles = [.. Enumerable.Range(1, 9_999).Select(i =>
            CornishFisherTail.Expand(new(100, 0, 1, skewness, kurtosis), i / 10_000.0).ValueAtRisk)];
        quantiles.ShouldBe(quantiles.Order());
    }

    [Fact]
    public void LossesThatTieAtTheQuantile_AreInTheShortfall() =>
        // The mean of the returns strictly below the quantile is a mean of nothing.
        HistoricalTail.Measure([.. Enumerable.Repeat(-0.02, 10), .. new double[90]], 0.95).ExpectedShortfall.ShouldBe(0.02, 1e-15);

    [Fact]
    public void ShortfallAtAHighConfidence_IsTheMeanOfTheTail_NotOfTheBody() =>
        HistoricalTail.Measure([.. Enumerable.Range(1, 100).Select(i => (double)i - 51)], 0.95).ExpectedShortfall.ShouldBe(48, 1e-12);

    [Fact]
    public void ATailOfGains_IsANegativeLoss_NotZero()
    {
        double[] gains = [.. Enumerable.Range(1, 100).Select(i => 0.01 + i * 1e-5)];
        foreach (var (name, estimate) in TailMethods.Static)
            estimate(gains, 0.95).ExpectedShortfall.ShouldBeLessThan(0, name);
    }

    [Fact]
    public void AParametricQuantile_IsNotMixedWithAnEmpiricalMean()
    {
        // The worst return is nearer than the normal's quantile: the mean of the returns beyond it would be a mean of nothing.
        double[] flat = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? -0.01 : 0.01)];
        var measure = GaussianTail.Measure(flat, 0.99);
        measure.ValueAtRisk.ShouldBe(0.0232634787, 1e-9);
        measure.ExpectedShortfall.ShouldBe(0.0266521422, 1e-9);
    }
}
