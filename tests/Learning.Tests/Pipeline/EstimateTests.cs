namespace Trading.Learning.Tests;

public sealed class EstimateTests
{
    static List<Forecast> Forecasts(int sessions, int symbols, int seed)
    {
        var random = new Random(seed);
        return [.. Histories.Sessions(sessions).SelectMany(session =>
        {
            var (probability, rise) = (random.NextDouble(), random.NextDouble() < 0.5);
            return Enumerable.Range(0, symbols).Select(symbol =>
                new Forecast(0, session, symbol, probability, 0.5, 0, new(new(session, session), 0, 0, rise, Barrier.Time)));
        })];
    }

    [Fact]
    public void SymbolsThatSayTheSame_MakeAnAreaNoSurer()
    {
        var one = Estimate.OfArea(Forecasts(300, symbols: 1, seed: 4), overlap: 1)!.Value;
        var thirty = Estimate.OfArea(Forecasts(300, symbols: 30, seed: 4), overlap: 1)!.Value;
        thirty.Value.ShouldBe(one.Value, 1e-12);
        thirty.StandardError.ShouldBe(one.StandardError, 1e-12);
    }

    [Fact]
    public void AMeanOfOverlappingLosses_IsLessSureThanItLooks()
    {
        var random = new Random(6);
        double[] steps = [.. Enumerable.Range(0, 504).Select(_ => random.NextDouble())];
        double[] losses = [.. Enumerable.Range(0, 500).Select(at => steps[at..(at + 5)].Average())];
        Estimate.OfMean(losses, overlap: 5).StandardError.ShouldBeGreaterThan(1.7 * Estimate.OfMean(losses).StandardError);
    }
}
