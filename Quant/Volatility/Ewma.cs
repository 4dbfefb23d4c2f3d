namespace Trading.Quant;

/// <summary>Exponentially weighted volatility and what it was computed from.</summary>
/// <param name="NextDeviation">The forecast for the period after the last return, in the unit of the returns, not
/// annualised.</param>
/// <param name="Decay">The weight of an observation relative to the next newer one.</param>
/// <param name="SeedVariance">The forecast for the first return: the mean square of the first
/// <paramref name="SeedCount"/>.</param>
public sealed record EwmaVolatility(double NextDeviation, double Decay, double SeedVariance, int SeedCount, int SampleCount);

/// <summary>The RiskMetrics volatility: v[t+1] = decay v[t] + (1 - decay) r[t]², the mean taken as zero.</summary>
public static class Ewma
{
    /// <summary>RiskMetrics' decay for daily returns.</summary>
    public const double DailyDecay = 0.94;

    /// <param name="returns">Oldest first.</param>
    /// <param name="seedCount">How many of the first returns seed the variance; null for all. A seed of later returns than the
    /// first knows what the first forecasts should not: its weight in the next forecast is decay^n.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// a decay not strictly between 0 and 1, a seed count out of range, or a seed of zeros only.</exception>
    public static EwmaVolatility Measure(ReadOnlySpan<double> returns, double decay = DailyDecay, int? seedCount = null)
    {
        TailSample.Require(returns);
        var count = seedCount ?? returns.Length;
        if (count < 1 || count > returns.Length)
            throw new ArgumentException($"A seed takes 1 to {returns.Length} returns; {count} is not.", nameof(seedCount));
        var seed = MeanSquare(returns[..count]);
        if (double.IsInfinity(seed))
            throw TailSample.Overflow(nameof(returns));
        if (seed == 0)
            throw new ArgumentException($"The first {count} returns are zero: they seed no variance.", nameof(returns));
        var next = Filter(returns, decay, seed, default);
        return new(Math.Sqrt(next), decay, seed, count, returns.Length);
    }

    /// <summary>Writes the variance that was forecast for each return, knowing only the ones before and the seed; returns the
    /// next.</summary>
    /// <param name="variances">As many as returns, or none at all.</param>
    /// <exception cref="ArgumentException">Another number of variances, a decay not strictly between 0 and 1, a seed that is not
    /// positive, or returns that are not finite or whose squares overflow.</exception>
    public static double Filter(ReadOnlySpan<double> returns, double decay, double seedVariance, Span<double> variances)
    {
        if (!(decay > 0 && decay < 1))
            throw new ArgumentException($"A decay lies strictly between 0 and 1; {decay} does not.", nameof(decay));
        TailSample.RequirePositive(seedVariance, nameof(seedVariance));
        if (!variances.IsEmpty && variances.Length != returns.Length)
            throw new ArgumentException(
                $"There are {returns.Length} returns and {variances.Length} variances.", nameof(variances));
        var variance = seedVariance;
        for (var i = 0; i < returns.Length; i++)
        {
            if (!variances.IsEmpty) variances[i] = variance;
            variance = decay * variance + (1 - decay) * returns[i] * returns[i];
        }

        return double.IsFinite(variance) ? variance : throw TailRank.NotFinite(nameof(returns));
    }

    static double MeanSquare(ReadOnlySpan<double> returns)
    {
        var sum = 0.0;
        foreach (var value in returns)
            sum += value * value;
        return sum / returns.Length;
    }
}
