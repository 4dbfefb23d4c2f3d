using System.Collections.Immutable;
using System.Text.Json;
using Trading.Journal;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Portfolios.Tests;
using Trading.Risk;
using Trading.Testing;
using Market = Trading.Portfolios.Tests.Market;

namespace Trading.Backtests.Tests;

/// <summary>The same orders at the same prices, once in a backtest and once through a portfolio grain.</summary>
public sealed class GateAgainstLiveTests : IAsyncLifetime
{
    const int Days = 110, CrashDay = 95;
    const decimal Cash = 1_000_000m;

    /// <summary>What is ordered at the end of a day; the next one fills it.</summary>
    static readonly ImmutableSortedDictionary<int, (string Symbol, decimal Quantity)> Plan =
        ImmutableSortedDictionary<int, (string, decimal)>.Empty
            .Add(10, ("AAA", 100)) // too little is known of its risk
            .Add(80, ("AAA", 5_000))
            .Add(85, ("BBB", 7_000)) // over many limits at once
            .Add(90, ("BBB", 1_000))
            .Add(96, ("BBB", 100)) // after the crash the breakers hold
            .Add(98, ("AAA", -1_000)) // which let reductions through
            .Add(99, ("CCC", 50))
            .Add(105, ("BBB", -900));

    static readonly RiskLimits Limits = RiskLimits.Default with
    {
        MaxOrderNotional = 600_000m, MaxPositionWeight = 0.6, MaxSectorExposure = 0.9, MaxValueAtRisk95 = 0.1,
        MaxExpectedShortfall975 = 0.1,
        Breakers = Breakers.Default with { DataOutage = null }, // this book's prices come a moment after the day's leap
    };

    static readonly ImmutableArray<string> Symbols = ["AAA", "BBB", "CCC"];
    static readonly ImmutableArray<DateOnly> Dates =
        [.. Enumerable.Range(0, Days).Select(day => new DateOnly(2025, 1, 1).AddDays(day))];

    static readonly ImmutableDictionary<string, decimal[]> Closes =
        Symbols.ToImmutableDictionary(symbol => symbol, Walk);

    readonly ManualTimeProvider _clock = new(End(0));
    readonly Market _market = new();
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public GateAgainstLiveTests() => _journal = new(_clock);

    IPortfolioGrain Book => _silo.Grains.GetGrain<IPortfolioGrain>("beside-a-backtest");

    public async ValueTask InitializeAsync()
    {
        _silo = await BookSilo.StartAsync(_clock, _journal, _market);
        (await Book.CreateAsync(new("USD", Cash, AllowShort: true))).IsDone.ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task EveryOrder_IsDecidedAsThePortfolioGrainDecidesIt_WithTheSameCodesAndNumbers()
    {
        var (tested, live) = (Test(), await LiveAsync());
        tested.Keys.ToArray().ShouldBe(
            live.Keys.ToArray(), string.Join('\n', live.Select(day => $"{day.Key}: {string.Join(", ", day.Value)}")));
        foreach (var (day, expected) in live)
        {
            tested[day].Select(rule => rule.Code).ShouldBe(expected.Select(rule => rule.Code), $"day {day}");
            foreach (var (mine, theirs) in tested[day].Zip(expected))
            {
                Close(mine.Observed, theirs.Observed).ShouldBeTrue($"day {day}: {mine} and {theirs}");
                Close(mine.Limit, theirs.Limit).ShouldBeTrue($"day {day}: {mine} and {theirs}");
            }
        }

        live[10].Select(rule => rule.Code).ShouldContain("insufficient_history");
        live[85].Select(rule => rule.Code).ShouldBe(
            ["order_notional", "position_weight", "net_exposure", "sector_exposure", "cash"], ignoreOrder: true);
        live[96].Select(rule => rule.Code).ShouldContain("circuit_breaker");
        live.Keys.ToArray().ShouldBe([10, 85, 96, 99], "The others are let through.");
    }

    static bool Close(decimal? mine, decimal? theirs) => mine is { } one && theirs is { } other
        ? Math.Abs(one - other) <= 1e-9m * Math.Max(1, Math.Abs(other)) : mine == theirs;

    /// <summary>What the backtest refused, by day.</summary>
    static SortedDictionary<int, List<BrokenRule>> Test()
    {
        var catalog = new StrategyCatalog([new("planned", "Orders by a plan.", [], _ => new Planned())]);
        var result = BacktestRunner.Run(
            new()
            {
                Cash = Cash, Strategies = [StrategySpec.Of("planned")], Costs = CostOptions.Zero,
                Execution = new() { MaxParticipation = null, LatencyMilliseconds = 0 },
            },
            new(Symbols.Select(symbol => BarColumnsBuilder.Build(
                symbol, TimeSpan.FromDays(1), [.. Closes[symbol].Select((close, day) => Bar.OfClose(Start(day), close))],
                new() { Sector = Market.Sector }))),
            catalog, gate: new SignalRulesGate(Limits));
        var refused = new SortedDictionary<int, List<BrokenRule>>();
        foreach (var one in result.Refusals)
        {
            var day = DateOnly.FromDateTime(one.At.UtcDateTime).DayNumber - Dates[0].DayNumber;
            if (!refused.TryGetValue(day, out var rules)) refused[day] = rules = [];
            rules.Add(new(one.Code, one.Observed, one.Limit));
        }

        return refused;
    }

    /// <summary>The same day by day on a real book.</summary>
    async Task<SortedDictionary<int, List<BrokenRule>>> LiveAsync()
    {
        var version = new LimitsVersion(1, Limits, "test", End(0), "test");
        var refused = new SortedDictionary<int, List<BrokenRule>>();
        SignalDecision? open = null;
        for (var day = 0; day < Days; day++)
        {
            if (day > 0) _clock.Advance(End(day) - _clock.GetUtcNow());
            if (open is { } approved)
                (await Book.FillAsync(new(
                    $"fill-{day}", null, approved.DecisionId, approved.Symbol, approved.Action, approved.Quantity,
                    Closes[approved.Symbol][day], 0, External: false))).IsDone.ShouldBeTrue();
            open = null;
            foreach (var symbol in Symbols)
                _market[symbol] = Market.Series(
                    symbol, Dates[..(day + 1)], [.. Closes[symbol][..(day + 1)]], version: day + 1) with
                    {
                        Provenance = new("test", End(day), End(day)),
                    };
            foreach (var symbol in Symbols)
                await _silo.TickUntilAsync(async () =>
                    (await Book.PreviewAsync(new(symbol, Side.Buy, 1, null, null, null), version)).Value!.Decision.ReferencePrice
                    == Closes[symbol][day]);
            if (!Plan.TryGetValue(day, out var plan)) continue;
            var decided = (await Book.ReserveAsync(
                new(plan.Symbol, plan.Quantity > 0 ? Side.Buy : Side.Sell, Math.Abs(plan.Quantity), null, null, null)
                {
                    Strategy = "planned",
                }, version)).Value!.Read();
            if (decided.Approved) open = decided;
            else
                refused[day] = [.. decided.Violations.Select(one =>
                    new BrokenRule(JsonSerializer.Serialize(one.Code).Trim('"'), one.Observed, one.Limit))];
        }

        return refused;
    }

    static DateTimeOffset Start(int day) => new(Dates[day], default, TimeSpan.Zero);

    /// <summary>The latest close of New York, at which a daily bar counts as complete.</summary>
    static DateTimeOffset End(int day) => Start(day).AddHours(21);

    static decimal[] Walk(string symbol)
    {
        var (random, price) = (new Random(symbol[0]), 100m);
        return
        [
            .. Enumerable.Range(0, Days).Select(day =>
            {
                price = Math.Round(price * (1 + random.Next(-100, 101) / 10_000m), 2);
                if (day == CrashDay && symbol == "AAA") price = Math.Round(price * 0.65m, 2);
                return price;
            }),
        ];
    }

    sealed class Planned : IStrategy
    {
        int _day;

        public void OnBars(StrategyContext context)
        {
            if (Plan.TryGetValue(_day++, out var plan))
                context.Submit(new(Symbols.IndexOf(plan.Symbol), plan.Quantity));
        }
    }
}
