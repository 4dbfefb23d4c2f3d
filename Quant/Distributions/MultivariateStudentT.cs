namespace Trading.Quant;

/// <summary>A multivariate Student t distribution; with infinite degrees of freedom the multivariate normal.</summary>
public sealed class MultivariateStudentT
{
    /// <summary>How far below zero, relative to the largest variance, rounding may leave the pivot of a singular
    /// matrix.</summary>
    const double PivotTolerance = 1e-12;

    const double SymmetryTolerance = 1e-9;

    readonly double[] _mean;
    readonly double[,] _root;

    MultivariateStudentT(double[] mean, double[,] root, double degreesOfFreedom) =>
        (_mean, _root, DegreesOfFreedom) = (mean, root, degreesOfFreedom);

    public int Dimension => _mean.Length;

    public double DegreesOfFreedom { get; }

    /// <param name="scale">Symmetric and positive semidefinite. The covariance is ν/(ν-2) of it, and exists for ν above 2
    /// only.</param>
    /// <param name="degreesOfFreedom">ν, above 0.</param>
    /// <exception cref="ArgumentException">A matrix that is not square, of the mean's size, symmetric, finite and positive
    /// semidefinite, a mean that is empty or not finite, or ν out of range.</exception>
    public static MultivariateStudentT WithScale(ReadOnlySpan<double> mean, double[,] scale, double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0))
            throw new ArgumentException(
                $"Degrees of freedom are positive; {degreesOfFreedom} are not.", nameof(degreesOfFreedom));
        if (mean.IsEmpty)
            throw new ArgumentException("There must be one variable or more.", nameof(mean));
        foreach (var value in mean)
            if (!double.IsFinite(value))
                throw TailRank.NotFinite(nameof(mean));
        RequireSymmetric(scale, mean.Length);
        return new(mean.ToArray(), Root(scale), degreesOfFreedom);
    }

    /// <param name="covariance">Symmetric and positive semidefinite.</param>
    /// <param name="degreesOfFreedom">ν, above 2.</param>
    /// <inheritdoc cref="WithScale"/>
    public static MultivariateStudentT WithCovariance(ReadOnlySpan<double> mean, double[,] covariance, double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 2))
            throw new ArgumentException(
                $"A covariance needs degrees of freedom above 2; {degreesOfFreedom} are not.", nameof(degreesOfFreedom));
        var shrink = double.IsInfinity(degreesOfFreedom) ? 1 : (degreesOfFreedom - 2) / degreesOfFreedom;
        var scale = (double[,])covariance.Clone();
        for (var i = 0; i < scale.GetLength(0); i++)
            for (var j = 0; j < scale.GetLength(1); j++)
                scale[i, j] *= shrink;
        return WithScale(mean, scale, degreesOfFreedom);
    }

    /// <summary>The mean of a weighted sum of the variables, and what its independent standard sources weigh in it: the sum is
    /// distributed as mean + loadings · z √(ν/χ²), z standard normal.</summary>
    internal (double Mean, double[] Loadings) Project(ReadOnlySpan<double> weights)
    {
        var mean = 0.0;
        var loadings = new double[Dimension];
        for (var i = 0; i < Dimension; i++)
        {
            mean += weights[i] * _mean[i];
            for (var j = 0; j <= i; j++)
                loadings[j] += weights[i] * _root[i, j];
        }

        return (mean, loadings);
    }

    static void RequireSymmetric(double[,] scale, int size)
    {
        if (scale.GetLength(0) != size || scale.GetLength(1) != size)
            throw new ArgumentException($"The matrix must be {size} by {size}.", nameof(scale));
        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++)
                if (!double.IsFinite(scale[i, j])
                    || !(Math.Abs(scale[i, j] - scale[j, i]) <= SymmetryTolerance * Math.Abs(scale[i, j])))
                    throw new ArgumentException(
                        $"The matrix must be finite and symmetric; it is not at {i}, {j}.", nameof(scale));
    }

    /// <summary>Cholesky's lower triangle, zero columns where variables depend on the ones before.</summary>
    static double[,] Root(double[,] scale)
    {
        var size = scale.GetLength(0);
        var slack = PivotTolerance * Enumerable.Range(0, size).Max(i => Math.Abs(scale[i, i]));
        var root = new double[size, size];
        for (var j = 0; j < size; j++)
        {
            var pivot = Remainder(j, j);
            if (pivot < -slack) throw NotPositive();
            if (pivot > slack) root[j, j] = Math.Sqrt(pivot);
            for (var i = j + 1; i < size; i++)
                if (root[j, j] > 0)
                    root[i, j] = Remainder(i, j) / root[j, j];
                else if (Math.Abs(Remainder(i, j)) > Math.Sqrt(slack * Math.Abs(scale[i, i])))
                    throw NotPositive();
        }

        return root;

        double Remainder(int i, int j)
        {
            var value = scale[i, j];
            for (var k = 0; k < j; k++)
                value -= root[i, k] * root[j, k];
            return value;
        }
    }

    static ArgumentException NotPositive() => new("The matrix must be positive semidefinite.", "scale");
}
