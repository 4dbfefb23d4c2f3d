namespace Trading.Backtests.Tests;

public sealed class CommissionTests
{
    /// <summary>The broker's own examples: 100 and 1,000 shares at 25, 1,000 shares at a quarter.</summary>
    [Theory]
    [InlineData(100, 25, 1.00)]
    [InlineData(1_000, 25, 5.00)]
    [InlineData(1_000, 0.25, 2.50)]
    public void UsBrokerFixed_ChargesAsItsExamplesSay(int shares, double price, double commission) =>
        (CommissionSchedule.UsBrokerFixed.Of(shares, shares * (decimal)price, isSale: false, isMaker: false, 0) - shares * 0.000072m)
            .ShouldBe((decimal)commission);

    [Fact]
    public void UsBroker_AddsTheRegulatorsFees_ToSales_UpToTheirMost()
    {
        var schedule = CommissionSchedule.UsBrokerFixed;
        schedule.Of(1_000, 50_000, isSale: true, isMaker: false, 0)
            .ShouldBe(5m + 50_000 * 0.0000278m + 1_000 * 0.000166m + 1_000 * 0.000072m);
        (schedule.Of(100_000, 5_000_000, true, false, 0) - schedule.Of(100_000, 5_000_000, false, false, 0))
            .ShouldBe(5_000_000 * 0.0000278m + 8.30m, "FINRA takes no more than 8.30 of an order.");
    }

    [Fact]
    public void UsBrokerTiered_ChargesByTheMonthsVolume_AndPassesOnWhatItPays()
    {
        var schedule = CommissionSchedule.UsBrokerTiered;
        decimal Bought(decimal shares, decimal before) => schedule.Of(shares, shares * 50, false, false, before) - shares * 0.000272m;
        Bought(1_000, 0).ShouldBe(3.5m * 1.000738m);
        Bought(1_000, 300_000).ShouldBe(3.5m * 1.000738m, "Up to 300,000 shares are the first tier.");
        Bought(1_000, 300_001).ShouldBe(2m * 1.000738m);
        Bought(1_000, 25_000_000).ShouldBe(1m * 1.000738m);
        Bought(10, 0).ShouldBe(0.35m * 1.000738m);
    }

    [Fact]
    public void AScheduleOfTheUsersOwn_IsCharged_OrRefusedWithEveryReason()
    {
        var own = new CommissionSchedule("mine", CommissionBasis.Notional, [new(0, -0.0001m, 0.0004m), new(1_000, 0, 0.0003m)], 2m);
        var history = TestMarkets.Of(TestMarkets.Daily("A", null, [.. Enumerable.Repeat((10m, 10m, 10m, 10m, (decimal?)10_000m), 4)]));
        var run = new TestRun(
            history, (context, moment) => { if (moment == 0) context.Submit(new(0, 1_000)); }, CostOptions.Zero with { Schedule = own });
        run.Account.Costs.Fees.ShouldBe(4m);
        var spec = new BacktestSpec
        {
            Strategies = [StrategySpec.Of("buy_and_hold")],
            Costs = new() { Schedule = own with { Tiers = [new(1, 0, 0), new(1, 0, 0)], Minimum = -1 } },
        };
        BacktestRules.Check(spec, StrategyCatalog.BuiltIn).Select(error => $"{error.Field} {error.Rule}").ShouldBe(
            ["costs.schedule.tiers first", "costs.schedule.tiers[1].from order", "costs.schedule.minimum range"]);
        BacktestJson.ReadSpec("""{"costs":{"schedule":{"name":"mine","basis":"unit","tiers":[{"from":0,"maker":0.001,"taker":0.002}],"sale_unit_most":5}}}"""u8)
            .Costs.Schedule!.Tiers.ShouldHaveSingleItem().Taker.ShouldBe(0.002m);
    }

    [Fact]
    public void Binance_ChargesMakersLess_AndByVolume()
    {
        var schedule = CommissionSchedule.BinanceSpot;
        schedule.Of(1, 10_000, false, isMaker: false, 0).ShouldBe(10m);
        schedule.Of(1, 10_000, false, isMaker: true, 1_000_000).ShouldBe(9m);
        schedule.Of(1, 10_000, false, isMaker: false, 25_000_000).ShouldBe(6m);
    }

    [Fact]
    public void Tiers_LookBackThirtyDays()
    {
        var volume = new TradedVolume();
        volume.MoveTo(100);
        volume.Add(5);
        volume.MoveTo(110);
        volume.Add(7);
        volume.Sum.ShouldBe(12);
        volume.MoveTo(129);
        volume.Sum.ShouldBe(12);
        volume.MoveTo(130);
        volume.Sum.ShouldBe(7);
        volume.MoveTo(500);
        volume.Sum.ShouldBe(0);
    }

    [Fact]
    public void AnOrderFilledInParts_PaysTheMinimumOnce()
    {
        var history = TestMarkets.Of(TestMarkets.Daily("A", null, [.. Enumerable.Repeat((10m, 10m, 10m, 10m, (decimal?)100m), 6)]));
        var run = new TestRun(
            history, (context, moment) => { if (moment == 0) context.Submit(new(0, 40)); },
            CostOptions.Zero with { Commission = "us_broker_fixed" }, TestRun.Free with { MaxParticipation = 0.1 });
        run.Fills.Count.ShouldBe(4);
        run.Account.Costs.Fees.ShouldBe(1m + 40 * 0.000072m);
    }

    [Fact]
    public void ASchedule_IsFoundByItsOwnName() =>
        CommissionSchedule.All.Select(schedule => schedule.Name).ShouldBeUnique();
}
