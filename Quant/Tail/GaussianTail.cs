using MathNet.Numerics.Distributions;

namespace Trading.Quant;

/// <summary>What the variance of a sample is divided by.</summary>
public enum VarianceDivisor
{
    /// <summary>n, the maximum likelihood estimate (PerformanceAnalytics).</summary>
    Count,

    /// <summary>n - 1, without bias (RiskMetrics, spreadsheets).</summary>
    CountLessOne,
}

/// <summary>The tail of a normal distribution. Thin: from 99 % on it is below what markets lose.</summary>
public static class GaussianTail
{
    /// <summary>VaR = -mean - z sd and ES = -mean + sd φ(z) / (1 - confidence), z the normal quantile of 1 -
    /// confidence.</summary>
    /// <exception cref="ArgumentException">A mean that is not finite, a deviation that is negative or not finite, or a confidence
    /// out of range.</exception>
    public static TailEstimate Estimate(double mean, double standardDeviation, double confidence)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        if (!double.IsFinite(mean))
            throw new ArgumentException($"The mean must be finite; {mean} is not.", nameof(mean));
        if (!(standardDeviation >= 0 && double.IsFinite(standardDeviation)))
            throw new ArgumentException(
                $"A deviation is zero or more and finite; {standardDeviation} is not.", nameof(standardDeviation));
        var z = Quantile(confidence);
        return new(-mean - z * standardDeviation, -mean + standardDeviation * Normal.PDF(0, 1, z) / (1 - confidence));
    }

    /// <param name="returns">Returns or profits and losses in any order and unit.</param>
    /// <param name="confidence">Strictly between 0 and 1.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// or a confidence out of range.</exception>
    public static TailMeasure Measure(
        ReadOnlySpan<double> returns, double confidence, VarianceDivisor divisor = VarianceDivisor.Count)
    {
        var moments = SampleMoments.Of(returns);
        var (deviation, convention) = divisor == VarianceDivisor.Count
            ? (moments.StandardDeviation, TailConvention.PopulationMoments)
            : (moments.UnbiasedDeviation, TailConvention.SampleVariance);
        return TailMeasure.From(
            Estimate(moments.Mean, deviation, confidence), confidence, returns.Length, TailMethod.Gaussian, convention);
    }

    /// <summary>The normal quantile of 1 - confidence: negative for a confidence above a half.</summary>
    internal static double Quantile(double confidence) => -Normal.InvCDF(0, 1, confidence);
}
