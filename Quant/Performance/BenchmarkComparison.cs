namespace Trading.Quant;

/// <summary>A record beside that of a benchmark, by least squares on the returns of the same periods.</summary>
/// <param name="Alpha">The intercept, per period.</param>
/// <param name="Beta">The slope.</param>
/// <param name="Correlation">Null where the record does not vary.</param>
/// <param name="TrackingError">The standard deviation (n - 1) of the difference, per period.</param>
/// <param name="InformationRatio">The mean difference over the tracking error, per period; null where there is no error.</param>
public readonly record struct BenchmarkComparison(
    double Alpha, double Beta, double? Correlation, double TrackingError, double? InformationRatio)
{
    /// <summary>Differences below this part of the benchmark's own variance are rounding.</summary>
    const double RoundingNoise = 1e-24;

    /// <summary>Compares; null where the benchmark does not vary, which nothing can be held against.</summary>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, of different lengths, or one
    /// that is not finite.</exception>
    public static BenchmarkComparison? Of(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark)
    {
        TailSample.Require(returns);
        TailSample.Require(benchmark);
        Require.Length(benchmark, returns.Length, nameof(benchmark));
        var (mean, market) = (ReturnMeasures.Mean(returns), ReturnMeasures.Mean(benchmark));
        var (own, theirs, common, difference) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < returns.Length; i++)
        {
            var (mine, other) = (returns[i] - mean, benchmark[i] - market);
            own += mine * mine;
            theirs += other * other;
            common += mine * other;
            difference += (mine - other) * (mine - other);
        }

        if (!(theirs > RoundingNoise)) return null;
        var beta = Require.Finite(common / theirs, nameof(returns));
        var error = Math.Sqrt(difference / (returns.Length - 1));
        return new(
            mean - beta * market, beta, own > 0 ? common / Math.Sqrt(own * theirs) : null, error,
            difference > RoundingNoise * theirs ? (mean - market) / error : null);
    }
}
