using Trading.MarketData;

namespace Trading.Backtests.Tests;

/// <summary>Profit on paper less costs and plus carry is what was earned, to the last digit; what it would have been on paper is
/// counted here from the orders alone.</summary>
public sealed class CostIdentityTests
{
    static readonly CostOptions Everything = new()
    {
        Spread = SpreadSource.AbdiRanaldo, Impact = 1.1, ImpactDecayMinutes = 20, VolatilitySlippage = 0.02, VolumeSlippage = 0.01,
        BorrowRate = 0.03, CreditRate = 0.02, DebitRate = 0.07, Commission = "us_broker_tiered",
    };

    static readonly ExecutionOptions Tight = new() { MaxParticipation = 0.05, LatencyMilliseconds = 30_000 };

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void TheParts_SumToPaperLessReal_WhateverIsOrdered(int seed) =>
        Holds(new TestRun(TestMarkets.Random(seed, 5, 400), RandomOrders.Of(seed), Everything, Tight, cash: 250_000));

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void TheySum_OnMinutes_Too(int seed) => Holds(new TestRun(
        TestMarkets.Random(seed, 3, 2_000, TimeSpan.FromMinutes(1), new() { AssetClass = AssetClass.Crypto }), RandomOrders.Of(seed),
        Everything with { Commission = "binance_spot" }, Tight));

    [Fact]
    public void TheySum_InForeignMoney_Too()
    {
        var shares = TestMarkets.RandomSeries(5, 2, 300, terms: new() { Currency = "EUR" });
        var rate = TestMarkets.RandomSeries(6, 3, 300)[2];
        var history = new MarketHistory([.. shares, rate], "USD", new Dictionary<string, string> { ["EUR"] = rate.Symbol });
        Holds(new TestRun(history, RandomOrders.Of(7), Everything with { ConversionFraction = 0.001 }, Tight));
    }

    [Fact]
    public void TheySum_OverSplitsAndDividends_Too()
    {
        var plain = TestMarkets.Random(9, 1, 200).Series[0];
        CorporateAction[] actions =
        [
            new(DateOnly.FromDateTime(TestMarkets.Day(50).Date), CorporateActionKind.Split, 3),
            new(DateOnly.FromDateTime(TestMarkets.Day(80).Date), CorporateActionKind.Dividend, 0.37m),
            new(DateOnly.FromDateTime(TestMarkets.Day(120).Date), CorporateActionKind.Split, 0.1m),
        ];
        var columns = new BarColumns(plain.Start, plain.Open, plain.High, plain.Low, plain.Close, plain.Volume);
        var history = new MarketHistory([new SymbolBars("A", plain.Interval, new() { Actions = [.. actions] }, columns, null)]);
        var run = new TestRun(history, RandomOrders.Of(10), Everything, Tight);
        // Units of before a split cannot be read off the records, so the accounts are held against each other: the net is what
        // cash flows and the last position make.
        var flows = run.Fills.Sum(fill => -fill.Quantity * fill.Price - fill.Costs.Fees);
        run.Equity.ShouldBe(run.Cash + flows + run.Account.Carry.Total + run.Account.Position(0) * run.Simulation.Market.Worth(0));
        run.Orders.Aggregate(default(CostBreakdown), (sum, order) => sum + order.Costs).ShouldBe(run.Account.Costs);
    }

    [Fact]
    public void EachPart_IsWhatItsNameSays()
    {
        var history = TestMarkets.Of(TestMarkets.Daily(
            "A", null, (10, 10, 10, 10, 1000), (11, 11, 11, 11, 1000), (12, 12, 12, 12, 1000), (13, 13, 13, 13, 1000)));
        var run = new TestRun(
            history, (context, moment) => { if (moment == 0) context.Submit(new(0, 150)); },
            CostOptions.Zero with { Spread = SpreadSource.Fixed, SpreadFraction = 0.02, Commission = "us_broker_fixed" },
            TestRun.Free with { MaxParticipation = 0.1, LatencyMilliseconds = 0 });
        // 100 at 11, 50 at 12... of 150: none is left.
        run.Fills.Select(fill => (fill.Quantity, fill.Middle, fill.Price)).ShouldBe([(100, 11, 11.11m), (50, 12, 12.12m)]);
        var costs = run.Account.Costs;
        costs.Spread.ShouldBe(100 * 0.11m + 50 * 0.12m);
        costs.Delay.ShouldBe(100 * 1 + 50 * 2);
        costs.Fees.ShouldBe(1 + 150 * 0.000072m);
        (costs.Impact, costs.Slippage, costs.Opportunity).ShouldBe((0, 0, 0));
    }

    [Fact]
    public void WhatIsNeverFilled_CostsTheMoveUntilItsOrderEnded()
    {
        var history = TestMarkets.Of(TestMarkets.Daily(
            "A", null, (10, 10, 10, 10, 1000), (11, 11, 11, 11, 1000), (12, 12, 12, 12, 1000)));
        var run = new TestRun(history, (context, moment) => { if (moment == 0) context.Submit(new(0, 5, OrderType.Limit, LimitPrice: 9)); });
        run.Account.Costs.ShouldBe(new(0, 0, 0, 0, 0, 10));
    }

    static void Holds(TestRun run)
    {
        run.Fills.Count.ShouldBeGreaterThan(100);
        var market = run.Simulation.Market;
        var paper = run.Orders.Sum(order =>
        {
            var place = run.History.Places[order.Symbol];
            var (side, unfilled) = (Math.Sign(order.Quantity), Math.Abs(order.Quantity) - order.Filled);
            // What was never filled is given up on paper when its order ends; the parts of it are the order's own opportunity.
            return side * (order.Filled * market.Worth(place) - order.Filled * order.DecisionValue) + GivenUp(order, unfilled);
        });
        var net = run.Equity - run.Cash;
        (paper - run.Account.Costs.Total + run.Account.Carry.Total).ShouldBe(net);
    }

    static decimal GivenUp(OrderRecord order, decimal unfilled) => unfilled == 0 ? 0 : order.Costs.Opportunity;
}
