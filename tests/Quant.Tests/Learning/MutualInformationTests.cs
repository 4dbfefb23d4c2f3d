namespace Trading.Quant.Tests;

public sealed class MutualInformationTests
{
    [Fact]
    public void OfAPerfectTeller_IsTheEntropy_LessWhatChanceGives()
    {
        double[] values = [.. Enumerable.Range(0, 1_000).Select(i => (double)i)];
        bool[] outcomes = [.. values.Select(value => value >= 500)];
        MutualInformation.Of(values, outcomes, 10).ShouldBe(Math.Log(2) - 9 / 2_000.0, 1e-12);
    }

    [Fact]
    public void OfNoise_IsZeroOnAverage()
    {
        var random = new Random(1);
        double[] found = [.. Enumerable.Range(0, 400).Select(_ => MutualInformation.Of(
            [.. Enumerable.Range(0, 500).Select(_ => random.NextDouble())], [.. Enumerable.Range(0, 500).Select(_ => random.Next(2) == 0)]))];
        found.Average().ShouldBe(0, 4 * Math.Sqrt(2 * 9) / 1_000 / Math.Sqrt(400)); // chi-square with 9 degrees over 2 n
    }

    [Fact]
    public void EqualValues_AreNeverParted()
    {
        bool[] outcomes = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0)];
        MutualInformation.Of([.. Enumerable.Repeat(3.0, 100)], outcomes).ShouldBe(0);
        MutualInformation.Of([.. outcomes.Select(outcome => outcome ? 1.0 : 0)], outcomes).ShouldBe(Math.Log(2) - 1 / 200.0, 1e-12);
    }
}
