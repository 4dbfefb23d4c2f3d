namespace Trading.Quant.Tests;

public sealed class PeaksOverThresholdTests
{
    static double[] Pareto(double shape, int count)
    {
        var tail = new GeneralizedPareto(shape, 0.01);
        return [.. Enumerable.Range(0, count).Select(i => -tail.Exceeded((i + 0.5) / count))];
    }

    [Fact]
    public void ATailThatIsPareto_IsFoundAgain()
    {
        var measure = PeaksOverThreshold.Measure(Pareto(0.25, 4_000), 0.999, 0.9);
        measure.Fallback.ShouldBeNull();
        var truth = new GeneralizedPareto(0.25, 0.01).Exceeded(0.001);
        measure.ValueAtRisk.ShouldBe(truth, 0.02 * truth);
        measure.ExpectedShortfall.ShouldBe((truth + 0.01) / 0.75, 0.03 * truth);
    }

    [Fact]
    public void TooFewExceedances_AreAnsweredByHistory_AndItSaysSo() =>
        PeaksOverThreshold.Measure(Pareto(0.25, 250), 0.99).Fallback
            .ShouldBe(new(TailMethod.Historical, FallbackReason.TooFewExceedances));

    [Fact]
    public void ATailWithoutAMean_IsAnsweredByHistory_AndItSaysSo() =>
        PeaksOverThreshold.Measure(Pareto(1.3, 2_000), 0.99).Fallback
            .ShouldBe(new(TailMethod.Historical, FallbackReason.InfiniteMean));

    [Fact]
    public void AConfidenceBelowTheThreshold_IsRefused() =>
        Should.Throw<ArgumentException>(() => PeaksOverThreshold.Measure(Pareto(0.25, 2_000), 0.9)).ParamName.ShouldBe("confidence");

    [Fact]
    public void AnExponentialTail_IsTheLimitOfItsNeighbours()
    {
        var exact = new GeneralizedPareto(0, 2).Exceeded(0.01);
        exact.ShouldBe(2 * Math.Log(100), 1e-12);
        new GeneralizedPareto(1e-7, 2).Exceeded(0.01).ShouldBe(exact, 1e-5);
        new GeneralizedPareto(0, 2).LogLikelihood([1, 3]).ShouldBe(-2 - 2 * Math.Log(2), 1e-12);
        new GeneralizedPareto(1e-7, 2).LogLikelihood([1, 3]).ShouldBe(-2 - 2 * Math.Log(2), 1e-6);
    }
}
