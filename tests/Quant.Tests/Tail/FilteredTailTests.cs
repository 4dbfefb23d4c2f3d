namespace Trading.Quant.Tests;

public sealed class FilteredTailTests
{
    [Fact]
    public void InAStormAfterALongCalm_ItIsFarAboveTheHistoricalTail()
    {
        double[] returns = [.. Enumerable.Range(0, 480).Select(i => (i % 2 == 0 ? 1 : -1) * (i < 460 ? 0.005 : 0.03))];
        var history = HistoricalTail.Measure(returns, 0.95).ValueAtRisk;
        var byEwma = FilteredTail.ByEwma(returns, 0.95, seedCount: 250);
        var byGarch = FilteredTail.ByGarch(returns, 0.95);
        history.ShouldBe(0.005, 1e-12);
        byEwma.ValueAtRisk.ShouldBeGreaterThan(4 * history);
        byGarch.ValueAtRisk.ShouldBeGreaterThan(2 * history);
        (byEwma.Method, byGarch.Method).ShouldBe((TailMethod.FilteredEwma, TailMethod.FilteredGarch));
    }

    [Fact]
    public void WhereVolatilityStandsStill_ItIsTheHistoricalTail()
    {
        double[] returns = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 0.01 : -0.01)];
        var measure = FilteredTail.ByEwma(returns, 0.95);
        measure.ValueAtRisk.ShouldBe(0.01, 1e-12);
        measure.ExpectedShortfall.ShouldBe(0.01, 1e-12);
    }

    [Fact]
    public void WithoutAGarchMaximum_EwmaAnswers_AndSaysSo()
    {
        double[] returns = [.. Enumerable.Range(0, 200).Select(i => Math.Sin(i))];
        var measure = FilteredTail.ByGarch(returns, 0.95, Garch.Fit(returns) with { Converged = false });
        measure.Method.ShouldBe(TailMethod.FilteredGarch);
        measure.Fallback.ShouldBe(new(TailMethod.FilteredEwma, FallbackReason.NoConvergence));
        measure.ValueAtRisk.ShouldBe(FilteredTail.ByEwma(returns, 0.95).ValueAtRisk);
    }
}
