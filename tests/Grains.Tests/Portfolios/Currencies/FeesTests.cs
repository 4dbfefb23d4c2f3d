using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class FeesTests
{
    [Fact]
    public void FeeInTheCoinThatIsBought_LeavesLessOfIt_SellableByTheLot()
    {
        var valuation = Coins();
        var receipt = Fill(valuation, Coin("1", Side.Buy, 0.00064321m, 62000.50m, 0.00000064321m));
        receipt.PositionQuantity.ShouldBe(0.00064256679m);
        receipt.FeeUnits.ShouldBe(0.00000064321m);
        valuation.Book.HoldingOf("BTCUSD").AverageCost.ShouldBe(62000.50m);
        valuation.Book.Cash.ShouldBe(100_000m - (0.00064321m * 62000.50m));
        valuation.Book.Fees.ShouldBe(0.00000064321m * 62000.50m);
        var position = RiskReporting.Snapshot(valuation).Positions.Single();
        (position.Quantity, position.Closable, position.UnrealisedPnl).ShouldBe((0.00064256679m, 0.00064m, 0m));
        Decide(valuation, new("BTCUSD", Side.Sell, 1, null, null, null)).MaxAllowedQuantity.ShouldBe(0.00064m);
        Decide(valuation, new("BTCUSD", Side.Sell, 0.00064m, null, null, null)).Approved.ShouldBeTrue();
        AddsUp(valuation);
    }

    [Fact]
    public void FeeInTheCoinThatIsSold_TakesMoreOfIt()
    {
        var valuation = Coins();
        Fill(valuation, Coin("1", Side.Buy, 2, 50_000, 0));
        var receipt = Fill(valuation, Coin("2", Side.Sell, 1, 60_000, 0.001m));
        receipt.PositionQuantity.ShouldBe(0.999m);
        receipt.RealisedPnl.ShouldBe(1.001m * 10_000);
        receipt.FeesBooked.ShouldBe(60m);
        receipt.Cash.ShouldBe(60_000m);
        AddsUp(valuation);
    }

    [Fact]
    public void FeeInAThirdCurrency_IsConvertedAtTheRateOfTheTime_WhichIsRecorded()
    {
        var valuation = Coins();
        valuation.Reprice([("BNBUSD", Market.Update(Market.Walk("BNBUSD", 600m)))], Now);
        var receipt = Fill(valuation, Coin("1", Side.Buy, 1, 50_000, 0.05m) with { FeeCurrency = "bnb" });
        (receipt.FeeCurrency, receipt.FeeRate, receipt.FeesBooked, receipt.FeeUnits).ShouldBe(("BNB", 600m, 30m, null));
        (receipt.PositionQuantity, valuation.Book.Cash, valuation.Book.Fees).ShouldBe((1m, 49_970m, 30m));
        AddsUp(valuation);
    }

    [Fact]
    public void FeeWithoutARate_IsAFactAllTheSame_AndWaitsForOne()
    {
        var valuation = Coins();
        var receipt = Fill(valuation, Coin("1", Side.Buy, 1, 50_000, 2) with { FeeCurrency = "CHF" });
        (receipt.FeeCurrency, receipt.FeeRate, receipt.FeesBooked).ShouldBe(("CHF", null, null));
        var waiting = RiskReporting.Snapshot(valuation);
        waiting.Equity.ShouldBeNull();
        waiting.Awaiting.ShouldHaveSingleItem().ShouldBe(new AwaitingCash("CHF", -2));
        RiskReporting.Report(valuation, RiskLimits.Default, Now, Now).Warnings
            .ShouldContain(warning => warning.Code == "awaiting_rate" && warning.Symbol == "CHF");

        valuation.Reprice([("USDCHF", Market.Update(Market.Walk("USDCHF", 0.8m)))], Now);
        foreach (var due in ConversionRules.Due(valuation, Now)) valuation.Apply(due);
        (valuation.Book.Cash, valuation.Book.Fees).ShouldBe((49_997.5m, 2.5m));
        AddsUp(valuation);
    }

    [Fact]
    public void FeeInTheBooksOwnCurrency_NeedsNoRate() =>
        Fill(Coins(), Coin("1", Side.Buy, 1, 50_000, 2) with { FeeCurrency = "USD" })
            .ShouldSatisfyAllConditions(receipt => receipt.FeeCurrency.ShouldBeNull(), receipt => receipt.FeesBooked.ShouldBe(2m));

    static Fill Coin(string id, Side side, decimal quantity, decimal price, decimal fees) =>
        External(id, side, quantity, price, fees, "BTCUSD") with { FeeCurrency = "BTC" };

    static BookValuation Coins()
    {
        var valuation = new BookValuation(Opened(), new PortfolioOptions());
        valuation.Reprice([("BTCUSD", Market.Update(Market.Walk("BTCUSD", 62000.50m) with { Terms = new(LotSize: 0.00001m) }))], Now);
        return valuation;
    }

    static FillReceipt Fill(BookValuation valuation, Fill fill)
    {
        var filled = FillRules.Post(
            valuation.Book, fill, Now, rates: FillRates.Of(valuation, fill.Symbol, fill.FeeCurrency));
        valuation.Apply(Recorded(filled, valuation.Book.Sequence + 1));
        return filled.Receipt;
    }

    static SignalDecision Decide(BookValuation valuation, Order order) =>
        PreTradeCheck.Decide(valuation, order, new LimitsVersion(1, new RiskLimits(), "", Now, ""), Now).Decision;

    static void AddsUp(BookValuation valuation)
    {
        var snapshot = RiskReporting.Snapshot(valuation);
        snapshot.Equity.ShouldNotBeNull();
        snapshot.Equity.ShouldBe(snapshot.Deposits + snapshot.RealisedPnl + snapshot.UnrealisedPnl - snapshot.Fees);
    }
}
