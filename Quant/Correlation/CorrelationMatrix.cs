using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;

namespace Trading.Quant;

/// <summary>Correlations, -1 to 1. Those of a variable without variance are unknown: null, also with itself, and never zero.</summary>
public sealed class CorrelationMatrix
{
    readonly double[] _values;
    readonly bool[] _known;

    CorrelationMatrix(double[] values, bool[] known)
    {
        (_values, _known) = (values, known);
        Known = [.. Enumerable.Range(0, known.Length).Where(variable => known[variable])];
    }

    public int Order => _known.Length;

    /// <summary>The variables that have a variance, ascending.</summary>
    public ImmutableArray<int> Known { get; }

    public double? this[int row, int column] => _known[row] && _known[column] ? _values[row * Order + column] : null;

    /// <summary>Each covariance divided by both deviations, held within -1 and 1.</summary>
    /// <exception cref="ArgumentException">A variance is negative.</exception>
    public static CorrelationMatrix Of(SymmetricMatrix covariance)
    {
        var order = covariance.Order;
        var (deviations, known) = (new double[order], new bool[order]);
        for (var i = 0; i < order; i++)
        {
            if (covariance[i, i] < 0) throw new ArgumentException($"The variance of variable {i} is negative.", nameof(covariance));
            deviations[i] = Math.Sqrt(covariance[i, i]);
            known[i] = deviations[i] > 0;
        }

        var values = new double[order * order];
        for (var row = 0; row < order; row++)
            for (var column = 0; column < order; column++)
                if (known[row] && known[column])
                    values[row * order + column] = row == column ? 1 : Math.Clamp(covariance[row, column] / deviations[row] / deviations[column], -1, 1);
        return new(values, known);
    }

    /// <summary>The correlation of one variable with the weighted sum of all, itself among them; null where either has no variance,
    /// as in a sum whose terms cancel.</summary>
    /// <exception cref="ArgumentException">There is no such variable, or the weights do not fit the covariance or are not finite.</exception>
    public static double? WithWeightedSum(SymmetricMatrix covariance, ReadOnlySpan<double> weights, int variable)
    {
        if (variable < 0 || variable >= covariance.Order)
            throw new ArgumentException($"There are {covariance.Order} variables; none has the index {variable}.", nameof(variable));
        var sum = WeightedSum.Of(covariance, weights);
        return covariance[variable, variable] > 0 && sum.Deviation > 0
            ? Math.Clamp(sum.Covariances[variable] / Math.Sqrt(covariance[variable, variable]) / sum.Deviation, -1, 1)
            : null;
    }

    /// <summary>The share of all standardised variance that lies in one common direction: the largest eigenvalue over the number of
    /// known variables. 1 where they move as one, 1/n where none is related; null where none is known.</summary>
    public double? LargestEigenvalueShare()
    {
        if (Known.IsEmpty) return null;
        var known = Matrix<double>.Build.Dense(Known.Length, Known.Length, (row, column) => _values[Known[row] * Order + Known[column]]);
        return known.Evd(Symmetricity.Symmetric).EigenValues.Max(value => value.Real) / Known.Length;
    }
}
