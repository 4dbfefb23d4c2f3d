namespace Trading.Quant.Tests;

public sealed class CorrelationMatrixTests
{
    static readonly SymmetricMatrix Covariances = SymmetricMatrix.Of([4, 3, 0, 3, 9, 0, 0, 0, 0], 3);

    [Fact]
    public void Correlation_IsTheCovarianceOverBothDeviations() => CorrelationMatrix.Of(Covariances)[0, 1].ShouldBe(0.5);

    [Fact]
    public void TheCorrelationOfAConstant_IsUnknown_NotZero()
    {
        var correlation = CorrelationMatrix.Of(Covariances);
        correlation[0, 2].ShouldBeNull();
        correlation[2, 2].ShouldBeNull();
        correlation.Known.ShouldBe([0, 1]);
        CorrelationMatrix.WithWeightedSum(Covariances, [1, 1, 1], 2).ShouldBeNull();
        Comovement.Of([1, 2, 3], [0.1, 0.1, 0.1]).ShouldBe(new Comovement(null, null, null, 3));
        Comovement.Of([0.1, 0.1, 0.1], [1, 2, 3]).Correlation.ShouldBeNull();
    }

    [Fact]
    public void WithAWeightedSum_IsTheCorrelationWithTheSummedSeries() => RandomSeries.Of(2, 8, 20, 60).Hold(series =>
    {
        var weights = series.Select((_, i) => i % 3 - 0.5).ToArray();
        var sum = new double[series[0].Length];
        for (var i = 0; i < series.Length; i++)
            ScenarioRisk.AddScaled(sum, series[i], weights[i]);
        var covariance = Covariance.Sample(series).Matrix;
        for (var i = 0; i < series.Length; i++)
            CorrelationMatrix.WithWeightedSum(covariance, weights, i)!.Value.ShouldBe(Comovement.Of(series[i], sum).Correlation!.Value, 1e-9);
    });

    [Fact]
    public void WithASumThatCancels_IsUnknown()
    {
        var series = RandomSeries.Normals(new Random(3), 50);
        var covariance = Covariance.Sample([series, [.. series.Select(value => 0.1 * value)]]).Matrix;
        CorrelationMatrix.WithWeightedSum(covariance, [0.1, -1], 0).ShouldBeNull();
    }

    [Fact]
    public void Correlations_StayWithinOne_AndWithOneselfAreOne() => RandomSeries.Of(1, 20, 2, 30).Hold(series =>
    {
        var correlation = CorrelationMatrix.Of(Covariance.LedoitWolf([.. series, series[0]]).Matrix);
        foreach (var row in correlation.Known)
        {
            correlation[row, row].ShouldBe(1);
            foreach (var column in correlation.Known)
                correlation[row, column]!.Value.ShouldBeInRange(-1, 1);
        }
    });

    [Fact]
    public void LargestEigenvalueShare_IsOneWhereAllMoveAsOne_AndAnEqualShareWhereNoneIsRelated()
    {
        CorrelationMatrix.Of(SymmetricMatrix.Of([1, 2, 2, 4], 2)).LargestEigenvalueShare()!.Value.ShouldBe(1, 1e-12);
        CorrelationMatrix.Of(SymmetricMatrix.Of([1, 0, 0, 4], 2)).LargestEigenvalueShare()!.Value.ShouldBe(0.5, 1e-12);
        CorrelationMatrix.Of(Covariances).LargestEigenvalueShare()!.Value.ShouldBe(0.75, 1e-12);
        CorrelationMatrix.Of(SymmetricMatrix.Of([0], 1)).LargestEigenvalueShare().ShouldBeNull();
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        Should.Throw<ArgumentException>(() => CorrelationMatrix.Of(SymmetricMatrix.Of([-1], 1))).ParamName.ShouldBe("covariance");
        Should.Throw<ArgumentException>(() => CorrelationMatrix.WithWeightedSum(Covariances, [1, 1], 0));
        Should.Throw<ArgumentException>(() => CorrelationMatrix.WithWeightedSum(Covariances, [1, 1, 1], 3)).ParamName.ShouldBe("variable");
        Should.Throw<ArgumentException>(() => CorrelationMatrix.WithWeightedSum(SymmetricMatrix.Of([1, 2, 2, 1], 2), [1, -1], 0)).ParamName.ShouldBe("covariance");
        Should.Throw<ArgumentException>(() => Comovement.Of([1, 2], [1])).ParamName.ShouldBe("other");
        Should.Throw<ArgumentException>(() => Comovement.Of([1], [1])).ParamName.ShouldBe("series");
        Should.Throw<ArgumentException>(() => Comovement.Of([1, double.NaN], [1, 2])).ParamName.ShouldBe("series");
    }
}
