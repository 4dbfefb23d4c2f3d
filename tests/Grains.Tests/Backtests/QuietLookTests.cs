using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Backtests.Tests;

/// <summary>Looks that wait until the book is asked leave every decision as it is: the same runs through a gate that makes every
/// look.</summary>
public sealed class QuietLookTests
{
    const int Symbols = 6, Days = 900;

    static readonly DateTimeOffset Start = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Strategies that seldom trade and such that often do.</summary>
    static readonly ImmutableArray<StrategySpec> Strategies =
    [
        StrategySpec.Of("moving_average_cross", ("fast", 10), ("slow", 60)),
        StrategySpec.Of("moving_average_cross", ("fast", 5), ("slow", 90), ("allow_short", 1)),
        StrategySpec.Of("momentum_rank", ("lookback", 120), ("every", 30), ("share", 0.5)),
        StrategySpec.Of("mean_reversion", ("window", 30), ("entry", 1.5)),
        StrategySpec.Of("buy_and_hold", ("weight", 0.9)),
    ];

    static readonly ImmutableArray<RiskLimits> Limits =
    [
        RiskLimits.Default,
        RiskLimits.Default with { MaxValueAtRisk95 = 0.012, MaxPositionWeight = 0.5 },
        new()
        {
            MaxValueAtRisk95 = 0.015, PreventSelfMatch = false,
            Breakers = new()
            {
                DailyLoss = new(0.015, 0.01, 60, 60, 0.5, BreakerReset.Person),
                Drawdown = new(0.05, 0.03, 60, 60, 1, BreakerReset.Automatic),
                ValueAtRisk = new(1, 0.95, 60, 60, 0.5, BreakerReset.Automatic),
                Volatility = new(1.3, 1.1, 60, 60, 0.5, BreakerReset.Automatic),
                RepeatedDenials = new(3, 1, 60, 60, 0.5, BreakerReset.Automatic, Window: 864_000),
                DataOutage = new(0.5, 0.2, 60, 60, 0.5, BreakerReset.Automatic),
            },
        },
    ];

    public static TheoryData<int, int, int> Runs => new(
        from seed in Enumerable.Range(1, 4)
        from strategy in Enumerable.Range(0, Strategies.Length)
        from limits in Enumerable.Range(0, Limits.Length)
        select (seed, strategy, limits));

    [Theory]
    [MemberData(nameof(Runs))]
    public void EveryDecision_IsThatOfAGateThatLooksAlways(int seed, int strategy, int limits)
    {
        var (spec, market) = (SpecOf(Strategies[strategy]), MarketOf(seed));
        TimeSpan? resets = seed % 2 == 0 ? TimeSpan.FromDays(20) : null;
        var always = new SignalRulesGate(Limits[limits], resetsAfter: resets, waits: false);
        var waiting = new SignalRulesGate(Limits[limits], resetsAfter: resets);

        var expected = BacktestRunner.Run(spec, market, StrategyCatalog.BuiltIn, gate: always);
        var result = BacktestRunner.Run(spec, market, StrategyCatalog.BuiltIn, gate: waiting);

        Told(result).ShouldBe(Told(expected));
        foreach (var (mine, theirs) in result.Refusals.Zip(expected.Refusals))
            ((double?)mine.Observed ?? 0).ShouldBe((double?)theirs.Observed ?? 0, 1e-9 * (1 + Math.Abs((double?)theirs.Observed ?? 0)));
        result.Fills.ShouldBe(expected.Fills);
        result.Daily.ShouldBe(expected.Daily);
        always.LooksMade.ShouldBe(market.Days.Last.DayNumber - market.Days.First.DayNumber + 1);
        waiting.LooksMade.ShouldBeLessThanOrEqualTo(always.LooksMade);
    }

    [Fact]
    public void WhereNothingIsOrderedForLong_FewLooksAreMade()
    {
        var gate = new SignalRulesGate(Limits[2]);
        var run = BacktestRunner.Run(SpecOf(Strategies[0]), MarketOf(1), StrategyCatalog.BuiltIn, gate: gate);
        run.FillCount.ShouldBeGreaterThan(20);
        gate.LooksMade.ShouldBeLessThan(Days / 2);
    }

    /// <summary>Bars shorter than a day: every look is made.</summary>
    [Fact]
    public void OfHours_EveryLookIsMade()
    {
        var random = new Random(3);
        var price = 100m;
        var market = new MarketHistory([BarColumnsBuilder.Build("AAA", TimeSpan.FromHours(1),
            [.. Enumerable.Range(0, 500).Select(hour => Bar.OfClose(Start.AddHours(hour), price += random.Next(-100, 101) / 100m))])]);
        var gate = new SignalRulesGate(new());
        BacktestRunner.Run(SpecOf(Strategies[4]), market, StrategyCatalog.BuiltIn, gate: gate);
        gate.LooksMade.ShouldBe(500);
    }

    /// <summary>About normal: the sum of twelve evenly spread ones.</summary>
    static double Normal(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;

    static IEnumerable<string> Told(BacktestResult run) =>
        run.Refusals.Select(one => FormattableString.Invariant($"{one.At:s} {one.Symbol} {one.Quantity} {one.Code} {one.Limit}"));

    static BacktestSpec SpecOf(StrategySpec strategy) => new()
    {
        Strategies = [strategy],
        Costs = new() { CreditRate = 0.03, DebitRate = 0.05 },
        Execution = new() { AssumedDailyVolume = 200_000, MaxParticipation = 0.1 },
    };

    /// <summary>Calm and turbulent times, splits and dividends, one listing that begins late and one that ends.</summary>
    static MarketHistory MarketOf(int seed)
    {
        var random = new Random(seed);
        var market = Enumerable.Range(0, Days)
            .Select(day => Normal(random) * (day / 150 % 3 == 2 ? 0.025 : 0.007) + 0.0004).ToArray();
        return new(Enumerable.Range(0, Symbols).Select(symbol =>
        {
            var (first, last) = (symbol == 1 ? 200 : 0, symbol == 2 ? 700 : Days);
            var level = 50.0 * (symbol + 1);
            ImmutableArray<CorporateAction> actions =
            [
                new(Day(300 + symbol * 20), CorporateActionKind.Split, symbol % 2 == 0 ? 2 : 3),
                .. Enumerable.Range(1, 8).Select(quarter =>
                    new CorporateAction(Day(quarter * 90 + symbol), CorporateActionKind.Dividend, 0.25m)),
            ];
            List<Bar> bars = [];
            for (var day = 0; day < last; day++)
            {
                level *= 1 + market[day] + Normal(random) * 0.006;
                var units = day >= 300 + symbol * 20 ? symbol % 2 == 0 ? 2 : 3 : 1;
                if (day >= first) bars.Add(Bar.OfClose(Start.AddDays(day), Math.Round((decimal)level / units, 2)));
            }

            return BarColumnsBuilder.Build($"S{symbol}", TimeSpan.FromDays(1), bars, new()
            {
                Actions = actions, Sector = symbol % 2 == 0 ? "One" : "Two", Delisting = symbol == 2 ? new(null) : null,
            });
        }));

        static DateOnly Day(int day) => DateOnly.FromDateTime(Start.AddDays(day).UtcDateTime);
    }
}
