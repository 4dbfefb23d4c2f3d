namespace Trading.Quant;

/// <summary>What every estimate from one series asks of its arguments.</summary>
static class TailSample
{
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, one that is not finite,
    /// or a confidence that is not strictly between 0 and 1.</exception>
    public static void Require(ReadOnlySpan<double> returns, double confidence)
    {
        Require(returns);
        TailRank.RequireConfidence(confidence, nameof(confidence));
    }

    /// <inheritdoc cref="Require(ReadOnlySpan{double}, double)"/>
    public static void Require(ReadOnlySpan<double> returns)
    {
        TailRank.RequireSample(returns.Length, nameof(returns));
        foreach (var value in returns)
            if (!double.IsFinite(value))
                throw TailRank.NotFinite(nameof(returns));
    }

    /// <exception cref="ArgumentException">The value is not positive and finite.</exception>
    public static void RequirePositive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new ArgumentException($"The value must be positive and finite; {value} is not.", name);
    }

    /// <summary>The exception for values so large that what is computed from them is not finite.</summary>
    public static ArgumentException Overflow(string name) =>
        new("The numbers are too large: what is computed from them overflows.", name);
}
