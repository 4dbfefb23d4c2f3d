namespace Trading.Quant;

/// <summary>How one series moved with another.</summary>
/// <param name="Beta">The slope of the least-squares line, in units of the series for one of the other's; null where the other never changed.</param>
/// <param name="Alpha">The line's value where the other is zero; null as <paramref name="Beta"/>.</param>
/// <param name="Correlation">-1 to 1; null where either never changed.</param>
public sealed record Comovement(double? Beta, double? Alpha, double? Correlation, int Observations)
{
    /// <exception cref="ArgumentException">Fewer than two observations, lengths that differ, or values that are not finite.</exception>
    public static Comovement Of(ReadOnlySpan<double> series, ReadOnlySpan<double> other)
    {
        Require.Length(other, series.Length, nameof(other));
        if (series.Length < 2) throw new ArgumentException("Two or more observations are needed.", nameof(series));
        var (y, x) = (Mean(series, nameof(series)), Mean(other, nameof(other)));
        double yy = 0, xx = 0, xy = 0;
        for (var i = 0; i < series.Length; i++)
        {
            var (dy, dx) = (series[i] - series[0] - y, other[i] - other[0] - x);
            yy += dy * dy;
            xx += dx * dx;
            xy += dy * dx;
        }

        Require.Finite(yy, nameof(series));
        Require.Finite(xx, nameof(other));
        double? beta = xx > 0 ? Require.Finite(xy / xx, nameof(other)) : null;
        return new(
            beta, beta is { } slope ? Require.Finite(series[0] + y - slope * (other[0] + x), nameof(series)) : null,
            xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx) / Math.Sqrt(yy), -1, 1) : null, series.Length);
    }

    /// <summary>The mean above the first value: exactly zero for a series that never changes.</summary>
    static double Mean(ReadOnlySpan<double> series, string name)
    {
        var sum = 0.0;
        foreach (var value in series)
            sum += value - series[0];
        return Require.Finite(sum / series.Length, name);
    }
}
