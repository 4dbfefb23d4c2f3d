using Normal = MathNet.Numerics.Distributions.Normal;

namespace Trading.Quant;

/// <summary>
/// A Sharpe ratio with what its uncertainty depends on (Bailey and López de Prado 2012). Everything is per period of the
/// returns, nothing is annualised.
/// </summary>
/// <param name="Count">Returns that the ratio was measured on.</param>
/// <param name="Ratio">Mean excess return over the standard deviation with n - 1.</param>
/// <param name="Skewness">The third standardised moment, by n.</param>
/// <param name="Kurtosis">The fourth standardised moment, by n: 3 for the normal, not 0.</param>
public readonly record struct SharpeEstimate(int Count, double Ratio, double Skewness, double Kurtosis)
{
    /// <summary>The estimate of a sample; null where no return differs, which has no ratio.</summary>
    /// <param name="riskFree">The return of a period without risk.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, or a number that is not
    /// finite.</exception>
    public static SharpeEstimate? Of(ReadOnlySpan<double> returns, double riskFree = 0)
    {
        Require.Finite(riskFree, nameof(riskFree));
        var moments = SampleMoments.Of(returns);
        return moments.StandardDeviation == 0
            ? null
            : new(
                moments.Count, (moments.Mean - riskFree) / moments.UnbiasedDeviation, moments.Skewness,
                moments.ExcessKurtosis + 3);
    }

    /// <summary>The ratio of a year of so many periods, by the root of time: for returns without autocorrelation.</summary>
    public double Annualised(double periodsPerYear) => Ratio * Math.Sqrt(periodsPerYear);

    /// <summary>The standard error of the ratio on returns that are not normal (Mertens 2002).</summary>
    public double StandardError => Math.Sqrt(Spread / (Count - 1));

    /// <summary>The probabilistic Sharpe ratio: how probable a true ratio above <paramref name="benchmark"/> is.</summary>
    /// <exception cref="ArgumentException">Fewer than two returns, moments that no sample has, or a number that is not
    /// finite.</exception>
    public double Probabilistic(double benchmark)
    {
        RequireMoments();
        return Normal.CDF(0, 1, (Ratio - Require.Finite(benchmark, nameof(benchmark))) / StandardError);
    }

    /// <summary>The number of returns at which the probabilistic ratio reaches <paramref name="confidence"/>; null where the ratio
    /// is not above the benchmark, so that no record is long enough.</summary>
    /// <exception cref="ArgumentException">As <see cref="Probabilistic"/>, or a confidence that is not above one half and below
    /// one.</exception>
    public double? MinimumTrackRecord(double benchmark, double confidence = 0.95)
    {
        RequireMoments();
        TailRank.RequireConfidence(confidence, nameof(confidence));
        if (confidence <= 0.5)
            throw new ArgumentException($"A confidence above 0.5 is needed, not {confidence}.", nameof(confidence));
        var distance = Ratio - Require.Finite(benchmark, nameof(benchmark));
        var steps = Normal.InvCDF(0, 1, confidence) / distance;
        return distance > 0 ? 1 + Spread * steps * steps : null;
    }

    /// <summary>The deflated Sharpe ratio: the probabilistic ratio against the best that so many trials without skill would have
    /// shown (Bailey and López de Prado 2014).</summary>
    /// <param name="trials">All trials that were made, also those thrown away.</param>
    /// <param name="trialVariance">The variance of their ratios, per period as everything here.</param>
    /// <exception cref="ArgumentException">No trial, or a variance that is negative or not finite.</exception>
    public double Deflated(long trials, double trialVariance) =>
        Probabilistic(ExpectedMaximum(trials, trialVariance));

    /// <summary>The Sharpe ratio that the best of so many independent trials without skill is expected to show.</summary>
    /// <exception cref="ArgumentException">No trial, or a variance that is negative or not finite.</exception>
    public static double ExpectedMaximum(long trials, double trialVariance)
    {
        if (trials < 1) throw new ArgumentException($"One or more trials are needed, not {trials}.", nameof(trials));
        if (!(trialVariance >= 0 && double.IsFinite(trialVariance)))
            throw new ArgumentException($"A variance is 0 or more and finite, not {trialVariance}.", nameof(trialVariance));
        if (trials == 1) return 0; // nothing was chosen
        const double EulerGamma = 0.57721566490153286;
        return Math.Sqrt(trialVariance)
            * ((1 - EulerGamma) * UpperQuantile(1.0 / trials) + EulerGamma * UpperQuantile(1 / (trials * Math.E)));
    }

    /// <summary>The value that a standard normal exceeds with this probability, however small.</summary>
    static double UpperQuantile(double probability) => -Normal.InvCDF(0, 1, probability);

    double Spread => 1 - Skewness * Ratio + (Kurtosis - 1) / 4 * Ratio * Ratio;

    void RequireMoments()
    {
        if (Count < 2) throw new ArgumentException($"Two or more returns are needed, not {Count}.", nameof(Count));
        if (!(Spread > 0 && double.IsFinite(Spread)))
            throw new ArgumentException(
                $"A ratio of {Ratio} with skewness {Skewness} and kurtosis {Kurtosis} has no standard error.", nameof(Ratio));
    }
}
