using MathNet.Numerics.Distributions;

namespace Trading.Quant;

/// <summary>
/// The normal tail corrected for skewness and kurtosis. Good near the normal; far from it the expansion stops being a
/// distribution and other tools go on to report, for example, a 99 % shortfall that is a gain. Here such a series is measured by
/// its history.
/// </summary>
/// <remarks>Cornish and Fisher 1937; shortfall by Boudt, Peterson and Croux, Estimation and decomposition of downside risk for
/// portfolios with non-normal returns, Journal of Risk 2008; domain by Maillard, A user's guide to the Cornish Fisher expansion,
/// 2012.</remarks>
public static class CornishFisherTail
{
    /// <summary>The largest skewness, either way, for which some kurtosis gives a distribution: 6 (√2 - 1).</summary>
    static readonly double SkewnessLimit = 6 * (Math.Sqrt(2) - 1);

    /// <summary>Falls back on <see cref="HistoricalTail"/> where <see cref="InDomain"/> does not hold, or where the shortfall
    /// comes out below the value at risk.</summary>
    /// <param name="returns">Returns or profits and losses in any order and unit.</param>
    /// <param name="confidence">Strictly between 0 and 1.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// or a confidence out of range.</exception>
    public static TailMeasure Measure(ReadOnlySpan<double> returns, double confidence)
    {
        var moments = SampleMoments.Of(returns);
        var estimate = Expand(moments, confidence);
        FallbackReason? reason = !InDomain(moments.Skewness, moments.ExcessKurtosis) ? FallbackReason.OutsideDomain
            : estimate.ExpectedShortfall < estimate.ValueAtRisk ? FallbackReason.ShortfallBelowQuantile
            : null;
        return reason is { } why
            ? HistoricalTail.Measure(returns, confidence).InsteadOf(TailMethod.CornishFisher, why)
            : TailMeasure.From(
                estimate, confidence, returns.Length, TailMethod.CornishFisher, TailConvention.PopulationMoments);
    }

    /// <summary>The formulas as they stand, in the domain or not: what PerformanceAnalytics calls modified.</summary>
    /// <remarks>With S skewness, K excess kurtosis, z the normal quantile of a = 1 - confidence:
    /// h = z + (z² - 1)S/6 + (z³ - 3z)K/24 - (2z³ - 5z)S²/36, VaR = -mean - h sd,
    /// ES = -mean + sd φ(h)/a (1 + h³S/6 + (h⁶ - 9h⁴ + 9h² + 3)S²/72 + (h⁴ - 2h² - 1)K/24).</remarks>
    /// <exception cref="ArgumentException">A confidence out of range, or moments that are not finite.</exception>
    public static TailEstimate Expand(SampleMoments moments, double confidence)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        var (skew, kurtosis) = (moments.Skewness, moments.ExcessKurtosis);
        var z = GaussianTail.Quantile(confidence);
        var z2 = z * z;
        var h = z + (z2 - 1) * skew / 6 + z * (z2 - 3) * kurtosis / 24 - z * (2 * z2 - 5) * skew * skew / 36;
        var h2 = h * h;
        var tail = Normal.PDF(0, 1, h) / (1 - confidence)
            * (1 + h2 * h * skew / 6
                + (((h2 - 9) * h2 + 9) * h2 + 3) * skew * skew / 72
                + ((h2 - 2) * h2 - 1) * kurtosis / 24);
        var estimate = new TailEstimate(
            -moments.Mean - h * moments.StandardDeviation, -moments.Mean + moments.StandardDeviation * tail);
        return double.IsFinite(estimate.ValueAtRisk) && double.IsFinite(estimate.ExpectedShortfall)
            ? estimate
            : throw TailSample.Overflow(nameof(moments));
    }

    /// <summary>Whether the corrected quantile grows with the normal one everywhere, so that it is a quantile at all:
    /// |S| ≤ 6(√2 - 1) and 27K² - (216 + 66S²)K + 40S⁴ + 336S² ≤ 0.</summary>
    public static bool InDomain(double skewness, double excessKurtosis)
    {
        var s2 = skewness * skewness;
        return Math.Abs(skewness) <= SkewnessLimit
            && 27 * excessKurtosis * excessKurtosis - (216 + 66 * s2) * excessKurtosis + 40 * s2 * s2 + 336 * s2 <= 0;
    }
}
