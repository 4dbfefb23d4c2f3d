using Trading.MarketData;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class CarryingTests
{
    static DateOnly Date(int day) => DateOnly.FromDateTime(Day(day).Date);

    static Action<StrategyContext, int> Buy(decimal quantity) =>
        (context, moment) => { if (moment == 0) context.Submit(new(0, quantity)); };

    static SymbolTerms With(params CorporateAction[] actions) => new() { Actions = [.. actions] };

    [Fact]
    public void Split_ChangesUnits_NotWhatTheyAreWorth()
    {
        var history = Of(Daily(
            "A", With(new CorporateAction(Date(2), CorporateActionKind.Split, 7)),
            (70, 70, 70, 70, 1000), (70, 70, 70, 70, 1000), (10, 10, 10, 10, 7000), (10, 10, 10, 10, 7000)));
        var run = new TestRun(history, Buy(3), cash: 1_000);
        run.Account.Position(0).ShouldBe(21);
        run.Equity.ShouldBe(1_000);
        history.Series[0].Index.ShouldBe([70, 70, 70, 70]);
    }

    [Fact]
    public void Split_RestatesOrdersInTheMarket()
    {
        var history = Of(Daily(
            "A", With(new CorporateAction(Date(2), CorporateActionKind.Split, 2)),
            (100, 100, 100, 100, 1000), (100, 100, 100, 100, 1000), (50, 50, 44, 50, 1000)));
        var run = new TestRun(history, (context, moment) =>
        {
            if (moment == 0) context.Submit(new(0, 10, OrderType.Limit, LimitPrice: 90));
        });
        (run.OnlyFill.Quantity, run.OnlyFill.Price).ShouldBe((20, 45));
    }

    [Fact]
    public void Dividend_IsPaidToHolders_AndByThoseWhoAreShort_OnTheExDate()
    {
        var history = Of(Daily(
            "A", With(new CorporateAction(Date(2), CorporateActionKind.Dividend, 1.5m)),
            (50, 50, 50, 50, 1000), (50, 50, 50, 50, 1000), (48.5m, 48.5m, 48.5m, 48.5m, 1000)));
        var held = new TestRun(history, Buy(10), cash: 1_000);
        held.Account.Carry.Dividends.ShouldBe(15);
        held.Equity.ShouldBe(1_000);
        new TestRun(history, Buy(-10), cash: 1_000).Account.Carry.Dividends.ShouldBe(-15);
        new TestRun(history, Buy(10), CostOptions.Zero with { DividendTax = 0.2 }, cash: 1_000).Account.Carry.Dividends.ShouldBe(12);
        history.Series[0].Index[2].ShouldBe(50, 1e-9);
    }

    [Fact]
    public void WhoBuysOnTheExDate_GetsNoDividend()
    {
        var history = Of(Daily(
            "A", With(new CorporateAction(Date(1), CorporateActionKind.Dividend, 1.5m)),
            (50, 50, 50, 50, 1000), (48.5m, 48.5m, 48.5m, 48.5m, 1000)));
        new TestRun(history, Buy(10)).Account.Carry.Dividends.ShouldBe(0);
    }

    [Fact]
    public void DividendAndSplitOfOneDay_CountPerOldUnit()
    {
        var history = Of(Daily(
            "A", With(new(Date(2), CorporateActionKind.Split, 2), new(Date(2), CorporateActionKind.Dividend, 10)),
            (100, 100, 100, 100, 1000), (100, 100, 100, 100, 1000), (45, 45, 45, 45, 1000)));
        var run = new TestRun(history, Buy(3), cash: 1_000);
        (run.Account.Position(0), run.Equity).ShouldBe((6, 1_000));
        history.Series[0].Index[2].ShouldBe(100, 1e-9);
    }

    [Fact]
    public void Delisting_PaysPositionsOut_AndEndsOrders()
    {
        var other = Closes("B", 5, 5, 5, 5);
        var gone = Daily("A", new() { Delisting = new(3m) }, (10, 10, 10, 10, 1000), (10, 10, 10, 10, 1000));
        var run = new TestRun(Of(gone, other), (context, moment) =>
        {
            if (moment == 0) context.Submit(new(0, 100));
            if (moment == 0) context.Submit(new(0, 100, OrderType.Limit, LimitPrice: 1));
            if (moment == 2) context.Submit(new(0, 100)).ShouldBe(0);
        }, cash: 10_000);
        run.Account.Position(0).ShouldBe(0);
        run.Equity.ShouldBe(10_000 - 100 * 10 + 100 * 3);
        run.Orders.Single(order => order.Filled == 0).End.ShouldBe(OrderEnd.Delisted);
        run.Recording.Refused["not_tradable"].ShouldBe(1);
    }

    [Fact]
    public void Cash_EarnsAndPaysInterest_ForEveryNight()
    {
        var history = Of(Closes("A", 10, 10, 10));
        new TestRun(history, (_, _) => { }, CostOptions.Zero with { CreditRate = 0.036 }, cash: 10_000)
            .Account.Carry.Interest.ShouldBe(2.0001m, "One night on 10,000, the second on what the first left.");
        var debit = new TestRun(history, Buy(2_000), CostOptions.Zero with { DebitRate = 0.072 }, cash: 10_000);
        debit.Account.Carry.Interest.ShouldBe(-2m);
    }

    [Fact]
    public void ShortPosition_PaysForBorrowing_OverTheWeekend_Too()
    {
        // Monday to Friday, then Monday.
        var bars = new[] { 0, 1, 2, 3, 4, 7 }.Select(day => new Bar(Day(day), 10, 10, 10, 10, 1000m)).ToArray();
        var history = Of(BarColumnsBuilder.Build("A", TimeSpan.FromDays(1), bars));
        var run = new TestRun(history, (context, moment) => { if (moment == 3) context.Submit(new(0, -360)); }, CostOptions.Zero with { BorrowRate = 0.1 });
        run.Account.Carry.Borrow.ShouldBe(-3m);
    }

    [Fact]
    public void Funding_IsPaidByLongs_WhereTheRateIsPositive()
    {
        var terms = new SymbolTerms
        {
            AssetClass = AssetClass.Crypto,
            Funding = [new(Day(1).AddHours(8), 0.001), new(Day(3), -0.0005)],
        };
        var history = Of(Daily("P", terms, (100, 100, 100, 100, 1000), (100, 100, 100, 100, 1000), (100, 100, 100, 100, 1000)));
        new TestRun(history, Buy(10)).Account.Carry.Funding.ShouldBe(-1m + 0.5m);
        new TestRun(history, Buy(-10)).Account.Carry.Funding.ShouldBe(1m - 0.5m);
    }

    [Fact]
    public void ForeignShares_CountAtTheRate_AndChangingMoneyCosts()
    {
        var shares = Daily("SAP", new() { Currency = "EUR" }, (100, 100, 100, 100, 1000), (100, 100, 100, 100, 1000), (110, 110, 110, 110, 1000));
        var rate = Closes("EURUSD", 1.25m, 1.25m, 1.2m);
        var history = new MarketHistory([shares, rate], "USD", new Dictionary<string, string> { ["EUR"] = "EURUSD" });
        var run = new TestRun(history, Buy(10), CostOptions.Zero with { ConversionFraction = 0.001 }, cash: 2_000);
        run.Account.Cash.ShouldBe(2_000 - 1_250 - 1.25m);
        run.Equity.ShouldBe(2_000 - 1_250 - 1.25m + 10 * 110 * 1.2m);
        Should.Throw<BacktestDataException>(() => new MarketHistory([shares, rate])).Errors.ShouldHaveSingleItem().Field.ShouldBe("currencies");
    }
}
