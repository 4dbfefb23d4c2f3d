namespace Trading.Quant.Tests;

public sealed class LongRunVarianceTests
{
    [Fact]
    public void OfAWorkedExample()
    {
        // Deviations -1.5, -0.5, 0.5, 1.5: a variance of 1.25, a first autocovariance of 1.25 / 4.
        LongRunVariance.Of([1, 2, 3, 4], overlap: 1).ShouldBe(1.25, 1e-15);
        LongRunVariance.Of([1, 2, 3, 4], overlap: 2).ShouldBe(1.25 + 2 * 1.25 / 4, 1e-15);
    }

    [Fact]
    public void ANegativeSum_IsTheVarianceWithoutOverlap() =>
        LongRunVariance.Of([1, -1, 1, -1, 1, -1], overlap: 2).ShouldBe(1, 1e-15);

    [Fact]
    public void MeansOfOverlappingSums_ScatterByIt()
    {
        var random = new Random(5);
        List<double> means = [], errors = [];
        for (var i = 0; i < 300; i++)
        {
            double[] steps = [.. Enumerable.Range(0, 504).Select(_ => random.NextDouble() - 0.5)];
            double[] sums = [.. Enumerable.Range(0, 500).Select(at => steps[at..(at + 5)].Sum())];
            means.Add(sums.Average());
            errors.Add(Math.Sqrt(LongRunVariance.Of(sums, overlap: 5) / sums.Length));
        }

        var scatter = Math.Sqrt(means.Average(mean => mean * mean));
        errors.Average().ShouldBe(scatter, 0.1 * scatter);
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        Should.Throw<ArgumentException>(() => LongRunVariance.Of([], 1));
        Should.Throw<ArgumentException>(() => LongRunVariance.Of([1], 0));
    }
}
