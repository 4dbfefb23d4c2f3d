using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class LiquidityTests
{
    static readonly ExecutionOptions Tenth = TestRun.Free with { MaxParticipation = 0.1 };

    static readonly MarketHistory Steady = Of(Daily(
        "A", new() { LotSize = 1 }, [.. Enumerable.Repeat((10m, 10m, 10m, 10m, (decimal?)1005m), 6)]));

    [Fact]
    public void WhatABarCannotTake_IsCarriedToTheNext()
    {
        var run = new TestRun(Steady, (context, moment) => { if (moment == 0) context.Submit(new(0, 250)); }, execution: Tenth);
        run.Fills.Select(fill => fill.Quantity).ShouldBe([100, 100, 50]);
        run.Orders.ShouldHaveSingleItem().End.ShouldBe(OrderEnd.Filled);
    }

    [Fact]
    public void AllStrategies_ShareTheLiquidityOfABar()
    {
        static Script Buyer(decimal quantity) => new((context, moment) => { if (moment == 0) context.Submit(new(0, quantity)); });
        var run = new TestRun(
            Steady, [new("first", Buyer(70), 10_000), new("second", Buyer(70), 10_000)], execution: Tenth);
        run.Fills.Where(fill => fill.Time.Date == Day(1).Date).Select(fill => fill.Quantity).ShouldBe([70, 30]);
        run.Fills.Where(fill => fill.Time.Date == Day(2).Date).Select(fill => fill.Quantity).ShouldBe([40]);
    }

    [Fact]
    public void SellersAndBuyers_ShareIt_Too()
    {
        var run = new TestRun(Steady, (context, moment) =>
        {
            if (moment != 0) return;
            context.Submit(new(0, 80));
            context.Submit(new(0, -80));
        }, execution: Tenth);
        run.Fills.Where(fill => fill.Time.Date == Day(1).Date).Select(fill => fill.Quantity).ShouldBe([80, -20]);
    }

    [Fact]
    public void OnABarWithoutVolume_NothingTrades()
    {
        var halted = Of(Daily("A", null, (10, 10, 10, 10, 1000), (11, 11, 11, 11, 0), (12, 12, 12, 12, 1000)));
        new TestRun(halted, (context, moment) => { if (moment == 0) context.Submit(new(0, 1)); }).OnlyFill.Price.ShouldBe(12);
    }

    [Fact]
    public void AcrossAHalt_AnOrderWaits_AndGetsThePriceAfterIt()
    {
        var other = Closes("B", 5, 5, 5, 5, 5);
        var halted = BarColumnsBuilder.Build("A", TimeSpan.FromDays(1), [new(Day(0), 10, 10, 10, 10, 1000), new(Day(4), 7, 7, 7, 7, 1000)]);
        var fill = new TestRun(Of(halted, other), (context, moment) => { if (moment == 0) context.Submit(new(0, 1)); }).OnlyFill;
        (fill.Price, fill.Time.Date).ShouldBe((7m, Day(4).Date));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void NoFill_IsBeyondTheVolumeOrOutsideTheRange_WhateverIsOrdered(int seed)
    {
        var history = TestMarkets.Random(seed, symbols: 4, bars: 300);
        var execution = new ExecutionOptions { MaxParticipation = 0.25, WithinRange = true };
        var run = new TestRun(history, RandomOrders.Of(seed), new CostOptions { Impact = 1, VolumeSlippage = 0.01 }, execution);
        run.Fills.Count.ShouldBeGreaterThan(200);
        foreach (var bar in run.Fills.GroupBy(fill => (fill.Symbol, fill.Time.Date)))
        {
            var series = history.Series[history.Places[bar.Key.Symbol]];
            var at = Array.BinarySearch(series.Start, new DateTimeOffset(bar.Key.Date, TimeSpan.Zero).UtcTicks);
            bar.Sum(fill => Math.Abs(fill.Quantity)).ShouldBeLessThanOrEqualTo(0.25m * FixedPoint.ToDecimal(series.Volume[at]));
            foreach (var fill in bar)
                fill.Price.ShouldBeInRange(FixedPoint.ToDecimal(series.Low[at]), FixedPoint.ToDecimal(series.High[at]));
        }
    }
}

/// <summary>A strategy that does anything that can be done, the same for a seed.</summary>
static class RandomOrders
{
    public static Action<StrategyContext, int> Of(int seed)
    {
        var random = new Random(seed);
        var sent = new List<int>();
        return (context, _) =>
        {
            foreach (var series in context.Completed)
            {
                if (random.Next(3) > 0 || context.Price(series) is not { } price) continue;
                sent.Add(context.Submit(Order(random, series, price, context.Now)));
                if (random.Next(4) == 0) context.Cancel(sent[random.Next(sent.Count)]);
            }
        };
    }

    static OrderRequest Order(Random random, int series, decimal price, DateTimeOffset now)
    {
        var quantity = random.Next(1, 400) * (random.Next(2) == 0 ? 1 : -1);
        var near = decimal.Round(price * (1 + random.Next(-30, 31) / 1000m), 2);
        var force = (TimeInForce)random.Next(5);
        var type = (OrderType)random.Next(5);
        return new(
            series, quantity, type, type is OrderType.Limit or OrderType.StopLimit ? near : null,
            type is OrderType.Stop or OrderType.StopLimit ? near : null, force,
            force == TimeInForce.GoodTilTime ? now.AddDays(random.Next(1, 6)) : null);
    }
}
