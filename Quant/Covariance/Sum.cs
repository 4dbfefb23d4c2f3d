using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trading.Quant;

/// <summary>Sums whose order is fixed, so that they are the same number on every machine.</summary>
static class Sum
{
    /// <summary>The sum of the products.</summary>
    public static double Of(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    /// <summary>The sum of the squares.</summary>
    public static double OfSquares(ReadOnlySpan<double> values)
    {
        Vector256<double> even = default, odd = default;
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(values);
        for (var i = 0; i + 1 < vectors.Length; i += 2)
        {
            even += vectors[i] * vectors[i];
            odd += vectors[i + 1] * vectors[i + 1];
        }

        var rest = values[(vectors.Length / 2 * 2 * Vector256<double>.Count)..];
        return Vector256.Sum(even + odd) + Of(rest, rest);
    }
}
