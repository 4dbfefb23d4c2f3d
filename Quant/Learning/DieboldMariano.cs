namespace Trading.Quant;

/// <summary>Whether one forecast loses less than another (Diebold and Mariano 1995), with the small-sample form of
/// Harvey, Leybourne and Newbold (1997).</summary>
/// <param name="MeanDifference">Of the losses, the first less the second: negative where the first is better.</param>
/// <param name="Statistic">Student t with n - 1 degrees of freedom where both are equally good.</param>
/// <param name="PValueBetter">How probable a difference so much for the first is where it is not better.</param>
public readonly record struct DieboldMariano(int Count, double MeanDifference, double Statistic, double PValueBetter)
{
    public const int LeastCount = 10;

    /// <param name="horizon">Periods that a forecast looks ahead: errors of overlapping ones correlate.</param>
    /// <returns>Null where the losses never differ.</returns>
    /// <exception cref="ArgumentException">Lengths that differ, fewer than <see cref="LeastCount"/> losses, or one that is
    /// not finite, or a horizon that is not from 1 to half of them.</exception>
    public static DieboldMariano? Of(ReadOnlySpan<double> losses, ReadOnlySpan<double> otherLosses, int horizon = 1)
    {
        Require.Length(otherLosses, losses.Length, nameof(otherLosses));
        if (losses.Length < LeastCount)
            throw new ArgumentException($"{LeastCount} or more losses are needed; there are {losses.Length}.", nameof(losses));
        if (horizon < 1 || horizon > losses.Length / 2)
            throw new ArgumentException($"A horizon of {horizon} does not fit {losses.Length} losses.", nameof(horizon));
        var n = losses.Length;
        var differences = new double[n];
        for (var i = 0; i < n; i++)
            differences[i] = losses[i] - otherLosses[i];
        Require.Finite(differences.AsSpan(), nameof(losses));
        var mean = differences.Average();
        if (differences.All(difference => difference == differences[0]) && mean == 0) return null;
        var variance = LongRunVariance.Of(differences, horizon);
        if (!(variance > 0)) return new(n, mean, Math.Sign(mean) * double.MaxValue, mean < 0 ? 0 : 1);
        var small = (n + 1 - 2.0 * horizon + horizon * (horizon - 1.0) / n) / n;
        var statistic = Math.Sqrt(small) * mean / Math.Sqrt(variance / n);
        return new(n, mean, statistic, MathNet.Numerics.Distributions.StudentT.CDF(0, 1, n - 1, statistic));
    }
}
