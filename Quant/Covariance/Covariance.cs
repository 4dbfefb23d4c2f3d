using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trading.Quant;

/// <summary>How a covariance is estimated.</summary>
public enum CovarianceMethod
{
    /// <summary>Deviations from the mean, divided by n - 1.</summary>
    Sample,

    /// <summary>Deviations from the mean, divided by n.</summary>
    Population,

    /// <summary>Of means taken as zero, weighted (1-d) d^age / (1 - d^n): the weights sum to 1, so no start value is needed.</summary>
    ExponentiallyWeighted,

    /// <summary>The population covariance drawn towards its mean variance times the identity.</summary>
    LedoitWolf,
}

/// <summary>A covariance and what it was estimated by, in the square of the observations' unit, for one period.</summary>
/// <param name="Observations">Of each variable.</param>
/// <param name="Decay">The weight of an observation in terms of the next one's, where weights fall.</param>
/// <param name="Shrinkage">The target's share, 0 to 1, where there is a target.</param>
public sealed record CovarianceEstimate(
    SymmetricMatrix Matrix, CovarianceMethod Method, int Observations, double? Decay = null, double? Shrinkage = null);

/// <summary>Covariances of variables observed together: one array for each variable, all of one length, oldest first.</summary>
/// <remarks>A variable that never changes has a variance of exactly zero (except exponentially weighted, where the mean is zero).
/// Reordering the variables reorders the results; only a shrinkage, which is a sum over the variables, may round otherwise.</remarks>
public static class Covariance
{
    /// <summary>Divided by n - 1.</summary>
    /// <exception cref="ArgumentException">No series or too many, fewer than two observations, lengths that differ, or a value that
    /// is not finite or overflows when squared.</exception>
    public static CovarianceEstimate Sample(ReadOnlySpan<double[]> series) => OfDeviations(series, CovarianceMethod.Sample, 1);

    /// <summary>Divided by n.</summary>
    /// <inheritdoc cref="Sample" path="/exception"/>
    public static CovarianceEstimate Population(ReadOnlySpan<double[]> series) => OfDeviations(series, CovarianceMethod.Population, 0);

    /// <summary>The newest observation weighs most, each older one <paramref name="decay"/> times the next (RiskMetrics 1996: 0.94
    /// for days, 0.97 for months); the means are taken as zero.</summary>
    /// <inheritdoc cref="Sample" path="/exception"/>
    public static CovarianceEstimate ExponentiallyWeighted(ReadOnlySpan<double[]> series, double decay)
    {
        if (!(decay > 0 && decay < 1))
            throw new ArgumentException($"A decay lies strictly between 0 and 1; {decay} does not.", nameof(decay));
        var count = Require.Series(series, 2, nameof(series));
        var roots = new double[count];
        for (var i = 0; i < count; i++)
            roots[i] = Math.Sqrt((1 - decay) * Math.Pow(decay, count - 1 - i) / (1 - Math.Pow(decay, count)));
        using var panels = ObservationPanels.Of(series);
        panels.Scale(roots);
        return new(Finite(panels.CrossProducts(1), series.Length), CovarianceMethod.ExponentiallyWeighted, count, Decay: decay);
    }

    /// <summary>(1-s) S + s m I, where S is the population covariance, m the mean of its diagonal and s the share that minimises the
    /// expected square distance to the true covariance. Positive definite also with more variables than observations, unless all
    /// variables are constant.</summary>
    /// <remarks>Ledoit and Wolf 2004, "A well-conditioned estimator for large-dimensional covariance matrices"; scikit-learn's
    /// <c>ledoit_wolf</c>. One matrix product: the sum of (x x')² that it needs is a sum over the observations of |x|⁴.</remarks>
    /// <inheritdoc cref="Sample" path="/exception"/>
    public static CovarianceEstimate LedoitWolf(ReadOnlySpan<double[]> series)
    {
        var count = Require.Series(series, 2, nameof(series));
        var order = series.Length;
        using var panels = ObservationPanels.Deviations(series);
        var values = panels.CrossProducts(1.0 / count);
        var matrix = Finite(values, order);
        var variances = new double[order];
        for (var i = 0; i < order; i++)
            variances[i] = matrix[i, i];
        var mean = variances.Sum() / order;

        for (var i = 0; i < order; i++)
            values[i * (order + 1)] = variances[i] - mean;
        var distance = Sum.OfSquares(values);
        var noise = (panels.SumOfFourthPowers() / count - distance - order * mean * mean) / count;
        var shrinkage = distance > 0 ? Math.Clamp(Require.Finite(noise / distance, nameof(series)), 0, 1) : 0;

        Scale(values, 1 - shrinkage);
        for (var i = 0; i < order; i++)
            values[i * (order + 1)] = (1 - shrinkage) * variances[i] + shrinkage * mean;
        return new(matrix, CovarianceMethod.LedoitWolf, count, Shrinkage: shrinkage);
    }

    static CovarianceEstimate OfDeviations(ReadOnlySpan<double[]> series, CovarianceMethod method, int lost)
    {
        var count = Require.Series(series, 2, nameof(series));
        using var panels = ObservationPanels.Deviations(series);
        return new(Finite(panels.CrossProducts(1.0 / (count - lost)), series.Length), method, count);
    }

    /// <summary>A value that is not finite makes its variable's variance not finite; no covariance exceeds the larger variance.</summary>
    static SymmetricMatrix Finite(double[] values, int order)
    {
        for (var i = 0; i < values.Length; i += order + 1)
            Require.Finite(values[i], "series");
        return new(values, order);
    }

    static void Scale(double[] values, double factor)
    {
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(values.AsSpan());
        foreach (ref var vector in vectors)
            vector *= factor;
        foreach (ref var value in values.AsSpan(vectors.Length * Vector256<double>.Count))
            value *= factor;
    }
}
