namespace Trading.Quant.Tests;

public sealed class ExpectedShortfallBacktestTests
{
    /// <summary>A standard normal's value at risk and expected shortfall at 97.5 %.</summary>
    const double NormalVar = 1.959963984540054, NormalEs = 2.337802792201431;

    [Fact]
    public void Statistic_OfAWorkedExample()
    {
        // 40 days at 95 %: two exceptions are due. Losses of 3 and 4 over a shortfall of 2.5: 1 - (1.2 + 1.6) / 2.
        double[] returns = [.. Enumerable.Repeat(0.1, 38), -3, -4];
        var test = ExpectedShortfallBacktest.Of(returns, Constant(40, 2), Constant(40, 2.5), 0.95, seed: 1);
        test.Statistic.ShouldBe(-0.4, 1e-12);
        (test.Exceptions, test.Observations, test.Seed, test.Replications).ShouldBe((2, 40, 1, 10_000));
    }

    /// <summary>Acerbi and Szekely's 5 % points at 250 days and 97.5 %: -0.70 for normal returns, -0.82 for three degrees of freedom.</summary>
    [Theory]
    [InlineData(double.PositiveInfinity, -0.70, 0.01)]
    [InlineData(3, -0.82, 0.015)]
    public void TheFivePercentPoint_IsThePublishedOne(double degreesOfFreedom, double point, double tolerance)
    {
        // One loss of the right size puts the statistic where it is wanted.
        double[] returns = [.. Enumerable.Repeat(0.0, 249), (point - 1) * 250 * 0.025];
        var test = ExpectedShortfallBacktest.Of(returns, Constant(250, 0.9), Constant(250, 1), 0.975, seed: 7, 20_000, degreesOfFreedom);
        test.Statistic.ShouldBe(point, 1e-9);
        test.PValue.ShouldBe(0.05, tolerance);
    }

    [Fact]
    public void ARightModel_IsNotRejected_AndOneThatHalvesRisk_Is()
    {
        var returns = RandomSeries.Normals(new Random(11), 1_000);
        var right = ExpectedShortfallBacktest.Of(returns, Constant(1_000, NormalVar), Constant(1_000, NormalEs), 0.975, seed: 3);
        right.PValue.ShouldBeGreaterThan(0.05);
        var halved = ExpectedShortfallBacktest.Of(returns, Constant(1_000, NormalVar / 2), Constant(1_000, NormalEs / 2), 0.975, seed: 3);
        halved.Statistic.ShouldBeLessThan(-3);
        halved.PValue.ShouldBe(1 / 10_001.0);
    }

    [Fact]
    public void RightCoverageWithLossesFarBeyondTheShortfall_IsRejected_WhereKupiecSeesNothing()
    {
        double[] returns = [.. Enumerable.Repeat(0.1, 244), .. Enumerable.Repeat(-3 * NormalEs, 6)];
        Kupiec.Test(250, 6, 0.975).PValue.ShouldBeGreaterThan(0.5);
        ExpectedShortfallBacktest.Of(returns, Constant(250, NormalVar), Constant(250, NormalEs), 0.975, seed: 5).PValue.ShouldBeLessThan(0.01);
    }

    [Fact]
    public void TheSameSeed_GivesTheSameNumber() =>
        ExpectedShortfallBacktest.Of([-3, 1, 1], [1, 1, 1], [2, 2, 2], 0.9, seed: 9)
            .ShouldBe(ExpectedShortfallBacktest.Of([-3, 1, 1], [1, 1, 1], [2, 2, 2], 0.9, seed: 9));

    [Fact]
    public void BadInput_IsRefused()
    {
        Refused("returns", [], [], []);
        Refused("valueAtRisk", [1], [1, 2], [3]);
        Refused("expectedShortfall", [1], [1], [3, 4]);
        Refused("expectedShortfall", [1], [1], [double.NaN]);
        Refused("expectedShortfall", [1], [2], [1]);
        Refused("expectedShortfall", [1], [-2], [0]);
        Refused("returns", [double.NaN], [1], [2]);
        Refused("confidence", [1], [1], [2], confidence: 1);
        Refused("degreesOfFreedom", [1], [1], [2], degreesOfFreedom: 1);
        Refused("degreesOfFreedom", [1], [1], [2], degreesOfFreedom: double.NaN);
        Refused("degreesOfFreedom", [1], [1], [2], degreesOfFreedom: 1e17);
        Refused("replications", [1], [1], [2], replications: 99);
    }

    static void Refused(
        string name, double[] returns, double[] valueAtRisk, double[] shortfall, double confidence = 0.95, int replications = 100, double degreesOfFreedom = 4) =>
        Should.Throw<ArgumentException>(() => ExpectedShortfallBacktest.Of(returns, valueAtRisk, shortfall, confidence, 1, replications, degreesOfFreedom))
            .ParamName.ShouldBe(name);

    static double[] Constant(int count, double value) => [.. Enumerable.Repeat(value, count)];
}
