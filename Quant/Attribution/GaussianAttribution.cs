using Normal = MathNet.Numerics.Distributions.Normal;

namespace Trading.Quant;

/// <summary>Attribution of the loss of a normally distributed weighted sum.</summary>
/// <remarks>The loss is -mu + k sigma, with k = z for the value at risk and phi(z) / (1 - confidence) for the expected shortfall, z the
/// normal quantile of the confidence. Marginal: -mu_i + k (Sigma w)_i / sigma.</remarks>
public static class GaussianAttribution
{
    /// <param name="means">Of the terms, for the same period as the covariance; empty to take them as zero.</param>
    /// <param name="weights">Of the terms: fractions or amounts; the loss is in the unit of weight times observation.</param>
    /// <exception cref="ArgumentException">A length does not fit the covariance, a value is not finite, the confidence is not strictly
    /// between 0 and 1, or the sum has no variance: its loss then has no derivative, so it cannot be attributed.</exception>
    public static RiskAttribution Of(
        LossMeasure measure, SymmetricMatrix covariance, ReadOnlySpan<double> means, ReadOnlySpan<double> weights, double confidence)
    {
        var factor = Factor(measure, confidence);
        RequireMeans(means, covariance.Order);
        var sum = WeightedSum.Of(covariance, weights);
        if (sum.Deviation == 0)
            throw new ArgumentException("The weighted sum has no variance, so its loss has no derivative.", nameof(weights));
        var marginal = new double[weights.Length];
        for (var i = 0; i < marginal.Length; i++)
            marginal[i] = factor * sum.Covariances[i] / sum.Deviation - (means.IsEmpty ? 0 : means[i]);
        return Attribution.Of(measure, LossModel.Gaussian, confidence, null, Loss(factor, sum, means, weights), marginal, weights);
    }

    /// <summary>The loss at weights + change less the loss at weights.</summary>
    /// <exception cref="ArgumentException">As <see cref="Of"/>, but either sum may be without variance.</exception>
    public static RiskIncrement Increment(
        LossMeasure measure, SymmetricMatrix covariance, ReadOnlySpan<double> means,
        ReadOnlySpan<double> weights, ReadOnlySpan<double> change, double confidence)
    {
        var factor = Factor(measure, confidence);
        RequireMeans(means, covariance.Order);
        var changed = Attribution.Add(weights, change);
        return new(
            measure, LossModel.Gaussian, confidence, null,
            Loss(factor, WeightedSum.Of(covariance, weights), means, weights),
            Loss(factor, WeightedSum.Of(covariance, changed), means, changed));
    }

    static double Loss(double factor, WeightedSum sum, ReadOnlySpan<double> means, ReadOnlySpan<double> weights) =>
        Require.Finite(factor * sum.Deviation - Sum.Of(means, weights), nameof(weights));

    static double Factor(LossMeasure measure, double confidence)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        var quantile = Normal.InvCDF(0, 1, confidence);
        return measure == LossMeasure.ValueAtRisk ? quantile : Normal.PDF(0, 1, quantile) / (1 - confidence);
    }

    static void RequireMeans(ReadOnlySpan<double> means, int order)
    {
        if (means.IsEmpty) return;
        Require.Length(means, order, nameof(means));
        Require.Finite(means, nameof(means));
    }
}
