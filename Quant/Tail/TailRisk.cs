using System.Buffers;

namespace Trading.Quant;

/// <summary>How a quantile is read off a sample.</summary>
public enum QuantileMethod
{
    /// <summary>The observation of rank ceil(n(1-confidence)) from the worst: never interpolated, so it is a loss that occurred
    /// (R's type 1, NumPy's inverted_cdf).</summary>
    OrderStatistic,

    /// <summary>Linear between the neighbours of h = (n-1)(1-confidence): the default of R, NumPy and spreadsheets. Never above
    /// the next worse observation, and in small samples far below <see cref="OrderStatistic"/>.</summary>
    Type7,
}

/// <summary>Loss quantiles of a return sample. A loss is positive: 0.02 means a loss of 2 %; a negative result is a gain.</summary>
public static class TailRisk
{
    /// <summary>The least sample: with fewer than 20 observations the 95 % quantile is the worst of them whatever it is.</summary>
    public const int MinimumSampleCount = 20;

    /// <summary>The loss that is exceeded with probability 1 - <paramref name="confidence"/>.</summary>
    /// <param name="returns">Returns or profits and losses in any order and unit; the result is in the same unit.</param>
    /// <param name="confidence">Strictly between 0 and 1, for example 0.95.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="MinimumSampleCount"/> returns, one that is not finite, or a
    /// confidence out of range.</exception>
    public static double HistoricalValueAtRisk(
        ReadOnlySpan<double> returns, double confidence, QuantileMethod method = QuantileMethod.OrderStatistic)
    {
        TailRank.RequireSample(returns.Length, nameof(returns));
        TailRank.RequireConfidence(confidence, nameof(confidence));
        return method switch
        {
            QuantileMethod.OrderStatistic => ScenarioRisk.Measure(returns, confidence, confidence).ValueAtRisk,
            QuantileMethod.Type7 => Interpolated(returns, confidence),
            _ => throw new ArgumentException($"There is no quantile method {method}.", nameof(method)),
        };
    }

    /// <summary>The mean loss of the worst n(1-confidence) observations, the last of them counted by the fraction that belongs to
    /// the tail; never below <see cref="HistoricalValueAtRisk"/> by the order statistic.</summary>
    /// <remarks>Rockafellar and Uryasev 2002: with k = n(1-confidence), i = ceil(k) - 1 and r sorted ascending from index 0,
    /// ES = -(r[0] + ... + r[i-1]) / k + r[i] (i/k - 1). Coherent: sub-additive also where the distribution has jumps.</remarks>
    /// <inheritdoc cref="HistoricalValueAtRisk" path="/param|/exception"/>
    public static double ExpectedShortfall(ReadOnlySpan<double> returns, double confidence) =>
        ScenarioRisk.Measure(returns, confidence, confidence).ExpectedShortfall;

    static double Interpolated(ReadOnlySpan<double> returns, double confidence)
    {
        // h itself is interpolated, so the rounding of 1 - confidence moves the result by rounding only.
        var position = (returns.Length - 1) * (1 - confidence);
        var lower = (int)position;
        var needed = Math.Min(lower + 2, returns.Length);
        var rented = ArrayPool<double>.Shared.Rent(needed);
        var smallest = rented.AsSpan(0, needed);
        ScenarioRisk.Worst(returns, smallest);
        var quantile = smallest[lower] + (position - lower) * (smallest[^1] - smallest[lower]);
        ArrayPool<double>.Shared.Return(rented);
        return 0.0 - quantile;
    }
}
