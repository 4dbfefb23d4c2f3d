namespace Trading.Quant;

/// <summary>
/// The tail beyond a threshold as a generalised Pareto distribution: the limit law of large losses, and the way to look beyond
/// the worst one seen (McNeil and Frey 2000; McNeil, Frey, Embrechts, Quantitative Risk Management, 5.2).
/// </summary>
public static class PeaksOverThreshold
{
    /// <summary>The least excesses that a fit is made of; fewer, and the history answers.</summary>
    public const int MinimumExceedances = 30;

    /// <summary>Falls back on <see cref="HistoricalTail"/> with fewer than <see cref="MinimumExceedances"/> losses beyond the
    /// threshold, where the fit finds no maximum, or where the fitted tail has no mean.</summary>
    /// <param name="returns">Returns or profits and losses in any order and unit.</param>
    /// <param name="confidence">At least the share of observations that do not exceed the threshold, below 1.</param>
    /// <param name="thresholdConfidence">The threshold is the loss of this confidence by
    /// <see cref="QuantileMethod.Type7"/>.</param>
    /// <remarks>With u the threshold, N of n losses above it and a = 1 - confidence: VaR = u + β((a n/N)^-ξ - 1)/ξ,
    /// ES = (VaR + β - ξu) / (1 - ξ).</remarks>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// or a confidence out of range.</exception>
    public static TailMeasure Measure(ReadOnlySpan<double> returns, double confidence, double thresholdConfidence = 0.95)
    {
        TailSample.Require(returns, confidence);
        TailRank.RequireConfidence(thresholdConfidence, nameof(thresholdConfidence));
        var threshold = TailRisk.HistoricalValueAtRisk(returns, thresholdConfidence, QuantileMethod.Type7);
        var excesses = Excesses(returns, threshold);
        if (excesses.Length < MinimumExceedances)
            return Historical(returns, confidence, FallbackReason.TooFewExceedances);
        var probability = (1 - confidence) * returns.Length / excesses.Length;
        if (probability > 1)
            throw new ArgumentException($"A confidence of {confidence} lies below the threshold.", nameof(confidence));
        return GeneralizedPareto.Fit(excesses) switch
        {
            null => Historical(returns, confidence, FallbackReason.NoConvergence),
            { Shape: >= 1 } => Historical(returns, confidence, FallbackReason.InfiniteMean),
            { } fitted => TailMeasure.From(
                Beyond(threshold, fitted, probability), confidence, returns.Length,
                TailMethod.PeaksOverThreshold, TailConvention.MaximumLikelihood),
        };
    }

    /// <summary>By how much the losses beyond the threshold exceed it, in the order of the returns.</summary>
    public static double[] Excesses(ReadOnlySpan<double> returns, double threshold)
    {
        var excesses = new List<double>();
        foreach (var value in returns)
            if (-value > threshold)
                excesses.Add(-value - threshold);
        return [.. excesses];
    }

    static TailEstimate Beyond(double threshold, GeneralizedPareto tail, double probability)
    {
        var quantile = threshold + tail.Exceeded(probability);
        return new(quantile, (quantile + tail.Scale - tail.Shape * threshold) / (1 - tail.Shape));
    }

    static TailMeasure Historical(ReadOnlySpan<double> returns, double confidence, FallbackReason reason) =>
        HistoricalTail.Measure(returns, confidence).InsteadOf(TailMethod.PeaksOverThreshold, reason);
}
