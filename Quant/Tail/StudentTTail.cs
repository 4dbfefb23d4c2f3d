namespace Trading.Quant;

/// <summary>The tail of a Student t distribution: fatter than the normal's by as much as its degrees of freedom are
/// few.</summary>
public static class StudentTTail
{
    /// <summary>Location, scale and degrees of freedom by maximum likelihood. Falls back on <see cref="HistoricalTail"/> where
    /// the likelihood has no maximum or the fitted distribution no mean.</summary>
    /// <param name="returns">Returns or profits and losses in any order and unit.</param>
    /// <param name="confidence">Strictly between 0 and 1.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// returns that are all the same, or a confidence out of range.</exception>
    public static TailMeasure Measure(ReadOnlySpan<double> returns, double confidence)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        return StudentT.Fit(returns) switch
        {
            null => Historical(returns, confidence, FallbackReason.NoConvergence),
            { DegreesOfFreedom: <= 1 } => Historical(returns, confidence, FallbackReason.InfiniteMean),
            { } fitted => TailMeasure.From(
                fitted.Tail(confidence), confidence, returns.Length, TailMethod.StudentT, TailConvention.MaximumLikelihood),
        };
    }

    /// <summary>Degrees of freedom as given, mean and variance (divided by n) as in the sample.</summary>
    /// <param name="degreesOfFreedom">Above 2 and finite; typical for daily returns: 3 to 6.</param>
    /// <inheritdoc cref="Measure(ReadOnlySpan{double}, double)"/>
    public static TailMeasure Measure(ReadOnlySpan<double> returns, double confidence, double degreesOfFreedom)
    {
        var moments = SampleMoments.Of(returns);
        if (moments.StandardDeviation == 0)
            throw new ArgumentException("The returns must not all be the same.", nameof(returns));
        var distribution = StudentT.WithVariance(moments.Mean, moments.StandardDeviation, degreesOfFreedom);
        return TailMeasure.From(
            distribution.Tail(confidence), confidence, returns.Length, TailMethod.StudentT, TailConvention.MatchedVariance);
    }

    static TailMeasure Historical(ReadOnlySpan<double> returns, double confidence, FallbackReason reason) =>
        HistoricalTail.Measure(returns, confidence).InsteadOf(TailMethod.StudentT, reason);
}
