namespace Trading.Quant;

/// <summary>The tail as it was: no distribution is assumed, every observation weighs the same.</summary>
public static class HistoricalTail
{
    /// <param name="returns">Returns or profits and losses in any order and unit.</param>
    /// <param name="confidence">Strictly between 0 and 1.</param>
    /// <param name="quantile">How value at risk is read off; the shortfall is Rockafellar and Uryasev's either way, and never
    /// below either reading.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// or a confidence out of range.</exception>
    public static TailMeasure Measure(
        ReadOnlySpan<double> returns, double confidence, QuantileMethod quantile = QuantileMethod.OrderStatistic)
    {
        TailSample.Require(returns, confidence);
        var estimate = ScenarioRisk.Measure(returns, confidence, confidence);
        if (quantile == QuantileMethod.OrderStatistic)
            return TailMeasure.From(estimate, confidence, returns.Length, TailMethod.Historical, TailConvention.OrderStatistic);
        var interpolated = TailRisk.HistoricalValueAtRisk(returns, confidence, quantile);
        return TailMeasure.From(
            estimate with { ValueAtRisk = interpolated }, confidence, returns.Length,
            TailMethod.Historical, TailConvention.Type7);
    }
}
