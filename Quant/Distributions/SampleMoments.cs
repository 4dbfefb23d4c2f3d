using System.Numerics.Tensors;

namespace Trading.Quant;

/// <summary>Moments of a sample, every one divided by n.</summary>
/// <param name="StandardDeviation">Positive, or zero where no value differs.</param>
/// <param name="Skewness">The third standardised moment; zero where no value differs.</param>
/// <param name="ExcessKurtosis">The fourth standardised moment less 3 (0 for the normal); zero where no value differs.</param>
public readonly record struct SampleMoments(
    int Count, double Mean, double StandardDeviation, double Skewness, double ExcessKurtosis)
{
    /// <summary>Values that differ from their mean by no more than this, relative to it, do not differ.</summary>
    const double RoundingNoise = 1e-14;

    /// <summary>The standard deviation with n - 1 in place of n.</summary>
    public double UnbiasedDeviation => StandardDeviation * Math.Sqrt(Count / (Count - 1.0));

    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> values, one that is not finite,
    /// or values so large that a moment overflows.</exception>
    public static SampleMoments Of(ReadOnlySpan<double> returns)
    {
        TailSample.Require(returns);
        var mean = TensorPrimitives.Sum(returns) / returns.Length;
        // In units of the largest deviation no power overflows or vanishes.
        var scale = Math.Max(TensorPrimitives.Max(returns) - mean, mean - TensorPrimitives.Min(returns));
        if (!double.IsFinite(mean) || !double.IsFinite(scale))
            throw TailSample.Overflow(nameof(returns));
        if (scale <= RoundingNoise * Math.Abs(mean))
            return new(returns.Length, mean, 0, 0, 0);

        var (second, third, fourth) = (0.0, 0.0, 0.0);
        foreach (var value in returns)
        {
            var deviation = (value - mean) / scale;
            var square = deviation * deviation;
            second += square;
            third += square * deviation;
            fourth += square * square;
        }

        var variance = second / returns.Length;
        return new(
            returns.Length, mean, scale * Math.Sqrt(variance),
            third / returns.Length / (variance * Math.Sqrt(variance)), fourth / returns.Length / (variance * variance) - 3);
    }
}
