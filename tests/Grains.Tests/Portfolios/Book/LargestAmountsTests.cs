using System.Globalization;
using Trading.Risk;
using Trading.Risk.Tests;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>What is at the edge of a decimal is a named error or an unknown, never an exception.</summary>
public sealed class LargestAmountsTests
{
    static readonly decimal[] Quantities =
        [0.000000000000000001m, 0.3m, 7, 1783, 1e9m, 999_999_999_999.9999999999999999m, 1e12m];

    [Theory]
    [InlineData("0.000000000000000001")]
    [InlineData("0.000000000000000003")]
    [InlineData("0.00001")]
    [InlineData("1")]
    [InlineData("100")]
    [InlineData("1000000000000")]
    public void LargestQuantity_OfAnyLot_IsAMultipleOfIt_NoLargerThanTheOrder(string lot)
    {
        var size = decimal.Parse(lot, CultureInfo.InvariantCulture);
        var free = new RiskLimits { MaxOrderNotional = null };
        foreach (var held in (decimal[])[0, -5.5m, -1e12m])
            foreach (var quantity in Quantities)
            {
                var book = new ExampleBook { Terms = new(LotSize: size), Held = held };
                var allowed = book.MaxAllowed(Order(Side.Buy, quantity), free) ?? 0;
                allowed.ShouldBeInRange(0, quantity);
                if (size >= 0.00001m && held == 0) (allowed % size).ShouldBe(0);
            }
    }

    [Fact]
    public void OrderWorthMoreThanAnEventCanBook_IsRefused_AlsoWithoutALimit()
    {
        var limits = new RiskLimits { MaxOrderNotional = null };
        var order = Order(Side.Buy, OrderValidator.MaxQuantity) with { LimitPrice = 1_001m };
        var refusal = new ExampleBook().Judge(order, limits).ShouldHaveSingleItem();
        (refusal.Code, refusal.Observed, refusal.Limit).ShouldBe((RiskRule.OrderNotional, 1.001e15m, 1e15m));
        new ExampleBook().Judge(order with { LimitPrice = 1_000m }, limits).ShouldBeEmpty();
    }

    [Fact]
    public void PriceThatTheRateMakesAbsurd_IsUnknown()
    {
        var valuation = Foreign(price: 5e8m, rate: 1e10m);
        var decision = Decide(valuation, new("OLD", Side.Buy, 1e12m, null, null, null));
        decision.Violations.Select(violation => violation.Code).ShouldBe([RiskRule.MissingPrice]);
        decision.MaxAllowedQuantity.ShouldBeNull();
        valuation.Apply(FillRules.Post(valuation.Book, External("1", Side.Buy, 1, 5, symbol: "OLD"), Now));
        valuation.Equity.ShouldBeNull();
        Decide(valuation, new("OLD", Side.Sell, 1, null, null, null)).Approved.ShouldBeTrue();
    }

    [Fact]
    public void Execution_ThatIsTooLargeInTheBooksCurrency_IsNamedByItsFields()
    {
        var valuation = Foreign(price: 10, rate: 1e10m);
        Broken(External("1", Side.Buy, 1e5m, 1, symbol: "OLD")).ShouldBeEmpty();
        Broken(External("1", Side.Buy, 1e6m, 1, symbol: "OLD")).ShouldBe([("price", "amount")]);
        Broken(External("1", Side.Buy, 1, 1e6m, fees: 1e6m, symbol: "OLD") with { FeeCurrency = "XAU" })
            .ShouldBe([("price", "range"), ("price", "amount"), ("fees", "range")]);
        var coin = External("1", Side.Buy, 1e-18m, 1e12m, fees: 1e4m, symbol: "BTCUSD") with { FeeCurrency = "BTC" };
        BookValidator.Check(coin).ShouldBeEmpty();
        Broken(coin).ShouldBe([("fees", "range")]);

        (string, string)[] Broken(Fill fill) =>
            [.. FillRates.Of(valuation, fill.Symbol, fill.FeeCurrency).Check(valuation.Book, fill)
                .Select(error => (error.Field, error.Rule))];
    }

    [Fact]
    public void BookThatLostAllButDust_TakesMoney()
    {
        var book = Opened(cash: 1e12m);
        book.Book(External("1", Side.Buy, 1e12m - 0.000000000001m, 1));
        book.Apply(BookRules.Transfer(book, new("again", 1e9m), equity: 1e-12m, Now).Value!);
        book.HighWaterMark.ShouldBe(1e15m);
        var usual = Opened(cash: 1_000);
        usual.Apply(BookRules.Transfer(usual, new("more", 300), equity: 600, Now).Value!);
        usual.HighWaterMark.ShouldBe(1_500);
    }

    [Theory]
    [InlineData("1000", "0.0000000123456789", "0.000000000012345679")]
    [InlineData("0.001", "0.0000000123", "0.0000123")]
    [InlineData("3", "100", "33.33333333")]
    public void PriceOfACoin_KeepsItsDigits_ThroughASplit(string split, string before, string after) =>
        SplitRatio.Of(decimal.Parse(split, CultureInfo.InvariantCulture))
            .Price(decimal.Parse(before, CultureInfo.InvariantCulture))
            .ShouldBe(decimal.Parse(after, CultureInfo.InvariantCulture));

    static BookValuation Foreign(decimal price, decimal rate)
    {
        var valuation = new BookValuation(Opened(), new PortfolioOptions());
        valuation.Reprice(
        [
            ("OLD", Market.Update(Market.Walk("OLD", price) with { Terms = new() { Currency = "XAU" } })),
            ("XAUUSD", Market.Update(Market.Walk("XAUUSD", rate))),
        ], Now);
        return valuation;
    }

    static SignalDecision Decide(BookValuation valuation, Order order) => PreTradeCheck.Decide(
        valuation, order, new LimitsVersion(1, new RiskLimits(), "", Now, ""), Now).Decision;
}
