namespace Trading.Quant;

/// <summary>The largest distance of two empirical distributions.</summary>
/// <param name="PValue">How probable a distance as large is for samples of one distribution; asymptotic
/// (Kolmogorov), with Stephens' correction for few values.</param>
public readonly record struct KolmogorovSmirnov(double Distance, double PValue)
{
    const int Terms = 100;

    /// <exception cref="ArgumentException">A sample without values, or one that is not finite.</exception>
    public static KolmogorovSmirnov Of(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        Require.Finite(one, nameof(one));
        Require.Finite(other, nameof(other));
        if (one.IsEmpty || other.IsEmpty) throw new ArgumentException("Both samples need values.", nameof(one));
        var (left, right) = (one.ToArray(), other.ToArray());
        Array.Sort(left);
        Array.Sort(right);
        var (i, j, distance) = (0, 0, 0.0);
        while (i < left.Length && j < right.Length)
        {
            var value = Math.Min(left[i], right[j]);
            while (i < left.Length && left[i] == value) i++;
            while (j < right.Length && right[j] == value) j++;
            distance = Math.Max(distance, Math.Abs((double)i / left.Length - (double)j / right.Length));
        }

        var root = Math.Sqrt((double)left.Length * right.Length / (left.Length + right.Length));
        return new(distance, Tail((root + 0.12 + 0.11 / root) * distance));
    }

    static double Tail(double lambda)
    {
        if (lambda < 0.2) return 1; // the series is 1 to fifteen digits there, and does not converge
        var sum = 0.0;
        for (var k = 1; k <= Terms; k++)
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * lambda * lambda);
        return Math.Clamp(sum, 0, 1);
    }
}
