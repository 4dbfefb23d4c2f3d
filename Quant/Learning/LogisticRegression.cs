using System.Collections.Immutable;
using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Trading.Quant;

/// <summary>
/// Logistic regression with a quadratic penalty, at the optimum: minimises
/// sum of log(1 + exp(-y f)) + penalty / 2 · |coefficients|², y = ±1, on standardised features; the intercept bears no penalty.
/// (scikit-learn's C is 1 / penalty.)
/// </summary>
/// <remarks>Newton's method (iteratively reweighted least squares; Hastie, Tibshirani, Friedman, Elements of Statistical Learning,
/// 4.4.1), steps halved until the objective does not grow. The objective is strictly convex: one optimum.</remarks>
public static class LogisticRegression
{
    const int MaxIterations = 100;
    const int MaxHalvings = 40;

    /// <summary>The search ends with the step that moves no coefficient by more than this.</summary>
    const double StepTolerance = 1e-10;

    /// <summary>A step that promises to lower the objective by a smaller part of it cannot be seen in it any more.</summary>
    const double RoundingNoise = 1e-13;

    /// <param name="features">One row for each observation, all of one length.</param>
    /// <param name="labels">True for the positive class; one for each row.</param>
    /// <param name="penalty">Positive; on the scale of the summed, not of the mean, log loss.</param>
    /// <exception cref="ArgumentException">Rows of different length, a value that is not finite, not both classes among the
    /// labels, or a penalty that is not positive.</exception>
    /// <exception cref="OperationCanceledException">Looked for once in every iteration.</exception>
    public static LogisticModel Fit(
        IReadOnlyList<double[]> features, IReadOnlyList<bool> labels, double penalty, CancellationToken cancellation = default) =>
        Fit(features, labels, [], penalty, cancellation);

    /// <param name="observationWeights">How often each row counts, positive; none for once each.</param>
    /// <inheritdoc cref="Fit(IReadOnlyList{double[]}, IReadOnlyList{bool}, double, CancellationToken)"/>
    public static LogisticModel Fit(
        IReadOnlyList<double[]> features, IReadOnlyList<bool> labels, IReadOnlyList<double> observationWeights, double penalty,
        CancellationToken cancellation = default)
    {
        Require(features, labels, penalty);
        if (observationWeights.Count != 0 && (observationWeights.Count != labels.Count
            || observationWeights.Any(weight => !(weight > 0 && double.IsFinite(weight)))))
            throw new ArgumentException("There must be one positive weight for each row.", nameof(observationWeights));
        var counts = observationWeights.Count == 0 ? null : observationWeights;
        var (means, scales) = Standardisation(features);
        // The first column is the intercept's.
        var rows = features.Select(row => Standardised(row, means, scales)).ToArray();
        var weights = new double[means.Length + 1];
        var objective = Objective(rows, labels, counts, weights, penalty);
        var settled = false;
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (step, decrease) = NewtonStep(rows, labels, counts, weights, penalty);
            if (decrease <= RoundingNoise * objective)
            {
                // So near to the optimum whole steps are right, and each leaves the square of what was left.
                weights = Moved(weights, step, 1);
                if (settled || step.Max(Math.Abs) <= StepTolerance) break;
                settled = true;
                continue;
            }

            var size = 1.0;
            double[] next;
            double nextObjective;
            var halvings = 0;
            do
            {
                next = Moved(weights, step, size);
                nextObjective = Objective(rows, labels, counts, next, penalty);
                size /= 2;
            }
            while (!(nextObjective <= objective) && ++halvings < MaxHalvings);

            if (halvings == MaxHalvings) break; // what is left is rounding
            (weights, objective) = (next, nextObjective);
        }

        return new([.. means], [.. scales], [.. weights[1..]], weights[0]);
    }

    /// <summary>Mean and population deviation of each feature; a deviation of 1 where it is constant.</summary>
    public static (double[] Means, double[] Scales) Standardisation(IReadOnlyList<double[]> rows)
    {
        var means = new double[rows[0].Length];
        var scales = new double[means.Length];
        for (var j = 0; j < means.Length; j++)
        {
            var mean = means[j] = rows.Average(row => row[j]);
            var deviation = Math.Sqrt(rows.Average(row => (row[j] - mean) * (row[j] - mean)));
            // A constant column's deviation is rounding noise of its mean.
            scales[j] = deviation > 1e-12 * Math.Abs(mean) ? deviation : 1;
        }

        return (means, scales);
    }

    static double[] Standardised(double[] row, double[] means, double[] scales)
    {
        var standardised = new double[row.Length + 1];
        standardised[0] = 1;
        for (var j = 0; j < row.Length; j++)
            standardised[j + 1] = (row[j] - means[j]) / scales[j];
        return standardised;
    }

    static double Objective(
        double[][] rows, IReadOnlyList<bool> labels, IReadOnlyList<double>? counts, double[] weights, double penalty)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            var score = Dot(rows[i], weights);
            var against = labels[i] ? -score : score;
            sum += (counts?[i] ?? 1) * (Math.Max(against, 0) + Math.Log(1 + Math.Exp(-Math.Abs(against))));
        }

        return sum + penalty / 2 * weights.Skip(1).Sum(weight => weight * weight);
    }

    static double[] Moved(double[] weights, double[] step, double size) =>
        [.. weights.Zip(step, (weight, change) => weight - size * change)];

    /// <summary>Inverse Hessian times gradient, and what the whole step lowers the objective by if that is a
    /// parabola.</summary>
    static (double[] Step, double Decrease) NewtonStep(
        double[][] rows, IReadOnlyList<bool> labels, IReadOnlyList<double>? counts, double[] weights, double penalty)
    {
        var size = weights.Length;
        var gradient = new double[size];
        var hessian = new double[size, size];
        for (var j = 1; j < size; j++)
        {
            gradient[j] = penalty * weights[j];
            hessian[j, j] = penalty;
        }

        double[][] triangle = [.. Enumerable.Range(1, size).Select(length => new double[length])];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            var probability = LogisticModel.Sigmoid(Dot(row, weights));
            var count = counts?[i] ?? 1;
            var residual = count * (probability - (labels[i] ? 1 : 0));
            var curvature = count * probability * (1 - probability);
            for (var j = 0; j < size; j++)
            {
                gradient[j] += residual * row[j];
                TensorPrimitives.MultiplyAdd<double>(row.AsSpan(0, j + 1), curvature * row[j], triangle[j], triangle[j]);
            }
        }

        for (var j = 0; j < size; j++)
            for (var k = 0; k <= j; k++)
                hessian[k, j] = hessian[j, k] += triangle[j][k];
        var step = Matrix<double>.Build.DenseOfArray(hessian).Cholesky().Solve(Vector<double>.Build.Dense(gradient)).ToArray();
        return (step, Dot(gradient, step) / 2);
    }

    static double Dot(double[] left, double[] right) => TensorPrimitives.Dot<double>(left, right);

    static void Require(IReadOnlyList<double[]> features, IReadOnlyList<bool> labels, double penalty)
    {
        if (!(penalty > 0 && double.IsFinite(penalty)))
            throw new ArgumentException($"The penalty must be positive; {penalty} is not.", nameof(penalty));
        if (features.Count != labels.Count)
            throw new ArgumentException($"There are {features.Count} rows and {labels.Count} labels.", nameof(labels));
        if (!labels.Contains(true) || !labels.Contains(false))
            throw new ArgumentException("Both classes must occur among the labels.", nameof(labels));
        if (features.Any(row => row.Length != features[0].Length))
            throw new ArgumentException("Every row must have the same number of features.", nameof(features));
        if (features.Any(row => !row.All(double.IsFinite)))
            throw new ArgumentException("Every feature must be a finite number.", nameof(features));
    }
}
