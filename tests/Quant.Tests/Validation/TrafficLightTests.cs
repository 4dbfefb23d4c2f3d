using FsCheck.Fluent;

namespace Trading.Quant.Tests;

public sealed class TrafficLightTests
{
    [Theory]
    [InlineData(4, 0.892188)]
    [InlineData(5, 0.958817)]
    [InlineData(9, 0.999750)]
    [InlineData(10, 0.999946)]
    public void TheProbability_IsBinomial(int exceptions, double expected) =>
        TrafficLight.Of(250, exceptions, 0.99).AtMost.ShouldBe(expected, 5e-7);

    [Theory]
    [InlineData(0.99, 5, 10)]
    [InlineData(0.95, 18, 27)]
    public void Zones_OfAYear_AreThePublishedOnes(double confidence, int yellowFrom, int redFrom)
    {
        for (var exceptions = 0; exceptions <= 250; exceptions++)
            TrafficLight.Of(250, exceptions, confidence).Zone.ShouldBe(
                exceptions < yellowFrom ? TrafficLightZone.Green : exceptions < redFrom ? TrafficLightZone.Yellow : TrafficLightZone.Red);
    }

    [Fact]
    public void PlusFactors_OfBaselsCase_AreItsTable()
    {
        foreach (var (exceptions, factor) in ((int, double)[])[(4, 0), (5, 0.40), (6, 0.50), (7, 0.65), (8, 0.75), (9, 0.85), (10, 1), (99, 1)])
            TrafficLight.Of(250, exceptions, 0.99).ShouldSatisfyAllConditions(
                light => light.PlusFactor.ShouldBe(factor), light => light.PlusFactorSource.ShouldBe(PlusFactorSource.BaselTable));
    }

    [Fact]
    public void PlusFactors_OfOtherCases_FollowTheRuleBehindTheTable()
    {
        // 500 days with 2 % exceptions are what 250 days with 5 are: the rule gives 0.398, the table 0.40.
        foreach (var (exceptions, table) in ((int, double)[])[(10, 0.40), (12, 0.50), (14, 0.65)])
            TrafficLight.Of(500, exceptions, 0.99).ShouldSatisfyAllConditions(
                light => light.Zone.ShouldBe(TrafficLightZone.Yellow),
                light => light.PlusFactor.ShouldBe(table, 0.03), light => light.PlusFactorSource.ShouldBe(PlusFactorSource.NormalRule));
    }

    [Fact]
    public void MoreExceptions_NeverImproveTheLight() =>
        (from observations in Gen.Choose(1, 2_000) from exceptions in Gen.Choose(0, observations - 1)
         from confidence in Samples.Confidence select (observations, exceptions, confidence)).Hold(sample =>
        {
            var (observations, exceptions, confidence) = sample;
            var (light, next) = (TrafficLight.Of(observations, exceptions, confidence), TrafficLight.Of(observations, exceptions + 1, confidence));
            ((int)next.Zone).ShouldBeGreaterThanOrEqualTo((int)light.Zone);
            next.PlusFactor.ShouldBeGreaterThanOrEqualTo(light.PlusFactor);
            (light.AtMost + next.AtLeast).ShouldBe(1, 1e-9);
        });
}
