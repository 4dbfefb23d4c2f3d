using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class ExecutionQualityTests
{
    /// <summary>The worked example of implementation shortfall: 1,000 shares decided at 40.00, next price 40.04, 700 filled at 40.05,
    /// the rest taken back at 40.08.</summary>
    [Fact]
    public void TheWorkedExample_ComesApartAsItIsTaught()
    {
        var history = Of(Daily(
            "A", new() { LotSize = 1 }, (40, 40, 40, 40, 700), (40.04m, 40.08m, 40.04m, 40.08m, 700), (41, 41, 41, 41, 700)));
        var run = new TestRun(history, (context, moment) =>
        {
            if (moment == 0) context.Submit(new(0, 1_000));
            if (moment == 1) context.Cancel(1);
        }, CostOptions.Zero with { Spread = SpreadSource.Fixed, SpreadFraction = 0.02 / 40.04 }, TestRun.Free with { MaxParticipation = 1 });
        var costs = run.Account.Costs;
        run.OnlyFill.Price.ShouldBe(40.05m);
        Percent(costs.Delay).ShouldBe(0.07);
        Percent(costs.Spread).ShouldBe(0.0175);
        Percent(costs.Opportunity).ShouldBe(0.06);
        costs.Total.ShouldBe(700 * 0.05m + 300 * 0.08m);

        static double Percent(decimal cost) => Math.Round((double)cost / 40_000 * 100, 8);
    }

    [Fact]
    public void TheQualityOfAnOrder_IsMeasuredAgainstArrivalVwapAndClose()
    {
        var history = Of(Daily(
            "A", new() { LotSize = 1 }, (100, 100, 100, 100, 1_000), (101, 104, 100, 102, 1_000), (103, 106, 102, 104, 3_000), (104, 104, 104, 104, 1_000)));
        var spec = new BacktestSpec
        {
            Strategies = [StrategySpec.Of("buy_and_hold", ("quantity", 2_000))], Costs = CostOptions.Zero,
            Execution = TestRun.Free with { MaxParticipation = 0.5 },
        };
        var quality = ExecutionQuality.Of(BacktestRunner.Run(spec, history, StrategyCatalog.BuiltIn), history).ShouldHaveSingleItem();
        // 500 at 101 and 1,500 at 103.
        quality.AveragePrice.ShouldBe(102.5m);
        (quality.Parts, quality.FillRate, quality.ArrivalPrice).ShouldBe((1, 1.0, 100));
        quality.ArrivalSlippage!.Value.ShouldBe(250, 1e-9);
        var market = (1_000 * (104 + 100 + 102) / 3m + 3_000 * (106 + 102 + 104) / 3m) / 4_000;
        quality.VwapSlippage!.Value.ShouldBe((double)(102.5m / market - 1) * 1e4, 1e-6);
        quality.CloseSlippage!.Value.ShouldBe((102.5 / 104 - 1) * 1e4, 1e-9);
        quality.Shortfall.ShouldBe(250, 1e-9);
    }

    [Fact]
    public void PartsOfOneOrder_AreTakenTogether()
    {
        var history = TestMarkets.Random(3, 2, 120);
        var result = BacktestRunner.Run(
            new() { Strategies = [StrategySpec.Of("scheduled_trade", ("minutes", 7 * 1_440), ("quantity", -700))] }, history, StrategyCatalog.BuiltIn);
        var quality = ExecutionQuality.Of(result, history);
        quality.Select(one => one.Symbol).Order().ShouldBe(["S0", "S1"]);
        quality.ShouldAllBe(one => one.Parts > 3 && one.Quantity == -700);
        quality.Aggregate(default(CostBreakdown), (sum, one) => sum + one.Costs).ShouldBe(result.Profit.Costs);
    }

    [Fact]
    public void WhatIsNeverFilled_HasNoPrice_ButItsCost()
    {
        var history = Of(Closes("A", 10, 11, 12));
        var run = BacktestRunner.Run(
            new()
            {
                Strategies = [StrategySpec.Of("buy_and_hold", ("quantity", 10))], Costs = CostOptions.Zero,
                Execution = TestRun.Free with { LatencyMilliseconds = 86_400_000 },
            }, Of(Closes("A", 10, 11)), StrategyCatalog.BuiltIn);
        var quality = ExecutionQuality.Of(run, history).ShouldHaveSingleItem();
        (quality.AveragePrice, quality.ArrivalSlippage, quality.FillRate).ShouldBe((null, null, 0));
        quality.Costs.Opportunity.ShouldBe(10);
    }
}
