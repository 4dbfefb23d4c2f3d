namespace Trading.Models.Tests;

public sealed class FeaturesTests
{
    static double Named(double[] row, string name) => row[Features.Names.IndexOf(name)];

    [Fact]
    public void Features_OfASteadyRise()
    {
        var row = Features.At([.. Enumerable.Range(0, Features.History).Select(day => Math.Exp(0.01 * day))]);
        row.Length.ShouldBe(Features.Names.Length);
        Named(row, "return_1").ShouldBe(0.01, 1e-12);
        Named(row, "return_5").ShouldBe(0.05, 1e-12);
        Named(row, "return_20").ShouldBe(0.20, 1e-12);
        Named(row, "volatility_20").ShouldBe(0, 1e-12);
        Named(row, "distance_20").ShouldBe(-Math.Log(Enumerable.Range(0, 20).Average(back => Math.Exp(-0.01 * back))), 1e-12);
        Named(row, "distance_50").ShouldBe(-Math.Log(Enumerable.Range(0, 50).Average(back => Math.Exp(-0.01 * back))), 1e-12);
        Named(row, "rsi_14").ShouldBe(1);
    }

    [Fact]
    public void Volatility_IsThePopulationDeviationOfTheLastTwentyReturns()
    {
        var closes = Histories.Walk(80, carry: 0, seed: 1);
        double[] returns = [.. Enumerable.Range(60, 20).Select(day => Math.Log(closes[day] / closes[day - 1]))];
        Named(Features.At(closes), "volatility_20").ShouldBe(Math.Sqrt(returns.Average(value => Math.Pow(value - returns.Average(), 2))), 1e-12);
    }

    [Fact]
    public void Strength_IsTheShareOfGainsInTheMovesOfFourteenSessions()
    {
        double[] closes = [.. Enumerable.Repeat(10.0, 36), .. Enumerable.Range(0, 14).Select(day => 10.0 + (day % 2 == 0 ? 3 : 0))];
        // 7 rises of 3 and 6 falls of 3, then the first of the 14 moves is the rise from 10.
        Named(Features.At(closes), "rsi_14").ShouldBe(7 / 14.0, 1e-12);
    }

    [Fact]
    public void AStandstill_HasNoDirection() =>
        Features.At([.. Enumerable.Repeat(5.0, 60)]).ShouldBe([0, 0, 0, 0, 0, 0, 0.5]);

    [Fact]
    public void OnlyTheLastFiftyCloses_Count()
    {
        var closes = Histories.Walk(200, carry: 0.1, seed: 3);
        Features.At(closes).ShouldBe(Features.At(closes.AsSpan(150)));
    }

    [Fact]
    public void TooFewCloses_AreRefused() =>
        Should.Throw<ArgumentException>(() => Features.At(new double[Features.History - 1]));
}
