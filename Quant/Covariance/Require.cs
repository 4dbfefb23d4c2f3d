namespace Trading.Quant;

/// <summary>What vectors must be. Each rule throws an <see cref="ArgumentException"/> that names the parameter.</summary>
static class Require
{
    public static void Length<T>(ReadOnlySpan<T> vector, int length, string name)
    {
        if (vector.Length != length)
            throw new ArgumentException($"{length} values are needed; there are {vector.Length}.", name);
    }

    public static double Finite(double value, string name) =>
        double.IsFinite(value) ? value : throw new ArgumentException("The values are not finite numbers, or their result overflows.", name);

    public static double[] Finite(double[] values, string name)
    {
        Finite(values.AsSpan(), name);
        return values;
    }

    public static void Finite(ReadOnlySpan<double> values, string name)
    {
        foreach (var value in values)
            Finite(value, name);
    }

    /// <summary>One array of observations for each variable, all equally long; returns how long.</summary>
    public static int Series(ReadOnlySpan<double[]> series, int leastObservations, string name)
    {
        if (series.Length is < 1 or > SymmetricMatrix.MaximumOrder)
            throw new ArgumentException($"There are 1 to {SymmetricMatrix.MaximumOrder} series, not {series.Length}.", name);
        foreach (var one in series)
            if (one is null || one.Length != series[0].Length)
                throw new ArgumentException("The series differ in length, or one is missing.", name);
        if (series[0].Length < leastObservations)
            throw new ArgumentException($"{leastObservations} or more observations are needed; there are {series[0].Length}.", name);
        return series[0].Length;
    }
}
