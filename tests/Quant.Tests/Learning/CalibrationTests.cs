namespace Trading.Quant.Tests;

public sealed class CalibrationTests
{
    [Fact]
    public void Isotonic_PoolsAdjacentViolators_WorkedByHand()
    {
        // Outcomes by score: 0 1 | 1 0 0 | 1: the middle pools to 2 of 4 with the yes before it.
        var fit = IsotonicRegression.Fit([1, 2, 3, 4, 5, 6], [false, true, true, false, false, true]);
        fit.Probability(1).ShouldBe(0);
        foreach (var score in (double[])[2, 3, 4, 5])
            fit.Probability(score).ShouldBe(0.5);
        (fit.Probability(6), fit.Probability(9), fit.Probability(-3)).ShouldBe((1, 1, 0));
        fit.Probability(5.5).ShouldBe(0.75, 1e-12);
    }

    [Fact]
    public void Isotonic_IsClosestOfAllNonDecreasing()
    {
        var random = new Random(1);
        double[] scores = [.. Enumerable.Range(0, 200).Select(_ => Math.Round(random.NextDouble(), 2))];
        bool[] outcomes = [.. scores.Select(score => random.NextDouble() < score)];
        var fit = IsotonicRegression.Fit(scores, outcomes);
        double Error(Func<double, double> value) => scores.Zip(outcomes).Sum(pair => Math.Pow(value(pair.First) - (pair.Second ? 1 : 0), 2));
        var best = Error(fit.Probability);
        foreach (var power in (double[])[0.5, 0.8, 1, 1.2, 2])
            best.ShouldBeLessThan(Error(score => Math.Pow(score, power)));
        scores.Order().Select(fit.Probability).ShouldBe(scores.Order().Select(fit.Probability).Order());
    }

    [Fact]
    public void Platt_IsAtTheOptimumOfItsLikelihood()
    {
        var random = new Random(2);
        double[] scores = [.. Enumerable.Range(0, 500).Select(_ => 4 * random.NextDouble() - 2)];
        bool[] outcomes = [.. scores.Select(score => random.NextDouble() < 1 / (1 + Math.Exp(-(1.5 * score - 0.4))))];
        var fit = PlattScaling.Fit(scores, outcomes);
        var yes = outcomes.Count(outcome => outcome);
        double Loss(double a, double b) => scores.Zip(outcomes).Sum(pair =>
        {
            var (p, t) = (1 / (1 + Math.Exp(-(a * pair.First + b))), pair.Second ? (yes + 1.0) / (yes + 2) : 1.0 / (500 - yes + 2));
            return -t * Math.Log(p) - (1 - t) * Math.Log(1 - p);
        });
        var least = Loss(fit.Slope, fit.Intercept);
        foreach (var (a, b) in ((double, double)[])[(1e-4, 0), (-1e-4, 0), (0, 1e-4), (0, -1e-4)])
            Loss(fit.Slope + a, fit.Intercept + b).ShouldBeGreaterThan(least);
        fit.Slope.ShouldBe(1.5, 0.3);
    }

    [Fact]
    public void Platt_OfScoresThatPointTheWrongWay_SaysTheBaseRate()
    {
        var fit = PlattScaling.Fit([1, 2, 3, 4, 5, 6, 7, 8], [true, true, true, true, false, false, false, false]);
        fit.Slope.ShouldBe(0);
        fit.Probability(3).ShouldBe(0.5, 1e-9);
    }

    [Fact]
    public void PlattOnPartedOutcomes_StaysFinite()
    {
        var fit = PlattScaling.Fit([-2, -1, 1, 2], [false, false, true, true]);
        double.IsFinite(fit.Slope).ShouldBeTrue();
        fit.Probability(2).ShouldBeInRange(0.7, 0.99);
    }

    [Fact]
    public void OneClass_OrNaN_IsRefused()
    {
        Should.Throw<ArgumentException>(() => PlattScaling.Fit([1, 2], [true, true]));
        Should.Throw<ArgumentException>(() => IsotonicRegression.Fit([1, double.NaN], [true, false]));
    }
}
