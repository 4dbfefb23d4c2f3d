namespace Trading.Quant.Tests;

public sealed class DieboldMarianoTests
{
    [Fact]
    public void Statistic_IsWorkedByHand()
    {
        // Differences 1, -1, 2, 0, 1, 1, -1, 2, 0, 1: mean 0.6, mean square deviation 1.04.
        double[] one = [2, 0, 3, 1, 2, 2, 0, 3, 1, 2], other = [.. Enumerable.Repeat(1.0, 10)];
        var test = DieboldMariano.Of(one, other)!.Value;
        test.MeanDifference.ShouldBe(0.6, 1e-12);
        test.Statistic.ShouldBe(Math.Sqrt(0.9) * 0.6 / Math.Sqrt(1.04 / 10), 1e-12);
        test.PValueBetter.ShouldBeGreaterThan(0.9);
        DieboldMariano.Of(other, one)!.Value.PValueBetter.ShouldBe(1 - test.PValueBetter, 1e-12);
    }

    [Fact]
    public void OverlappingErrors_AreCountedInTheVariance()
    {
        var random = new Random(1);
        var rejected = 0;
        for (var run = 0; run < 500; run++)
        {
            double[] noise = [.. Enumerable.Range(0, 304).Select(_ => random.NextDouble() - 0.5)];
            double[] sums = [.. Enumerable.Range(0, 300).Select(i => noise[i] + noise[i + 1] + noise[i + 2] + noise[i + 3] + noise[i + 4])];
            if (DieboldMariano.Of(sums, new double[300], horizon: 5)!.Value.PValueBetter < 0.05) rejected++;
        }

        rejected.ShouldBeInRange(10, 45); // 25 expected; without the overlap it would be over 100
    }

    [Fact]
    public void EqualLosses_HaveNoTest_AndTooFew_AreRefused()
    {
        DieboldMariano.Of(new double[20], new double[20]).ShouldBeNull();
        Should.Throw<ArgumentException>(() => DieboldMariano.Of(new double[9], new double[9])).Message.ShouldContain("10 or more");
        Should.Throw<ArgumentException>(() => DieboldMariano.Of(new double[20], new double[20], 11));
    }
}
