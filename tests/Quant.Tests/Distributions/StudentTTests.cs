namespace Trading.Quant.Tests;

public sealed class StudentTTests
{
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.01)]
    [InlineData(0.0001)]
    [InlineData(0.3)]
    [InlineData(0.975)]
    public void Quantiles_AreTheClosedOnes(double probability)
    {
        var product = 4 * probability * (1 - probability);
        Agree(1, Math.Tan(Math.PI * (probability - 0.5)));
        Agree(2, 2 * (probability - 0.5) * Math.Sqrt(2 / product));
        Agree(4, Math.Sign(probability - 0.5) * 2 * Math.Sqrt(Math.Cos(Math.Acos(Math.Sqrt(product)) / 3) / Math.Sqrt(product) - 1));

        void Agree(double freedom, double exact) =>
            new StudentT(3, 2, freedom).Quantile(probability).ShouldBe(3 + 2 * exact, 1e-10 * Math.Abs(exact));
    }

    [Fact]
    public void Shortfall_IsTheMeanOfTheQuantilesBeyond()
    {
        var law = new StudentT(0.001, 0.01, 4);
        const int Steps = 200_000;
        var mean = Enumerable.Range(0, Steps).Average(i => -law.Quantile(0.05 * (i + 0.5) / Steps));
        law.Tail(0.95).ExpectedShortfall.ShouldBe(mean, 1e-5);
    }

    [Fact]
    public void MatchedVariance_IsNotTheScale_AndTendsToTheGaussian()
    {
        StudentT.WithVariance(0, 1, 4).Scale.ShouldBe(Math.Sqrt(0.5), 1e-15);
        var near = StudentT.WithVariance(0, 1, 1e7).Tail(0.99);
        var normal = GaussianTail.Estimate(0, 1, 0.99);
        near.ValueAtRisk.ShouldBe(normal.ValueAtRisk, 1e-5);
        near.ExpectedShortfall.ShouldBe(normal.ExpectedShortfall, 1e-5);
        Should.Throw<ArgumentException>(() => StudentT.WithVariance(0, 1, 2)).ParamName.ShouldBe("degreesOfFreedom");
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(3)]
    [InlineData(8)]
    public void Fit_FindsTheDistributionAgain(double freedom)
    {
        var fitted = StudentT.Fit(Quantiles(freedom)).ShouldNotBeNull();
        fitted.Location.ShouldBe(0.001, 1e-6);
        fitted.Scale.ShouldBe(0.01, 2e-4);
        fitted.DegreesOfFreedom.ShouldBe(freedom, 0.05 * freedom);
    }

    [Fact]
    public void ATailWithoutAMean_IsAnsweredByHistory_AndItSaysSo()
    {
        var measure = StudentTTail.Measure(Quantiles(0.8), 0.95);
        measure.Method.ShouldBe(TailMethod.StudentT);
        measure.Fallback.ShouldBe(new(TailMethod.Historical, FallbackReason.InfiniteMean));
    }

    [Fact]
    public void ALikelihoodWithoutAMaximum_IsAnsweredByHistory_AndItSaysSo()
    {
        // An illiquid price: on most days nothing moves, and the likelihood of a needle at zero has no bound.
        double[] returns = [.. new double[150], .. Quantiles(4)[..50]];
        var measure = StudentTTail.Measure(returns, 0.95);
        measure.Fallback.ShouldNotBeNull().Used.ShouldBe(TailMethod.Historical);
        double.IsFinite(measure.ExpectedShortfall).ShouldBeTrue();
    }

    [Fact]
    public void ReturnsThatAreAllTheSame_AreRefused() =>
        Should.Throw<ArgumentException>(() => StudentTTail.Measure(Enumerable.Repeat(0.1, 40).ToArray(), 0.95)).ParamName.ShouldBe("returns");

    static double[] Quantiles(double freedom)
    {
        var law = new StudentT(0.001, 0.01, freedom);
        return [.. Enumerable.Range(0, 2_000).Select(i => law.Quantile((i + 0.5) / 2_000))];
    }
}
