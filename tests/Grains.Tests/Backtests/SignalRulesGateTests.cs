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
        Run(Open with { RestrictedSymbols = ["AAA"] }).Refused.ShouldContainKeyAndValue("restricted_symbol", 1L);
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
    public void WhereShortingIsNotAllowed_NothingIsSoldShort() =>
        Run(Open, "moving_average_cross", false, ("fast", 5), ("slow", 30), ("allow_short", 1)).Daily.ShouldAllBe(day => day.Short == 0);
}
