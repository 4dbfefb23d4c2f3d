namespace Trading.Quant;

/// <summary>What the standardised residuals of a GARCH model are distributed as.</summary>
public enum GarchInnovation
{
    /// <summary>Normal: consistent for the variances also where it is not true.</summary>
    Normal,

    /// <summary>Student t scaled to variance 1, its degrees of freedom estimated.</summary>
    StudentT,
}

/// <summary>The mean that a GARCH model takes off the returns.</summary>
public enum GarchMean
{
    /// <summary>A constant, estimated with the rest.</summary>
    Estimated,

    Zero,
}

/// <summary>v[t+1] = ω + α e[t]² + β v[t], e = r - mean. Before the sample, e² and v are the mean of e² over it, as in the
/// benchmark of Bollerslev and Ghysels (1996), fGarch and rugarch.</summary>
/// <param name="Omega">In squared units of the returns; positive.</param>
/// <param name="Alpha">The weight of the last shock, zero or more; with <paramref name="Beta"/> below 1.</param>
/// <param name="DegreesOfFreedom">Of Student t innovations, above 2; null for normal ones.</param>
/// <param name="NegativeLogLikelihood">At these parameters, for the returns in their own unit.</param>
/// <param name="Converged">Whether the search found a maximum of the likelihood.</param>
public sealed record GarchModel(
    double Mean, double Omega, double Alpha, double Beta, double? DegreesOfFreedom, double NegativeLogLikelihood, bool Converged,
    int SampleCount)
{
    /// <summary>How much of a shock to the variance is left after one period: α + β.</summary>
    public double Persistence => Alpha + Beta;

    /// <summary>What the variance returns to: ω / (1 - α - β).</summary>
    public double LongRunVariance => Omega / (1 - Persistence);

    /// <summary>Writes the variance of each return given the ones before; returns the next.</summary>
    /// <param name="returns">Oldest first, in the unit the model was fitted to.</param>
    /// <param name="variances">As many as returns, or none at all.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// or another number of variances.</exception>
    public double Filter(ReadOnlySpan<double> returns, Span<double> variances)
    {
        TailSample.Require(returns);
        if (!variances.IsEmpty && variances.Length != returns.Length)
            throw new ArgumentException(
                $"There are {returns.Length} returns and {variances.Length} variances.", nameof(variances));
        var variance = 0.0;
        foreach (var value in returns)
            variance += (value - Mean) * (value - Mean) / returns.Length;
        variance = Omega + Persistence * variance;
        for (var i = 0; i < returns.Length; i++)
        {
            if (!variances.IsEmpty) variances[i] = variance;
            variance = Omega + Alpha * (returns[i] - Mean) * (returns[i] - Mean) + Beta * variance;
        }

        return double.IsFinite(variance) ? variance : throw TailRank.NotFinite(nameof(returns));
    }

    /// <summary>The variance expected that many periods after the last return.</summary>
    /// <param name="nextVariance">Of the first of them, from <see cref="Filter"/>.</param>
    /// <exception cref="ArgumentException">Fewer than 1 period, or a variance that is not positive.</exception>
    /// <exception cref="InvalidOperationException">A model that was not fitted and is not stationary.</exception>
    public double Forecast(double nextVariance, int periods)
    {
        TailSample.RequirePositive(nextVariance, nameof(nextVariance));
        if (periods < 1)
            throw new ArgumentException($"A forecast is 1 or more periods ahead; {periods} is not.", nameof(periods));
        if (!(Persistence < 1 && double.IsFinite(LongRunVariance)))
            throw new InvalidOperationException($"A model of persistence {Persistence} returns to no variance.");
        return LongRunVariance + Math.Pow(Persistence, periods - 1) * (nextVariance - LongRunVariance);
    }
}
