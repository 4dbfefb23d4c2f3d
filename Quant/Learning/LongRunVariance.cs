namespace Trading.Quant;

/// <summary>The variance of a mean whose neighbouring values share time (Hansen and Hodrick 1980).</summary>
public static class LongRunVariance
{
    /// <summary>The variance with the autocovariances of so many lags that overlap: over the count it is that of the
    /// mean. Where they make it negative, which the plain sum can, overlap is not counted.</summary>
    /// <param name="overlap">Values that share time with one another, itself included: 1 for none.</param>
    /// <exception cref="ArgumentException">No value, or an overlap below 1.</exception>
    public static double Of(ReadOnlySpan<double> values, int overlap)
    {
        if (values.IsEmpty || overlap < 1)
            throw new ArgumentException($"A variance of {values.Length} values with an overlap of {overlap} cannot be.", nameof(values));
        var mean = System.Numerics.Tensors.TensorPrimitives.Sum(values) / values.Length;
        var variance = Autocovariance(values, mean, 0);
        var whole = variance;
        for (var lag = 1; lag < Math.Min(overlap, values.Length); lag++)
            whole += 2 * Autocovariance(values, mean, lag);
        return whole > 0 ? whole : variance;
    }

    static double Autocovariance(ReadOnlySpan<double> values, double mean, int lag)
    {
        var sum = 0.0;
        for (var i = lag; i < values.Length; i++)
            sum += (values[i] - mean) * (values[i - lag] - mean);
        return sum / values.Length;
    }
}
