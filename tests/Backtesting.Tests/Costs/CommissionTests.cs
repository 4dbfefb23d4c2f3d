namespace Trading.Backtests.Tests;

public sealed class CommissionTests
{
    [Fact]
    public void UsBroker_ChargesByTheShare_BetweenADollarAndOnePercent()
    {
        var schedule = CommissionSchedule.UsBrokerFixed;
        schedule.Of(1_000, 50_000, isSale: false, isMaker: false, 0).ShouldBe(5m);
        schedule.Of(10, 500, false, false, 0).ShouldBe(1m);
        schedule.Of(1_000, 200, false, false, 0).ShouldBe(2m, "One percent of 200 is less than 5.");
        schedule.Of(1_000, 50_000, isSale: true, isMaker: false, 0).ShouldBe(5m + 50_000 * 0.0000278m + 1_000 * 0.000166m);
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
        run.Account.Costs.Fees.ShouldBe(1m);
    }

    [Fact]
    public void ASchedule_IsFoundByItsOwnName() =>
        CommissionSchedule.All.Select(schedule => schedule.Name).ShouldBeUnique();
}
