namespace Trading.Quant;

/// <summary>The generalised Pareto distribution of what exceeds a high threshold.</summary>
/// <param name="Shape">ξ: 0 for an exponential tail, positive for a power law with exponent 1/ξ, negative for a bounded
/// one.</param>
/// <param name="Scale">β, positive, in the unit of the excesses.</param>
public readonly record struct GeneralizedPareto(double Shape, double Scale)
{
    /// <summary>The likelihood is regular, and grows without bound nowhere, above this shape.</summary>
    const double LeastShape = -0.5;

    /// <summary>Nearer to zero than this the shape is taken as zero.</summary>
    const double ExponentialShape = 1e-8;

    /// <summary>Both parameters by maximum likelihood, the shape above -1/2; null where no maximum was found.</summary>
    /// <exception cref="ArgumentException">No excesses, or one that is not positive and finite.</exception>
    public static GeneralizedPareto? Fit(ReadOnlySpan<double> excesses)
    {
        var mean = 0.0;
        foreach (var excess in excesses)
        {
            TailSample.RequirePositive(excess, nameof(excesses));
            mean += excess / excesses.Length;
        }

        TailSample.RequirePositive(mean, nameof(excesses));
        var sample = new double[excesses.Length];
        for (var i = 0; i < sample.Length; i++)
            sample[i] = excesses[i] / mean;
        var found = NelderMead.Minimize(at => new GeneralizedPareto(at[0], Math.Exp(at[1])).Misfit(sample), [0.1, 0], 0.1);
        return found.Converged ? new(found.At[0], mean * Math.Exp(found.At[1])) : null;
    }

    /// <summary>The logarithm of the likelihood of a sample; negative infinity where a value cannot occur.</summary>
    public double LogLikelihood(ReadOnlySpan<double> excesses)
    {
        var sum = 0.0;
        foreach (var excess in excesses)
        {
            var growth = 1 + Shape * excess / Scale;
            if (!(growth > 0)) return double.NegativeInfinity;
            sum += Math.Abs(Shape) < ExponentialShape ? excess / Scale : (1 + 1 / Shape) * Math.Log(growth);
        }

        return -sum - excesses.Length * Math.Log(Scale);
    }

    /// <summary>The excess that is exceeded with this probability: β (probability^-ξ - 1) / ξ.</summary>
    /// <exception cref="ArgumentException">A probability that is not above 0 and at most 1, or parameters that are no
    /// distribution's.</exception>
    public double Exceeded(double probability)
    {
        RequireParameters();
        if (!(probability > 0 && probability <= 1))
            throw new ArgumentException($"A probability is above 0 and at most 1; {probability} is not.", nameof(probability));
        var depth = -Math.Log(probability);
        return Scale * (Math.Abs(Shape) < ExponentialShape ? depth : (Math.Exp(Shape * depth) - 1) / Shape);
    }

    void RequireParameters()
    {
        TailSample.RequirePositive(Scale, nameof(Scale));
        if (!double.IsFinite(Shape))
            throw TailRank.NotFinite(nameof(Shape));
    }

    double Misfit(double[] sample) => Shape > LeastShape ? -LogLikelihood(sample) : double.PositiveInfinity;
}
