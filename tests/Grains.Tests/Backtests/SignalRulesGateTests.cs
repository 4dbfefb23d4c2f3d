using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Backtests.Tests;

public sealed class SignalRulesGateTests
{
    static readonly RiskLimits Open = new() { PreventSelfMatch = false };

    static readonly MarketHistory Market = new(new[] { ("AAA", 3), ("BBB", 4) }.Select(one =>
    {
        var (random, price) = (new Random(one.Item2), 100m);
        return BarColumnsBuilder.Build(one.Item1, TimeSpan.FromDays(1),
        [
            .. Enumerable.Range(0, 300).Select(day =>
            {
                price = Math.Max(20m, price + random.Next(-200, 201) / 100m);
                return Bar.OfClose(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day), price);
            }),
        ]);
    }));

    static BacktestResult Run(RiskLimits limits, string strategy = "buy_and_hold", bool allowShort = true, params (string, double)[] parameters) =>
        BacktestRunner.Run(
            new()
            {
                Costs = CostOptions.Zero, Execution = new() { MaxParticipation = null }, Strategies = [StrategySpec.Of(strategy, parameters)],
            }, Market, StrategyCatalog.BuiltIn, gate: new SignalRulesGate(limits, allowShort: allowShort));

    [Fact]
    public void WithinItsLimits_ATestIsAsWithoutAGate()
    {
        var gated = Run(Open with { MaxGrossExposure = 5 });
        gated.Refused.ShouldBeEmpty();
        gated.OrderCount.ShouldBe(2);
    }

    [Fact]
    public void TheSameRulesAsLive_RefuseWithTheSameCodes()
    {
        Run(Open with { MaxPositionWeight = 0.1 }).Refused.Keys.ShouldBe(["position_weight"]);
        Run(Open with { MaxOrderNotional = 1_000 }).Refused.Keys.ShouldBe(["order_notional"]);
        Run(Open with { MaxGrossExposure = 0.4, MaxNetExposure = 0.4 }).Refused.Keys.ShouldBe(["gross_exposure", "net_exposure"]);
        Run(Open with { RestrictedSymbols = ["AAA"] }).Refused.ShouldContainKeyAndValue("restricted_symbol", 300L);
        Run(Open with { MinCash = 900_000 }).Refused.Keys.ShouldBe(["cash"]);
        Run(Open with { Halted = true }).FillCount.ShouldBe(0);
    }

    [Fact]
    public void BeforeThereIsAHistory_ALimitOnRiskRefuses_AndLaterItHolds()
    {
        Run(Open with { MaxValueAtRisk95 = 0.5 }).Refused.ShouldContainKey("insufficient_history");
        var cross = new[] { ("fast", 5.0), ("slow", 80.0) };
        Run(Open with { MaxValueAtRisk95 = 0.5 }, "moving_average_cross", true, cross).FillCount.ShouldBeGreaterThan(5);
        Run(Open with { MaxValueAtRisk95 = 0.001 }, "moving_average_cross", true, cross).Refused.Keys.ShouldBe(["value_at_risk_95"]);
    }

    [Fact]
    public void AReduction_IsNeverRefused_HoweverTightTheLimits()
    {
        var loose = Run(Open, "moving_average_cross", true, ("fast", 5), ("slow", 30));
        var tight = Run(Open with { MaxDrawdown = 0.0001 }, "moving_average_cross", true, ("fast", 5), ("slow", 30));
        tight.Refused.ShouldContainKey("drawdown");
        tight.Daily[^1].Long.ShouldBeLessThanOrEqualTo(loose.Daily.Max(day => day.Long));
        tight.Refusals.ShouldAllBe(refusal => refusal.Quantity > 0, "Only purchases: a sale closes what is held.");
    }

    [Fact]
    public void ABreaker_TripsByTheBars_AndHoldsAsItsSettingsSay()
    {
        var breakers = new Breakers { Drawdown = new(0.02, 0.02, 60, 60, 1, BreakerReset.Automatic) };
        var free = Run(Open, "moving_average_cross", true, ("fast", 5), ("slow", 30));
        var healing = Run(Open with { Breakers = breakers }, "moving_average_cross", true, ("fast", 5), ("slow", 30));
        var latched = Run(
            Open with { Breakers = breakers with { Drawdown = breakers.Drawdown! with { Reset = BreakerReset.Person } } },
            "moving_average_cross", true, ("fast", 5), ("slow", 30));
        healing.Refused.Keys.ShouldBe(["circuit_breaker"]);
        latched.Refused["circuit_breaker"].ShouldBeGreaterThan(healing.Refused["circuit_breaker"], "Nobody resets it.");
        latched.Fills.Last().Time.ShouldBeLessThan(free.Fills.Last().Time);
        var gate = new SignalRulesGate(
            Open with { Breakers = breakers with { Drawdown = breakers.Drawdown! with { Reset = BreakerReset.TwoPersons } } },
            resetsAfter: TimeSpan.FromDays(5));
        var reset = BacktestRunner.Run(latched.Spec, Market, StrategyCatalog.BuiltIn, gate: gate);
        reset.Refused["circuit_breaker"].ShouldBeInRange(1, latched.Refused["circuit_breaker"] - 1);
        reset.Fills.Last().Time.ShouldBeGreaterThan(latched.Fills.Last().Time);
        latched.Refusals.ShouldAllBe(one => one.Observed > 0.02m && one.Limit == 0.02m);
    }

    [Fact]
    public void ADrawdown_IsOfThePeakAndNotOfTheCost_AndCountsWhileNobodyOrders()
    {
        // Bought at 100, risen to 200, fallen to 150 without an order meanwhile, and back at its peak.
        var breakers = new Breakers { Drawdown = new(0.2, 0.1, 60, 60, 1, BreakerReset.Person) };
        var run = Planned(Open with { Breakers = breakers }, [100, 100, 100, 200, 150, 200, 200], 1, 6);
        run.FillCount.ShouldBe(1, "The first order; the second comes when all is well again, and nobody has reset it.");
        run.Refusals.ShouldHaveSingleItem().Observed!.Value.ShouldBe(1 - 1.45m / 1.9m, 1e-9m);
        Planned(Open with { Breakers = breakers }, [100, 100, 100, 82, 100, 100, 100], 1, 6).Refused.ShouldBeEmpty();
    }

    [Fact]
    public void ASymbolWithoutASector_HasNoRoom_WhereSectorsAreLimited()
    {
        Planned(Open with { MaxSectorExposure = 0.9 }, [100, 100, 100], 1).Refused.Keys.ShouldBe(["sector_exposure"]);
        Planned(Open with { MaxSectorExposure = 0.9 }, [100, 100, 100], "Tests", 1).Refused.ShouldBeEmpty();
    }

    static BacktestResult Planned(RiskLimits limits, decimal[] closes, params int[] days) => Planned(limits, closes, null, days);

    /// <summary>Buys a tenth of the cash at the end of some days.</summary>
    static BacktestResult Planned(RiskLimits limits, decimal[] closes, string? sector, params int[] days)
    {
        var series = BarColumnsBuilder.Build("AAA", TimeSpan.FromDays(1),
            [.. closes.Select((close, day) => Bar.OfClose(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day), close))],
            new() { Sector = sector });
        var catalog = new StrategyCatalog([new("planned", "Buys on some days.", [], _ => new Buyer(days))]);
        return BacktestRunner.Run(
            new() { Strategies = [StrategySpec.Of("planned")], Costs = CostOptions.Zero, Execution = new() { MaxParticipation = null } },
            new([series]), catalog, gate: new SignalRulesGate(limits));
    }

    sealed class Buyer(int[] days) : IStrategy
    {
        int _day;

        public void OnBars(StrategyContext context)
        {
            if (days.Contains(_day++)) context.Submit(new(0, 9_000));
        }
    }

    [Fact]
    public void ARun_SaysNothingToTheNext()
    {
        var gate = new SignalRulesGate(Open with { MaxDrawdown = 0.01 });
        var (first, second) = (Run(gate), Run(gate));
        second.Hash.ShouldBe(first.Hash);
        second.Refused.ShouldBe(first.Refused);

        static BacktestResult Run(ITradeGate gate) => BacktestRunner.Run(
            new() { Strategies = [StrategySpec.Of("moving_average_cross", ("fast", 5), ("slow", 30))], Execution = new() { MaxParticipation = null, AssumedDailyVolume = 1e6 } },
            Market, StrategyCatalog.BuiltIn, gate: gate);
    }

    [Fact]
    public void SplitsDividendsInterestAndDelisting_LeaveTheBookOfTheGateAtTheAccountsCash()
    {
        var series = BarColumnsBuilder.Build("AAA", TimeSpan.FromDays(1),
            [.. Enumerable.Range(0, 200).Select(day => Bar.OfClose(
                new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day), (day < 100 ? 100m : 50m) + day % 7))],
            new()
            {
                Actions = [new(new(2020, 4, 10), CorporateActionKind.Split, 2), new(new(2020, 5, 10), CorporateActionKind.Dividend, 3)],
                Delisting = new(7m),
            });
        var gate = new Watched(new SignalRulesGate(Open with { MinCash = 0, MaxDrawdown = 0.5 }));
        var result = BacktestRunner.Run(
            new()
            {
                Strategies = [StrategySpec.Of("buy_and_hold", ("weight", 0.9))], Costs = new() { CreditRate = 0.05 },
                Execution = new() { AssumedDailyVolume = 1e6, MaxParticipation = 0.001 },
            }, new([series]), StrategyCatalog.BuiltIn, gate: gate);
        result.Refused.ShouldBeEmpty();
        result.FillCount.ShouldBeGreaterThan(3, "The order is filled in parts.");
        gate.LastAsked.ShouldBe(1, "It is asked once, and told of the rest.");
        var split = result.Fills.Sum(fill => fill.Quantity) * 2;
        result.Profit.Carry.Dividends.ShouldBe(split * 3);
    }

    /// <summary>Counts how often a gate is asked.</summary>
    sealed class Watched(ITradeGate gate) : ITradeGate
    {
        public int LastAsked { get; private set; }
        public void Begin() => gate.Begin();
        public void Look(IAccountView account) => gate.Look(account);
        public ImmutableArray<BrokenRule> Check(in GateRequest request)
        {
            LastAsked++;
            return gate.Check(request);
        }

        public void Filled(int order, decimal units, decimal value, decimal fees) => gate.Filled(order, units, value, fees);
        public void Ended(int order) => gate.Ended(order);
        public void Split(int series, decimal ratio) => gate.Split(series, ratio);
    }

    [Fact]
    public void WhereShortingIsNotAllowed_NothingIsSoldShort() =>
        Run(Open, "moving_average_cross", false, ("fast", 5), ("slow", 30), ("allow_short", 1)).Daily.ShouldAllBe(day => day.Short == 0);
}
