namespace Trading.Quant.Tests;

public sealed class HistoricalAttributionTests
{
    /// <summary>Twenty scenarios: the losses of the first term are 1 to 20, the second one gains a tenth of each; one of each held.</summary>
    static readonly double[][] Hedged =
        [[.. Enumerable.Range(1, 20).Select(loss => -(double)loss)], [.. Enumerable.Range(1, 20).Select(loss => loss / 10.0)]];

    [Fact]
    public void AComponentOfTheValueAtRisk_IsTheTermsOwnLossInTheQuantileScenario()
    {
        var parts = HistoricalAttribution.Of(LossMeasure.ValueAtRisk, Hedged, [1, 1], 0.9);
        parts.Whole.ShouldBe(17.1, 1e-12); // rank 2 of 20
        parts.Components.ShouldBe([19, -1.9], 1e-12);
        (parts.Measure, parts.Model, parts.Confidence, parts.Observations).ShouldBe((LossMeasure.ValueAtRisk, LossModel.Historical, 0.9, 20));
    }

    [Fact]
    public void AComponentOfTheShortfall_WeighsTheQuantileScenarioByItsFraction()
    {
        // 20 · 0.075 = 1.5 scenarios: 20 in full, 19 by half.
        var parts = HistoricalAttribution.Of(LossMeasure.ExpectedShortfall, Hedged, [1, 1], 0.925);
        parts.Components.ShouldBe([(20 + 19 * 0.5) / 1.5, -(2 + 1.9 * 0.5) / 1.5], 1e-12);
    }

    [Fact]
    public void TiedScenarios_ShareTheQuantile()
    {
        double[][] series = [new double[20], new double[20]];
        (series[0][3], series[1][11]) = (-1, -1);
        HistoricalAttribution.Of(LossMeasure.ValueAtRisk, series, [1, 1], 0.95).Components.ShouldBe([0.5, 0.5]);
    }
}
