using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

namespace Trading.Quant.Tests;

public sealed class CovarianceTests
{
    static readonly FsCheck.Gen<double[][]> Series = RandomSeries.Of(1, 40, 2, 90);

    [Fact]
    public void Sample_OfAWorkedExample()
    {
        var estimate = Covariance.Sample([[1, 2, 3, 4], [2, 4, 6, 9]]);
        estimate.Matrix.Values.ToArray().ShouldBe([5 / 3.0, 11.5 / 3, 11.5 / 3, 26.75 / 3], 1e-14);
        (estimate.Method, estimate.Observations, estimate.Shrinkage).ShouldBe((CovarianceMethod.Sample, 4, null));
    }

    [Fact]
    public void Sample_IsItsDefinition() => Series.Hold(series =>
    {
        var matrix = Covariance.Sample(series).Matrix;
        for (var i = 0; i < series.Length; i++)
            for (var j = 0; j < series.Length; j++)
            {
                var (one, other) = (series[i].Average(), series[j].Average());
                var expected = series[i].Zip(series[j], (a, b) => (a - one) * (b - other)).Sum() / (series[i].Length - 1);
                matrix[i, j].ShouldBe(expected, 1e-12 * Math.Sqrt(matrix[i, i] * matrix[j, j]) + 1e-300);
                matrix[i, j].ShouldBe(matrix[j, i]);
            }
    });

    [Fact]
    public void Population_IsSampleTimesItsDivisors() => Series.Hold(series =>
    {
        var (sample, population) = (Covariance.Sample(series), Covariance.Population(series));
        var ratio = (series[0].Length - 1.0) / series[0].Length;
        for (var i = 0; i < series.Length; i++)
            population.Matrix[i, i].ShouldBe(sample.Matrix[i, i] * ratio, 1e-12 * sample.Matrix[i, i]);
    });

    [Fact]
    public void ReorderedVariables_ReorderTheCovariance_BitForBit() => Series.Hold(series =>
    {
        var order = Shuffled(series.Length);
        double[][] shuffled = [.. order.Select(i => series[i])];
        foreach (var estimate in (Func<double[][], CovarianceEstimate>[])[s => Covariance.Sample(s), s => Covariance.ExponentiallyWeighted(s, 0.94)])
            for (var (straight, other, i) = (estimate(series).Matrix, estimate(shuffled).Matrix, 0); i < order.Length; i++)
                for (var j = 0; j < order.Length; j++)
                    other[i, j].ShouldBe(straight[order[i], order[j]]);
        Covariance.LedoitWolf(shuffled).Shrinkage!.Value.ShouldBe(Covariance.LedoitWolf(series).Shrinkage!.Value, 1e-9);
    });

    [Fact]
    public void ScaledObservations_ScaleTheCovarianceByTheSquare_AndLeaveTheShrinkage() => Series.Hold(series =>
    {
        double[][] doubled = [.. series.Select(one => one.Select(value => 4 * value).ToArray())];
        var (one, four) = (Covariance.LedoitWolf(series), Covariance.LedoitWolf(doubled));
        four.Shrinkage.ShouldBe(one.Shrinkage);
        four.Matrix.Values.ToArray().ShouldBe(one.Matrix.Values.ToArray().Select(value => 16 * value));
    });

    [Fact]
    public void LedoitWolf_IsPositiveDefinite_AlsoWithMoreVariablesThanObservations() => RandomSeries.Of(2, 60, 2, 40).Hold(series =>
    {
        var estimate = Covariance.LedoitWolf(series);
        estimate.Shrinkage!.Value.ShouldBeInRange(0, 1);
        var order = estimate.Matrix.Order;
        var eigenvalues = Matrix<double>.Build.Dense(order, order, estimate.Matrix.Values.ToArray()).Evd(Symmetricity.Symmetric).EigenValues;
        var largest = eigenvalues.Max(value => value.Real);
        eigenvalues.Min(value => value.Real).ShouldBeGreaterThan(-1e-13 * largest);
        if (estimate.Shrinkage > 1e-6) eigenvalues.Min(value => value.Real).ShouldBeGreaterThan(0);
    });

    [Fact]
    public void LedoitWolf_KeepsTheTotalVariance() => Series.Hold(series =>
    {
        var (shrunk, population) = (Covariance.LedoitWolf(series).Matrix, Covariance.Population(series).Matrix);
        Trace(shrunk).ShouldBe(Trace(population), 1e-12 * Trace(population));
    });

    [Fact]
    public void LedoitWolf_OfOneVariable_HasNothingToShrink() =>
        Covariance.LedoitWolf([[1.0, 2, 4]]).Shrinkage.ShouldBe(0);

    [Fact]
    public void ExponentiallyWeighted_IsTheRecursionOnceItsStartHasFaded()
    {
        var series = RandomSeries.Draw(new Random(7), 3, 2_000);
        var matrix = Covariance.ExponentiallyWeighted(series, 0.94).Matrix;
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
                matrix[i, j].ShouldBe(series[i].Zip(series[j]).Aggregate(0.0, (before, pair) => 0.94 * before + 0.06 * pair.First * pair.Second), 1e-12);
    }

    [Fact]
    public void AConstantVariable_HasNoVarianceAtAll()
    {
        // 0.1 added up ten times is not 1: a mean by plain summing would leave a variance of 1e-34.
        var constant = Enumerable.Repeat(0.1, 10).ToArray();
        var series = new[] { constant, RandomSeries.Normals(new Random(1), 10) };
        Covariance.Sample(series).Matrix.Row(0).ToArray().ShouldBe([0, 0]);
        Covariance.Sample(series).Matrix[1, 1].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void AFarLevel_CostsNoPrecision() =>
        Covariance.Sample([[1e9 + 1, 1e9 + 2, 1e9 + 3]]).Matrix[0, 0].ShouldBe(1);

    [Fact]
    public void BadInput_IsRefused()
    {
        foreach (var estimate in (Func<double[][], CovarianceEstimate>[])
            [s => Covariance.Sample(s), s => Covariance.Population(s), s => Covariance.LedoitWolf(s), s => Covariance.ExponentiallyWeighted(s, 0.5)])
        {
            foreach (var series in (double[][][])[[], [[1]], [[1, 2], [1]], [[1, 2], null!], [[1, double.NaN]], [[1, double.PositiveInfinity]], [[1, 1e300]]])
                Should.Throw<ArgumentException>(() => estimate(series)).ParamName.ShouldBe("series");
            for (var at = 0; at < 20; at++)
            {
                double[][] series = [.. Enumerable.Range(0, 20).Select(_ => new double[] { 1, 2, 4 })];
                series[at][at % 3] = double.NaN;
                Should.Throw<ArgumentException>(() => estimate(series));
            }
        }

        foreach (var decay in (double[])[0, 1, -1, double.NaN])
            Should.Throw<ArgumentException>(() => Covariance.ExponentiallyWeighted([[1, 2]], decay)).ParamName.ShouldBe("decay");
    }

    static double Trace(SymmetricMatrix matrix) => Enumerable.Range(0, matrix.Order).Sum(i => matrix[i, i]);

    static int[] Shuffled(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        new Random(count).Shuffle(order);
        return order;
    }
}
