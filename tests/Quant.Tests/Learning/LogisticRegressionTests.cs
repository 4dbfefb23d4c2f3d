using FsCheck.Fluent;

namespace Trading.Quant.Tests;

public sealed class LogisticRegressionTests
{
    static readonly FsCheck.Gen<(double[][] Features, bool[] Labels, double Penalty)> Problems =
        from count in Gen.Choose(10, 120)
        from columns in Gen.Choose(1, 5)
        from rows in Gen.Choose(-50, 50).Select(value => value / 8.0).ArrayOf(columns).ArrayOf(count)
        from labels in Gen.Elements(true, false).ArrayOf(count - 2)
        from penalty in Gen.Elements(0.01, 0.5, 10, 1000)
        select (rows, (bool[])[true, false, .. labels], penalty);

    [Fact]
    public void Fit_IsTheOptimum_TheGradientVanishes() => Problems.Hold(problem =>
    {
        var (features, labels, penalty) = problem;
        var model = LogisticRegression.Fit(features, labels, penalty);
        var residuals = features.Zip(labels, (row, label) => model.Probability(row) - (label ? 1 : 0)).ToArray();
        residuals.Sum().ShouldBe(0, 1e-7 * labels.Length);
        for (var j = 0; j < model.Coefficients.Length; j++)
        {
            var gradient = features.Zip(residuals, (row, residual) => residual * (row[j] - model.Means[j]) / model.Scales[j]).Sum();
            (gradient + penalty * model.Coefficients[j]).ShouldBe(0, 1e-7 * labels.Length);
        }
    });

    [Fact]
    public void Probabilities_DoNotChange_WhenAFeatureIsMeasuredInOtherUnits() => Problems.Hold(problem =>
    {
        var (features, labels, penalty) = problem;
        var rescaled = features.Select(row => row.Select(value => 1000 + 3 * value).ToArray()).ToArray();
        var (one, other) = (LogisticRegression.Fit(features, labels, penalty), LogisticRegression.Fit(rescaled, labels, penalty));
        foreach (var (row, same) in features.Zip(rescaled))
            other.Probability(same).ShouldBe(one.Probability(row), 1e-6);
    });

    [Fact]
    public void SeparableClasses_HaveAFiniteModel()
    {
        double[][] features = [.. Enumerable.Range(-20, 40).Select(i => (double[])[i])];
        bool[] labels = [.. features.Select(row => row[0] >= 0)];
        var model = LogisticRegression.Fit(features, labels, 1e-3);
        features.Zip(labels).ShouldAllBe(pair => model.Probability(pair.First) > 0.5 == pair.Second);
    }

    [Fact]
    public void AConstantFeature_CarriesNothing()
    {
        double[][] features = [.. Enumerable.Range(0, 40).Select(i => (double[])[0.1, i % 7])];
        bool[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0)];
        var model = LogisticRegression.Fit(features, labels, 1);
        model.Scales[0].ShouldBe(1);
        model.Coefficients[0].ShouldBe(0, 1e-9);
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        double[][] rows = [[1], [2], [3]];
        Should.Throw<ArgumentException>(() => LogisticRegression.Fit(rows, [true, true, true], 1));
        Should.Throw<ArgumentException>(() => LogisticRegression.Fit(rows, [true, false], 1));
        Should.Throw<ArgumentException>(() => LogisticRegression.Fit([[1], [2], [3, 4]], [true, false, true], 1));
        Should.Throw<ArgumentException>(() => LogisticRegression.Fit([[1], [double.NaN], [3]], [true, false, true], 1));
        foreach (var penalty in (double[])[0, -1, double.NaN, double.PositiveInfinity])
            Should.Throw<ArgumentException>(() => LogisticRegression.Fit(rows, [true, false, true], penalty));
        var model = LogisticRegression.Fit(rows, [true, false, true], 1);
        Should.Throw<ArgumentException>(() => model.Probability([1, 2]));
        Should.Throw<ArgumentException>(() => model.Probability([double.NaN]));
    }

    [Fact]
    public void ACancelledFit_Ends() => Should.Throw<OperationCanceledException>(() =>
        LogisticRegression.Fit([[1], [2], [3]], [true, false, true], 1, new CancellationToken(canceled: true)));
}
