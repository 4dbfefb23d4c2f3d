using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Benchmarks;

/// <summary>Recalculation of the risk of a large book, and the mathematics behind it beside numpy's and R's on the same numbers, in one run. A tool
/// that is not installed has no column.</summary>
static class RiskBenchmarks
{
    const int Positions = 500, Sessions = 1_000, CovarianceSessions = 252;
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(TextWriter output)
    {
        var histories = Histories();
        var valuation = DeskOf(histories);
        var returns = histories.Values.Select(series => Returns(series, Sessions)).ToArray();
        var newest = returns.Select(series => series[^CovarianceSessions..]).ToArray();
        var weights = Enumerable.Repeat(1.0 / Positions, Positions).ToArray();
        var peers = await RiskPeer.RunAsync(returns);

        await output.WriteLineAsync($"| median of 31, in ms | here |{string.Concat(peers.Select(peer => $" {peer.Name} |"))}");
        await output.WriteLineAsync($"| --- | ---: |{string.Concat(peers.Select(_ => " ---: |"))}");
        await RowAsync("recalculation of a book of 500 positions: what the turn takes", () => Recalculate(valuation, histories), _ => null);
        await RowAsync("the same with the forecast of a session", () => { Recalculate(valuation, histories); _ = PositionScenarios.Of(valuation)!.Sample; }, _ => null);
        await RowAsync("historical VaR and ES, 500 × 1,000", () => Tail(returns, weights), peer => peer.TailTime);
        await RowAsync("Ledoit–Wolf, 500 × 252", () => Covariance.LedoitWolf(newest), peer => peer.ShrunkTime);
        var input = RiskInput.Of(valuation, histories, DateTimeOffset.UnixEpoch)!;
        await RowAsync("whole analysis of the book, by a worker", () => RiskAnalyses.Run(input), _ => null, rounds: 3);
        var tail = Tail(returns, weights);
        foreach (var peer in peers)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{peer.Name}: VaR differs by {Math.Abs(tail.ValueAtRisk - peer.Tail[0]):0.#e+0}, ES by {Math.Abs(tail.ExpectedShortfall - peer.Tail[1]):0.#e+0}."));

        async Task RowAsync(string name, Action work, Func<RiskPeer, double?> theirs, int rounds = 31) => await output.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(work, rounds):0.###} |")
            + string.Concat(peers.Select(peer => string.Create(CultureInfo.InvariantCulture, $" {theirs(peer):0.###} |"))));
    }

    static void Recalculate(BookValuation valuation, IReadOnlyDictionary<string, PriceSeries> histories)
    {
        valuation.Apply(new Recalculated(DateTimeOffset.UnixEpoch));
        _ = valuation.Measure();
        _ = RiskInput.Of(valuation, histories, DateTimeOffset.UnixEpoch);
    }

    static TailEstimate Tail(double[][] returns, double[] weights)
    {
        var pnl = new double[Sessions];
        for (var i = 0; i < returns.Length; i++)
            ScenarioRisk.AddScaled(pnl, returns[i], weights[i]);
        return ScenarioRisk.Measure(pnl, 0.95, 0.975);
    }

    static BookValuation DeskOf(Dictionary<string, PriceSeries> histories)
    {
        var valuation = new BookValuation(new Book("benchmark", 1), new PortfolioOptions());
        valuation.Apply(new Opened(new("USD", 100_000_000m, false), DateTimeOffset.UnixEpoch));
        foreach (var (symbol, series) in histories)
        {
            valuation.Apply(valuation.Prices.Learn(symbol, new(SeriesStatus.Updated, series), DateTimeOffset.UnixEpoch)!);
            var fill = new Fill(symbol, null, null, symbol, Side.Buy, 1_000, 100, 0, External: true);
            valuation.Apply(FillRules.Post(valuation.Book, fill, DateTimeOffset.UnixEpoch));
        }

        return valuation;
    }

    static Dictionary<string, PriceSeries> Histories()
    {
        var random = new Random(20260105);
        ImmutableArray<DateOnly> dates = [.. Enumerable.Range(0, Sessions + 1).Select(day => new DateOnly(2020, 1, 1).AddDays(day))];
        return Enumerable.Range(0, Positions).Select(i =>
        {
            var close = 100.0;
            ImmutableArray<decimal> closes = [.. dates.Select(_ => Math.Round((decimal)(close *= 1 + 0.04 * (random.NextDouble() - 0.4999)), 4))];
            return new PriceSeries($"S{i:000}", $"Sector {i % 11}", dates, closes, new("benchmark", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), 1);
        }).ToDictionary(series => series.Symbol);
    }

    static double[] Returns(PriceSeries series, int count) =>
        [.. Enumerable.Range(series.Closes.Length - count, count).Select(i => (double)(series.Closes[i] / series.Closes[i - 1]) - 1)];

    static double Median(Action work, int rounds)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < WarmUp;) work(); // until it is compiled for good
        var times = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[rounds / 2];
    }
}
