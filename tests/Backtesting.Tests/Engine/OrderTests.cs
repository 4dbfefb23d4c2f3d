using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class OrderTests
{
    // Three days: quiet, then a day that opens at 12 after a close of 10, then one that opens at 9.
    static readonly MarketHistory Gaps = Of(Daily(
        "A", null, (10, 10.5m, 9.5m, 10, 1000), (12, 13, 11, 12.5m, 1000), (9, 9.5m, 8, 8.5m, 1000), (9, 10, 8.5m, 9.5m, 1000)));

    static TestRun Run(OrderRequest order, ExecutionOptions? execution = null, MarketHistory? history = null) =>
        new(history ?? Gaps, (context, moment) => { if (moment == 0) context.Submit(order); }, execution: execution);

    [Fact]
    public void MarketOrder_IsFilledAtTheOpenOfTheNextBar_NeverAtTheCloseThatDecidedIt()
    {
        var fill = Run(new(0, 5)).OnlyFill;
        fill.Price.ShouldBe(12);
        fill.Quantity.ShouldBe(5);
        fill.Time.ShouldBe(Day(1).AddHours(13.5));
    }

    [Fact]
    public void MarketOnClose_IsFilledAtTheNextClose() => Run(new(0, 5, OrderType.MarketOnClose)).OnlyFill.Price.ShouldBe(12.5m);

    [Fact]
    public void LimitOrder_ThatTheMarketOpensThrough_GetsTheBetterPrice() =>
        Run(new(0, 5, OrderType.Limit, LimitPrice: 10)).OnlyFill.Price.ShouldBe(9);

    [Fact]
    public void LimitOrder_ThatWaits_GetsItsOwnPrice()
    {
        var fill = Run(new(0, 5, OrderType.Limit, LimitPrice: 11.5m)).OnlyFill;
        (fill.Price, fill.IsMaker).ShouldBe((11.5m, true));
    }

    [Fact]
    public void LimitOrder_AtTheLowOfTheBar_NeedsATradeBeyondIt_WhereThatIsAsked()
    {
        Run(new(0, 5, OrderType.Limit, LimitPrice: 8), TestRun.Free).OnlyFill.Price.ShouldBe(8);
        Run(new(0, 5, OrderType.Limit, LimitPrice: 8), TestRun.Free with { LimitNeedsTradeThrough = true }).Fills.ShouldBeEmpty();
    }

    [Fact]
    public void StopOrder_OverWhichTheMarketGaps_GetsTheOpen_NotItsOwnPrice() =>
        Run(new(0, -5, OrderType.Stop, StopPrice: 10.5m)).OnlyFill.Price.ShouldBe(9);

    [Fact]
    public void StopOrder_InsideABar_GetsItsPrice() => Run(new(0, 5, OrderType.Stop, StopPrice: 12.8m)).OnlyFill.Price.ShouldBe(12.8m);

    [Fact]
    public void StopLimitOrder_WaitsAtItsLimitOnceItsStopHasTraded()
    {
        // The stop trades on the way to 13; the price comes back to 11.2 on the way to 11.
        var history = Of(Daily("A", null, (10, 10, 10, 10, 1000), (12, 13, 11, 12.5m, 1000)));
        var fill = Run(
            new(0, 5, OrderType.StopLimit, LimitPrice: 11.2m, StopPrice: 12.9m),
            TestRun.Free with { Path = IntrabarPath.HighFirst }, history).OnlyFill;
        (fill.Price, fill.IsMaker).ShouldBe((11.2m, true));
        Run(new(0, 5, OrderType.StopLimit, LimitPrice: 11.2m, StopPrice: 12.9m), TestRun.Free with { Path = IntrabarPath.LowFirst }, history)
            .Fills.ShouldBeEmpty();
    }

    [Fact]
    public void DayOrder_LivesForTheFirstDayOnWhichItCouldTrade()
    {
        var run = Run(new(0, 5, OrderType.Limit, LimitPrice: 9.2m, TimeInForce: TimeInForce.Day));
        run.Fills.ShouldBeEmpty();
        run.Orders.ShouldHaveSingleItem().End.ShouldBe(OrderEnd.Expired);
    }

    [Fact]
    public void OrderGoodUntilATime_IsGoneAfterIt()
    {
        OrderRequest until(DateTimeOffset time) =>
            new(0, 5, OrderType.Limit, LimitPrice: 9.2m, TimeInForce: TimeInForce.GoodTilTime, ExpiresAt: time);
        Run(until(Day(2))).Fills.ShouldBeEmpty();
        Run(until(Day(3))).OnlyFill.Price.ShouldBe(9);
    }

    [Fact]
    public void ImmediateOrCancel_TakesWhatIsThere_AndNoMore()
    {
        var run = Run(new(0, 500, TimeInForce: TimeInForce.ImmediateOrCancel), TestRun.Free with { MaxParticipation = 0.1 });
        run.OnlyFill.Quantity.ShouldBe(100);
        run.Orders.ShouldHaveSingleItem().End.ShouldBe(OrderEnd.Expired);
    }

    [Fact]
    public void FillOrKill_TakesAllOrNothing()
    {
        var capped = TestRun.Free with { MaxParticipation = 0.1 };
        Run(new(0, 101, TimeInForce: TimeInForce.FillOrKill), capped).Fills.ShouldBeEmpty();
        Run(new(0, 100, TimeInForce: TimeInForce.FillOrKill), capped).OnlyFill.Quantity.ShouldBe(100);
    }

    [Fact]
    public void OrderThatArrivesWithinABar_SeesTheRestOfItOnly()
    {
        // Half way through the session of day 1, on the way from 13 down to 11: at 12.
        var late = TestRun.Free with { LatencyMilliseconds = TimeSpan.FromHours(16.5 + 3.75).TotalMilliseconds, Path = IntrabarPath.HighFirst };
        var fill = Run(new(0, 5), late).OnlyFill;
        fill.Price.ShouldBe(12);
        fill.Time.ShouldBe(Day(1).AddHours(13.5 + 3.75));
        Run(new(0, 5, OrderType.Stop, StopPrice: 12.8m), late).Fills.ShouldBeEmpty();
        Run(new(0, 5, OrderType.MarketOnClose), late).OnlyFill.Price.ShouldBe(8.5m);
    }

    [Fact]
    public void CancelledOrder_IsNotFilled()
    {
        var run = new TestRun(Gaps, (context, moment) =>
        {
            if (moment == 0) context.Submit(new(0, 5, OrderType.Limit, LimitPrice: 8.2m));
            if (moment == 1) context.Cancel(1);
        });
        run.Fills.ShouldBeEmpty();
        run.Orders.ShouldHaveSingleItem().End.ShouldBe(OrderEnd.Cancelled);
    }

    [Theory]
    [InlineData(OrderType.Limit, null, null)]
    [InlineData(OrderType.Market, 10.0, null)]
    [InlineData(OrderType.Stop, null, null)]
    [InlineData(OrderType.Limit, -1.0, null)]
    public void OrderThatContradictsItself_EndsTheRunWithItsCause(OrderType type, double? limit, double? stop) =>
        Should.Throw<StrategyFailedException>(() => Run(new(0, 5, type, (decimal?)limit, (decimal?)stop)))
            .InnerException.ShouldBeOfType<ArgumentException>();
}
