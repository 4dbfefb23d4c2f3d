namespace Trading.Quant.Tests;

public sealed class MonteCarloTailTests
{
    static readonly double[,] Covariance = { { 0.0004, 0.0001, 0 }, { 0.0001, 0.0001, 0.00002 }, { 0, 0.00002, 0.0009 } };
    static readonly double[] Mean = [0.001, 0, -0.0005];
    static readonly double[] Weights = [0.5, 1, -0.25];

    static double Deviation => Math.Sqrt(
        Enumerable.Range(0, 3).Sum(i => Enumerable.Range(0, 3).Sum(j => Weights[i] * Weights[j] * Covariance[i, j])));

    static double Centre => Mean.Zip(Weights, (mean, weight) => mean * weight).Sum();

    [Theory]
    [InlineData(0.95, 1)]
    [InlineData(0.99, 2)]
    [InlineData(0.975, 3)]
    public void ASumOfJointTs_HasTheClosedFormsTail_WithinItsErrors(double confidence, int seed)
    {
        var estimate = MonteCarloTail.Measure(
            MultivariateStudentT.WithCovariance(Mean, Covariance, 5), Weights, confidence, 40_000, seed);
        var exact = StudentT.WithVariance(Centre, Deviation, 5).Tail(confidence);
        estimate.Tail.ValueAtRisk.ShouldBe(exact.ValueAtRisk, 4 * estimate.ValueAtRiskError);
        estimate.Tail.ExpectedShortfall.ShouldBe(exact.ExpectedShortfall, 4 * estimate.ExpectedShortfallError);
        estimate.ValueAtRiskError.ShouldBeInRange(1e-3 * exact.ValueAtRisk, 0.03 * exact.ValueAtRisk);
        estimate.ExpectedShortfallError.ShouldBeInRange(1e-3 * exact.ValueAtRisk, 0.06 * exact.ValueAtRisk);
    }

    [Fact]
    public void WithInfiniteDegreesOfFreedom_ItIsNormal()
    {
        var normal = MultivariateStudentT.WithCovariance(Mean, Covariance, double.PositiveInfinity);
        var estimate = MonteCarloTail.Measure(normal, Weights, 0.99, 40_000, 4);
        var exact = GaussianTail.Estimate(Centre, Deviation, 0.99);
        estimate.Tail.ValueAtRisk.ShouldBe(exact.ValueAtRisk, 4 * estimate.ValueAtRiskError);
        estimate.Tail.ExpectedShortfall.ShouldBe(exact.ExpectedShortfall, 4 * estimate.ExpectedShortfallError);
    }

    [Fact]
    public void TheSameSeed_GivesTheSameNumbers_AndAnotherOthers()
    {
        var distribution = MultivariateStudentT.WithScale(Mean, Covariance, 4);
        MonteCarloEstimate Measure(int seed) => MonteCarloTail.Measure(distribution, Weights, 0.95, 4_000, seed);
        Measure(7).ShouldBe(Measure(7));
        Measure(7).Tail.ShouldNotBe(Measure(8).Tail);
    }

    [Fact]
    public void DrawsComeInPairs_SoTheMedianIsTheMean()
    {
        var distribution = MultivariateStudentT.WithScale(Mean, Covariance, 4);
        var middle = Enumerable.Range(0, 20).Average(seed => MonteCarloTail.Measure(distribution, Weights, 0.5, 4_000, seed).Tail.ValueAtRisk);
        middle.ShouldBe(-Centre, 1e-4 * Deviation + 1e-5);
    }

    [Fact]
    public void VariablesThatDependOnEachOther_AreAllowed()
    {
        double[,] singular = { { 0.0004, 0.0008 }, { 0.0008, 0.0016 } };
        var hedged = MonteCarloTail.Measure(MultivariateStudentT.WithScale([0, 0], singular, 4), [2, -1], 0.95, 4_000, 1);
        hedged.Tail.ExpectedShortfall.ShouldBe(0, 1e-12);
    }

    [Fact]
    public void WhatIsNoDistribution_IsRefused()
    {
        Should.Throw<ArgumentException>(() => MultivariateStudentT.WithScale([0, 0], new[,] { { 1.0, 2 }, { 2, 1 } }, 4)).ParamName.ShouldBe("scale");
        Should.Throw<ArgumentException>(() => MultivariateStudentT.WithScale([0, 0], new[,] { { 0.0, 1 }, { 1, 1 } }, 4));
        Should.Throw<ArgumentException>(() => MultivariateStudentT.WithScale([0, 0], new[,] { { 1.0, 0.5 }, { 0, 1 } }, 4));
        Should.Throw<ArgumentException>(() => MultivariateStudentT.WithScale([0, double.NaN], new[,] { { 1.0, 0 }, { 0, 1 } }, 4));
        Should.Throw<ArgumentException>(() => MultivariateStudentT.WithCovariance(Mean, Covariance, 2));
        var fine = MultivariateStudentT.WithScale(Mean, Covariance, 4);
        Should.Throw<ArgumentException>(() => MonteCarloTail.Measure(fine, [1, 1], 0.95, 4_000, 1)).ParamName.ShouldBe("weights");
        Should.Throw<ArgumentException>(() => MonteCarloTail.Measure(fine, Weights, 0.99, 4_000, 1)).ParamName.ShouldBe("scenarios");
        Should.Throw<ArgumentException>(() => MonteCarloTail.Measure(fine, Weights, 0.95, 4_001, 1)).ParamName.ShouldBe("scenarios");
    }
}
