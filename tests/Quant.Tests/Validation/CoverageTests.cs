using FsCheck.Fluent;

namespace Trading.Quant.Tests;

public sealed class CoverageTests
{
    [Theory]
    [InlineData(250, 0, 0.99, 5.025168)]
    [InlineData(250, 2, 0.99, 0.108435)]
    [InlineData(250, 4, 0.99, 0.769138)]
    [InlineData(250, 5, 0.99, 1.956810)]
    [InlineData(250, 7, 0.99, 5.496990)]
    [InlineData(250, 10, 0.99, 12.955491)]
    [InlineData(252, 12, 0.95, 0.030539)]
    [InlineData(252, 20, 0.95, 3.912551)]
    [InlineData(1000, 17, 0.99, 4.090973)]
    public void Kupiec_OfPublishedCounts(int observations, int exceptions, double confidence, double expected) =>
        Kupiec.Test(observations, exceptions, confidence).Statistic.ShouldBe(expected, 5e-7);

    [Theory]
    [InlineData(237, 6, 6, 0, 0.296326)]
    [InlineData(232, 5, 5, 7, 31.412650)]
    public void Christoffersen_OfPublishedCounts(int none, int first, int alone, int again, double expected) =>
        Christoffersen.Independence(new Transitions(none, first, alone, again)).Statistic.ShouldBe(expected, 5e-7);

    /// <summary>R's prop.test, which one well-known package calls by Kupiec's name, is a chi-square test with a continuity correction.</summary>
    [Fact]
    public void Kupiec_IsTheLikelihoodRatio_NotAProportionTest()
    {
        var corrected = Math.Pow(Math.Abs(7 - 2.5) - 0.5, 2) / (250 * 0.01 * 0.99);
        corrected.ShouldBe(6.4646, 1e-4);
        Kupiec.Test(250, 7, 0.99).Statistic.ShouldBe(5.496990, 5e-7);
    }

    /// <summary>No exception in 250 days at 99 % "rejects" the model by Kupiec's two-sided test: that is why the one-sided zone stands beside it.</summary>
    [Fact]
    public void NoExceptionsAtAll_RejectByKupiec_AndAreGreen()
    {
        Kupiec.Test(250, 0, 0.99).PValue.ShouldBeLessThan(0.05);
        var light = TrafficLight.Of(250, 0, 0.99);
        (light.Zone, light.AtLeast, light.PlusFactor).ShouldBe((TrafficLightZone.Green, 1, 0));
    }

    [Fact]
    public void ThousandsOfExceptions_DoNotUnderflow()
    {
        // 0.05^50,000 is below the smallest number; its logarithm is not.
        Kupiec.Test(1_000_000, 50_000, 0.95).Statistic.ShouldBe(0, 1e-6);
        Kupiec.Test(1_000_000, 51_000, 0.95).Statistic.ShouldBe(20.9, 0.1);
        Kupiec.Test(1_000_000, 500_000, 0.95).ShouldSatisfyAllConditions(test => test.Statistic.ShouldBeGreaterThan(1e6), test => test.PValue.ShouldBe(0));
        Christoffersen.Independence(new Transitions(900_000, 50_000, 50_000, 5_000)).Statistic.ShouldBeGreaterThan(1_000);
        TrafficLight.Of(1_000_000, 50_000, 0.95).AtMost.ShouldBe(0.5, 2e-3);
        TrafficLight.Of(1_000_000, 500_000, 0.95).AtLeast.ShouldBe(0, 1e-300);
        TrafficLight.Of(1_000_000, 0, 0.95).AtMost.ShouldBe(0, 1e-300);
    }

    [Fact]
    public void CellsThatAreZero_AddNothing()
    {
        Christoffersen.Independence(new bool[250]).ShouldSatisfyAllConditions(test => test.Statistic.ShouldBe(0), test => test.PValue.ShouldBe(1));
        Christoffersen.Independence(Enumerable.Repeat(true, 250).ToArray()).Statistic.ShouldBe(0);
        Christoffersen.Independence([false, true]).Statistic.ShouldBe(0, 1e-15);
        Kupiec.Test(10, 10, 0.99).Statistic.ShouldBe(-20 * Math.Log(0.01), 1e-9);
    }

    [Fact]
    public void Transitions_CountPairs() =>
        Transitions.Of([false, false, true, true, false, true]).ShouldBe(new Transitions(1, 2, 1, 1));

    [Fact]
    public void ConditionalCoverage_IsTheSumOfBoth_AndNoStatisticIsNegative() =>
        (from exceptions in Gen.Elements(true, false, false, false).ArrayOf() where exceptions.Length > 1
         from confidence in Samples.Confidence select (exceptions, confidence)).Hold(sample =>
        {
            var (exceptions, confidence) = sample;
            var coverage = Kupiec.Test(exceptions.Length, exceptions.Count(one => one), confidence);
            var independence = Christoffersen.Independence(exceptions);
            var both = Christoffersen.ConditionalCoverage(exceptions, confidence);
            both.Statistic.ShouldBe(coverage.Statistic + independence.Statistic);
            foreach (var test in (LikelihoodRatio[])[coverage, independence, both])
            {
                test.Statistic.ShouldBeGreaterThanOrEqualTo(0);
                test.PValue.ShouldBeInRange(0, 1);
            }
        });

    [Fact]
    public void ALossAsLargeAsTheForecast_IsNoException() =>
        ValueAtRiskBacktest.Exceptions([-0.02, -0.020001, 0.05], [0.02, 0.02, -0.06]).ShouldBe([false, true, true]);

    [Fact]
    public void BadInput_IsRefused()
    {
        Should.Throw<ArgumentException>(() => Kupiec.Test(0, 0, 0.99)).ParamName.ShouldBe("observations");
        Should.Throw<ArgumentException>(() => Kupiec.Test(10, 11, 0.99)).ParamName.ShouldBe("exceptions");
        Should.Throw<ArgumentException>(() => Kupiec.Test(10, -1, 0.99)).ParamName.ShouldBe("exceptions");
        Should.Throw<ArgumentException>(() => TrafficLight.Of(10, 1, 1)).ParamName.ShouldBe("confidence");
        Should.Throw<ArgumentException>(() => Christoffersen.Independence([true])).ParamName.ShouldBe("exceptions");
        Should.Throw<ArgumentException>(() => Christoffersen.Independence(default(Transitions))).ParamName.ShouldBe("transitions");
        Should.Throw<ArgumentException>(() => Christoffersen.Independence(new Transitions(-1, 2, 3, 4))).ParamName.ShouldBe("transitions");
        Should.Throw<ArgumentException>(() => ValueAtRiskBacktest.Exceptions([], [])).ParamName.ShouldBe("returns");
        Should.Throw<ArgumentException>(() => ValueAtRiskBacktest.Exceptions([1], [1, 2])).ParamName.ShouldBe("valueAtRisk");
        Should.Throw<ArgumentException>(() => ValueAtRiskBacktest.Exceptions([1, 2], [1, double.NaN])).ParamName.ShouldBe("valueAtRisk");
    }
}
