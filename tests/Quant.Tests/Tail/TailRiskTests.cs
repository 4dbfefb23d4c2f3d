using FsCheck.Fluent;

namespace Trading.Quant.Tests;

public sealed class TailRiskTests
{
    /// <summary>-n, ..., -2, -1 in a shuffled order: the loss of rank r is n + 1 - r.</summary>
    static double[] Losses(int count) => [.. Enumerable.Range(0, count).Select(i => -1.0 - i * 11L % count)];

    [Theory]
    [InlineData(100, 0.95, 96)] // rank 5, not 6: 100 · (1 - 0.95) is 5.000000000000004 in floating point
    [InlineData(100, 0.99, 100)]
    [InlineData(100, 0.90, 91)]
    [InlineData(1000, 0.975, 976)]
    [InlineData(252, 0.95, 240)] // rank ceil(12.6) = 13
    [InlineData(252, 0.99, 250)]
    [InlineData(50, 0.99, 50)] // less than one observation: the worst
    public void ValueAtRisk_ByOrderStatistic_IsTheObservationOfTheRank(int count, double confidence, double expected) =>
        TailRisk.HistoricalValueAtRisk(Losses(count), confidence).ShouldBe(expected);

    [Fact]
    public void ValueAtRisk_ByType7_LiesBetweenItsNeighbours() =>
        TailRisk.HistoricalValueAtRisk(Losses(100), 0.95, QuantileMethod.Type7).ShouldBe(95.05, 1e-12);

    [Fact]
    public void ExpectedShortfall_WeighsTheQuantileScenarioByItsFraction() =>
        // 0.05 · 30 = 1.5 observations: 30 in full, 29 by half.
        TailRisk.ExpectedShortfall(Losses(30), 0.95).ShouldBe((30 + 29 * 0.5) / 1.5, 1e-12);

    [Fact]
    public void Gains_AreNegativeLosses()
    {
        var gains = Enumerable.Range(1, 100).Select(i => (double)i).ToArray();
        TailRisk.HistoricalValueAtRisk(gains, 0.95).ShouldBe(-5);
        TailRisk.ExpectedShortfall(gains, 0.95).ShouldBe(-3, 1e-12);
    }

    [Fact]
    public void ALossOfNothing_IsPlusZero()
    {
        var measured = ScenarioRisk.Measure(new double[40], 0.95, 0.95);
        double.IsNegative(measured.ValueAtRisk).ShouldBeFalse();
        double.IsNegative(measured.ExpectedShortfall).ShouldBeFalse();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void AValueThatIsNotFinite_IsRefused_WhereverItStands(double value)
    {
        for (var at = 0; at < 37; at++)
        {
            var returns = Losses(37);
            returns[at] = value;
            Should.Throw<ArgumentException>(() => TailRisk.HistoricalValueAtRisk(returns, 0.95));
            Should.Throw<ArgumentException>(() => TailRisk.HistoricalValueAtRisk(returns, 0.95, QuantileMethod.Type7));
            Should.Throw<ArgumentException>(() => TailRisk.ExpectedShortfall(returns, 0.95));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(95)]
    [InlineData(double.NaN)]
    public void AConfidenceOutOfRange_IsRefused(double confidence)
    {
        Should.Throw<ArgumentException>(() => TailRisk.HistoricalValueAtRisk(Losses(100), confidence));
        Should.Throw<ArgumentException>(() => TailRisk.HistoricalValueAtRisk(Losses(100), confidence, QuantileMethod.Type7));
        Should.Throw<ArgumentException>(() => TailRisk.ExpectedShortfall(Losses(100), confidence));
    }

    [Fact]
    public void ASampleThatIsTooSmall_IsRefused() =>
        Should.Throw<ArgumentException>(() => TailRisk.ExpectedShortfall(Losses(TailRisk.MinimumSampleCount - 1), 0.95));

    [Fact]
    public void OrderStatistic_IsOneOfType7sTwoNeighbours_OrTheNextWorse() => Samples.WithConfidence.Hold(sample =>
    {
        var (pnl, confidence) = sample;
        var sorted = pnl.Order().ToArray();
        var lower = (int)((pnl.Length - 1) * (1 - confidence) + 1e-9);
        var upper = Math.Min(lower + 1, pnl.Length - 1);
        var type7 = TailRisk.HistoricalValueAtRisk(pnl, confidence, QuantileMethod.Type7);
        var slack = 1e-9 * Math.Max(1, Math.Abs(type7));
        type7.ShouldBeInRange(-sorted[upper] - slack, -sorted[lower] + slack);
        var orderStatistic = TailRisk.HistoricalValueAtRisk(pnl, confidence);
        orderStatistic.ShouldBeGreaterThanOrEqualTo(-sorted[upper]);
        new[] { -sorted[lower], -sorted[upper] }.ShouldContain(orderStatistic);
    });

    [Fact]
    public void Measures_GrowWithConfidence() =>
        (from pnl in Samples.Any from one in Samples.Confidence from other in Samples.Confidence select (pnl, one, other)).Hold(sample =>
        {
            var (pnl, one, other) = sample;
            var (low, high) = (Math.Min(one, other), Math.Max(one, other));
            foreach (var method in Enum.GetValues<QuantileMethod>())
                AtMost(TailRisk.HistoricalValueAtRisk(pnl, low, method), TailRisk.HistoricalValueAtRisk(pnl, high, method));
            AtMost(TailRisk.ExpectedShortfall(pnl, low), TailRisk.ExpectedShortfall(pnl, high));
        });

    [Fact]
    public void ExpectedShortfall_IsSubAdditive() =>
        (from count in Samples.Count from one in Samples.Vector(count) from other in Samples.Vector(count)
         from confidence in Samples.Confidence select (one, other, confidence)).Hold(sample =>
        {
            var (one, other, confidence) = sample;
            var together = TailRisk.ExpectedShortfall(SortedDefinition.Add(one, other, 1), confidence);
            AtMost(together, TailRisk.ExpectedShortfall(one, confidence) + TailRisk.ExpectedShortfall(other, confidence));
        });

    static void AtMost(double value, double limit) =>
        value.ShouldBeLessThanOrEqualTo(limit + 1e-9 * Math.Max(1, Math.Abs(limit)));
}
