using System.Globalization;
using Trading.MarketData;
using Trading.Testing;

namespace Trading.Backtests.Tests;

/// <summary>Small markets for tests.</summary>
static class TestMarkets
{
    public static readonly DateTimeOffset Start = new(2020, 1, 6, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Day(int day) => Start.AddDays(day);

    /// <summary>Daily bars on consecutive days.</summary>
    public static SymbolBars Daily(
        string symbol, SymbolTerms? terms, params (decimal Open, decimal High, decimal Low, decimal Close, decimal? Volume)[] bars) =>
        BarColumnsBuilder.Build(symbol, TimeSpan.FromDays(1),
            [.. bars.Select((bar, i) => new Bar(Day(i), bar.Open, bar.High, bar.Low, bar.Close, bar.Volume))], terms);

    /// <summary>Daily bars of which only the close is known.</summary>
    public static SymbolBars Closes(string symbol, params decimal[] closes) =>
        Daily(symbol, null, [.. closes.Select(close => (close, close, close, close, (decimal?)1_000_000m))]);

    public static MarketHistory Of(params SymbolBars[] series) => new(series);

    /// <summary>Bars of random walks, to the cent, with volumes and gaps.</summary>
    public static MarketHistory Random(int seed, int symbols, int bars, TimeSpan? interval = null, SymbolTerms? terms = null) =>
        new(RandomSeries(seed, symbols, bars, interval, terms));

    public static SymbolBars[] RandomSeries(int seed, int symbols, int bars, TimeSpan? interval = null, SymbolTerms? terms = null)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, symbols).Select(symbol =>
        {
            var price = 20m + random.Next(8_000) / 100m;
            var list = new List<Bar>();
            for (var bar = 0; bar < bars; bar++)
            {
                if (random.Next(40) == 0) continue; // a halt
                var open = Moved(price, random);
                var close = Moved(open, random);
                list.Add(new(
                    Start + bar * (interval ?? TimeSpan.FromDays(1)), open, Math.Max(open, close) + random.Next(60) / 100m,
                    Math.Max(0.01m, Math.Min(open, close) - random.Next(60) / 100m), close, random.Next(60) == 0 ? 0 : random.Next(100, 20_000)));
                price = close;
            }

            return BarColumnsBuilder.Build($"S{symbol}", interval ?? TimeSpan.FromDays(1), list, terms);
        })];
    }

    /// <summary>The thirty stocks that come with the program.</summary>
    public static MarketHistory Sample(params string[] symbols) => new(SampleSeries().Where(one => symbols.Length == 0 || symbols.Contains(one.Symbol)));

    static IEnumerable<SymbolBars> SampleSeries()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryFiles.Sample, "closes.csv")).Select(line => line.Split(',')).ToArray();
        for (var column = 1; column < rows[0].Length; column++)
            yield return BarColumnsBuilder.Build(rows[0][column], TimeSpan.FromDays(1),
            [
                .. rows.Skip(1).Select(row => Bar.OfClose(
                    DateTimeOffset.Parse(row[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                    decimal.Parse(row[column], CultureInfo.InvariantCulture))),
            ]);
    }

    static decimal Moved(decimal price, Random random) => Math.Max(1m, price + random.Next(-150, 151) / 100m);
}

/// <summary>A strategy that is a function, called at every moment with its number.</summary>
sealed class Script(Action<StrategyContext, int> act) : IStrategy
{
    int _moment;

    public void OnBars(StrategyContext context) => act(context, _moment++);
}

/// <summary>Runs scripts and hands out everything that was recorded.</summary>
sealed class TestRun
{
    public TestRun(
        MarketHistory history, Action<StrategyContext, int> act, CostOptions? costs = null, ExecutionOptions? execution = null,
        decimal cash = 100_000m, ITradeGate? gate = null)
        : this(history, [new("script", new Script(act), cash)], costs, execution, gate)
    {
    }

    public TestRun(
        MarketHistory history, IReadOnlyList<Participant> participants, CostOptions? costs = null, ExecutionOptions? execution = null,
        ITradeGate? gate = null)
    {
        (History, Cash) = (history, participants.Sum(one => one.Cash));
        Simulation = new(history, participants, costs ?? CostOptions.Zero, execution ?? Free, Recording, gate);
        Simulation.Run(null, CancellationToken.None);
    }

    /// <summary>No latency and no bound on liquidity.</summary>
    public static ExecutionOptions Free { get; } =
        new() { LatencyMilliseconds = 0, MaxParticipation = null, LimitNeedsTradeThrough = false };

    public MarketHistory History { get; }

    public decimal Cash { get; }

    public Simulation Simulation { get; }

    public Recording Recording { get; } = new() { KeepsAll = true, Decisions = new() };

    public IReadOnlyList<Fill> Fills => Recording.Fills;

    public IReadOnlyList<OrderRecord> Orders => Recording.Orders;

    public Account Account => Simulation.Accounts[0];

    public decimal Equity => Simulation.Accounts.Sum(Simulation.Market.Equity);

    public Fill OnlyFill => Fills.ShouldHaveSingleItem();
}
