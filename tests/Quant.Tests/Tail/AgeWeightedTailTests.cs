namespace Trading.Quant.Tests;

public sealed class AgeWeightedTailTests
{
    [Fact]
    public void WithoutDecay_ItIsTheHistoricalTail() => Samples.WithConfidence.Hold(sample =>
    {
        var weighted = AgeWeightedTail.Measure(sample.Pnl, sample.Confidence, 1);
        var plain = HistoricalTail.Measure(sample.Pnl, sample.Confidence);
        weighted.ValueAtRisk.ShouldBe(plain.ValueAtRisk);
        weighted.ExpectedShortfall.ShouldBe(plain.ExpectedShortfall, 1e-9 * (1 + Math.Abs(plain.ExpectedShortfall)));
    });

    [Fact]
    public void ALossOfToday_CountsAtOnce_AndAnOldOneFades()
    {
        var calm = new double[100];
        double[] today = [.. calm[1..], -0.1];
        double[] longAgo = [-0.1, .. calm[1..]];
        AgeWeightedTail.Measure(today, 0.95, 0.94).ValueAtRisk.ShouldBe(0.1);
        AgeWeightedTail.Measure(longAgo, 0.95, 0.94).ValueAtRisk.ShouldBe(0);
        HistoricalTail.Measure(today, 0.95).ValueAtRisk.ShouldBe(0); // one of 100 is not 5 %
    }

    [Fact]
    public void Shortfall_WeighsTheQuantileObservationByItsPartOfTheTail()
    {
        double[] returns = [.. new double[38], -5, -10]; // of weight 1/4 and 1/2, as decay^40 is nothing
        var measure = AgeWeightedTail.Measure(returns, 0.4, 0.5);
        measure.ValueAtRisk.ShouldBe(5);
        measure.ExpectedShortfall.ShouldBe((0.5 * 10 + 0.1 * 5) / 0.6, 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void ADecayOutOfRange_IsRefused(double decay) =>
        Should.Throw<ArgumentException>(() => AgeWeightedTail.Measure(new double[40], 0.95, decay)).ParamName.ShouldBe("decay");
}
