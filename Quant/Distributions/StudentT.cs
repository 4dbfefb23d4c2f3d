using MathNet.Numerics;
using Normal = MathNet.Numerics.Distributions.Normal;

namespace Trading.Quant;

/// <summary>A Student t distribution moved and stretched.</summary>
/// <param name="Location">Its median, and its mean where it has one.</param>
/// <param name="Scale">Positive. Not the standard deviation, which is Scale √(ν/(ν-2)) and exists for ν above 2 only.</param>
/// <param name="DegreesOfFreedom">ν, positive; the smaller, the fatter the tails.</param>
public readonly record struct StudentT(double Location, double Scale, double DegreesOfFreedom)
{
    /// <summary>The largest ν that a fit gives: as good as normal.</summary>
    public const double MostDegreesOfFreedom = 1_000;

    /// <summary>The smallest ν that a fit gives: fatter than Cauchy's.</summary>
    const double LeastDegreesOfFreedom = 0.5;

    /// <summary>A scale below this part of the sample's is a likelihood that grows without bound on repeated values.</summary>
    const double LeastScale = 1e-6;

    const double ProductLimit = 1e100;

    const int MaxQuantileSteps = 200;

    /// <summary>The distribution with this mean and standard deviation.</summary>
    /// <exception cref="ArgumentException">ν is not above 2 and finite, or the deviation not positive.</exception>
    public static StudentT WithVariance(double mean, double standardDeviation, double degreesOfFreedom)
    {
        TailSample.RequirePositive(standardDeviation, nameof(standardDeviation));
        if (!(degreesOfFreedom > 2 && double.IsFinite(degreesOfFreedom)))
            throw new ArgumentException(
                $"A variance needs finite degrees of freedom above 2; {degreesOfFreedom} are not.", nameof(degreesOfFreedom));
        return new(mean, standardDeviation * Math.Sqrt((degreesOfFreedom - 2) / degreesOfFreedom), degreesOfFreedom);
    }

    /// <summary>All three parameters by maximum likelihood; null where the likelihood has no maximum.</summary>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// or returns that are all the same.</exception>
    public static StudentT? Fit(ReadOnlySpan<double> returns)
    {
        var moments = SampleMoments.Of(returns);
        if (moments.StandardDeviation == 0)
            throw new ArgumentException("The returns must not all be the same.", nameof(returns));
        var sample = new double[returns.Length];
        for (var i = 0; i < sample.Length; i++)
            sample[i] = (returns[i] - moments.Mean) / moments.StandardDeviation;
        var found = NelderMead.Minimize(at => Misfit(sample, From(at)), [0, Math.Log(0.7), Math.Log(4)], 0.3);
        var fitted = From(found.At);
        return found.Converged && fitted.Scale > LeastScale
            ? new(moments.Mean + moments.StandardDeviation * fitted.Location,
                moments.StandardDeviation * fitted.Scale, fitted.DegreesOfFreedom)
            : null;
    }

    /// <summary>The logarithm of the density.</summary>
    /// <exception cref="ArgumentException">Parameters that are no distribution's, or a value that is not finite.</exception>
    public double LogDensity(double value)
    {
        RequireParameters();
        if (!double.IsFinite(value))
            throw TailRank.NotFinite(nameof(value));
        var distance = (value - Location) / Scale;
        return LogNorm - (DegreesOfFreedom + 1) / 2 * Math.Log(1 + distance * distance / DegreesOfFreedom);
    }

    /// <summary>The value with this probability below it.</summary>
    /// <exception cref="ArgumentException">A probability that is not strictly between 0 and 1, or parameters that are no
    /// distribution's.</exception>
    public double Quantile(double probability)
    {
        RequireParameters();
        TailRank.RequireConfidence(probability, nameof(probability));
        var lower = StandardLowerQuantile(Math.Min(probability, 1 - probability));
        return Location + Scale * (probability < 0.5 ? lower : -lower);
    }

    /// <summary>Value at risk and shortfall of returns that are distributed so; the shortfall is infinite where ν is 1 or
    /// less.</summary>
    /// <remarks>ES = -location + scale f(q)/(1 - confidence) (ν + q²)/(ν - 1), q the standard quantile of 1 - confidence, f the
    /// standard density.</remarks>
    /// <exception cref="ArgumentException">A confidence that is not strictly between 0 and 1, or parameters that are no
    /// distribution's.</exception>
    public TailEstimate Tail(double confidence)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        var quantile = (Quantile(1 - confidence) - Location) / Scale;
        var density = Math.Exp(new StudentT(0, 1, DegreesOfFreedom).LogDensity(quantile));
        var beyond = DegreesOfFreedom > 1
            ? density / (1 - confidence) * (DegreesOfFreedom + quantile * quantile) / (DegreesOfFreedom - 1)
            : double.PositiveInfinity;
        return new(-Location - Scale * quantile, -Location + Scale * beyond);
    }

    void RequireParameters()
    {
        TailSample.RequirePositive(Scale, nameof(Scale));
        TailSample.RequirePositive(DegreesOfFreedom, nameof(DegreesOfFreedom));
        if (!double.IsFinite(Location))
            throw TailRank.NotFinite(nameof(Location));
    }

    double LogNorm => SpecialFunctions.GammaLn((DegreesOfFreedom + 1) / 2) - SpecialFunctions.GammaLn(DegreesOfFreedom / 2)
        - 0.5 * Math.Log(DegreesOfFreedom * Math.PI) - Math.Log(Scale);

    static StudentT From(double[] at) =>
        new(at[0], Math.Exp(at[1]), Math.Clamp(Math.Exp(at[2]), LeastDegreesOfFreedom, MostDegreesOfFreedom));

    static double Misfit(double[] sample, StudentT candidate)
    {
        var stretch = 1 / (candidate.Scale * candidate.Scale * candidate.DegreesOfFreedom);
        var (sum, product) = (0.0, 1.0);
        foreach (var value in sample)
        {
            var distance = value - candidate.Location;
            product *= 1 + distance * distance * stretch;
            if (product < ProductLimit) continue; // one logarithm for many factors
            sum += Math.Log(product);
            product = 1;
        }

        sum += Math.Log(product);
        return (candidate.DegreesOfFreedom + 1) / 2 * sum - sample.Length * candidate.LogNorm;
    }

    /// <summary>Newton's steps on the distribution function, kept in a bracket; for a probability of a half or less.</summary>
    double StandardLowerQuantile(double probability)
    {
        var (freedom, standard) = (DegreesOfFreedom, new StudentT(0, 1, DegreesOfFreedom));
        var low = Math.Min(-1, Normal.InvCDF(0, 1, probability));
        while (Below(low) > probability) low *= 2;
        var (high, at) = (0.0, low);
        for (var step = 0; step < MaxQuantileSteps; step++)
        {
            var error = Below(at) - probability;
            if (error > 0) high = at;
            else low = at;
            var next = at - error / Math.Exp(standard.LogDensity(at));
            if (!(next > low && next < high)) next = (low + high) / 2;
            if (Math.Abs(next - at) <= 1e-15 * Math.Abs(at)) return next;
            at = next;
        }

        return at;

        double Below(double value) => SpecialFunctions.BetaRegularized(freedom / 2, 0.5, freedom / (freedom + value * value)) / 2;
    }
}
