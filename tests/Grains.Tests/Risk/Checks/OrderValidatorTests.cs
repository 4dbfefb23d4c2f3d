namespace Trading.Risk.Tests;

public sealed class OrderValidatorTests
{
    static readonly Order Good = new("BRK.B", Side.Buy, 10.12345678m, "desk-7#1", 0.85, 99.5m);

    [Fact]
    public void WellFormedOrder_HasNoErrors()
    {
        OrderValidator.Check(Good).ShouldBeEmpty();
        OrderValidator.Check(new("^GSPC", Side.Sell, OrderValidator.MaxQuantity, null, null, null)).ShouldBeEmpty();
    }

    [Fact]
    public void EveryBrokenRule_IsNamedAtOnce_InTheOrderOfTheFields()
    {
        var errors = OrderValidator.Check(new("A B", (Side)7, -0.1234567890123456789m, "with space", double.NaN, 0m));
        errors.Select(error => (error.Field, error.Rule)).ShouldBe([("symbol", "form"), ("action", "one_of"), ("position_size", "positive"),
            ("position_size", "decimals"), ("confidence", "range"), ("client_order_id", "form"), ("limit_price", "positive")]);
        errors[2].Message.ShouldBe("position_size must be more than zero units; it is -0.1234567890123456789.");
    }

    [Fact]
    public void AbsurdSizes_AreErrors_NotExceptions() =>
        OrderValidator.Check(Good with { Quantity = decimal.MaxValue, LimitPrice = decimal.MaxValue }).Select(error => (error.Field, error.Rule))
            .ShouldBe([("position_size", "max"), ("limit_price", "max")]);

    [Fact]
    public void LargestOrder_AtTheHighestPrice_CanBeValued()
    {
        var order = Good with { Quantity = OrderValidator.MaxQuantity, LimitPrice = OrderValidator.MaxPrice };
        OrderFacts.TradePrice(order, 1m).ShouldBe(OrderValidator.MaxPrice);
        new ExampleBook().Judge(order with { LimitPrice = null }, new() { MaxOrderNotional = 1m })[0].Observed.ShouldBe(1e14m);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e13)]
    public void ReferencePrice_ThatIsAbsurd_IsUnknown(double price) => OrderFacts.TradePrice(Good, (decimal)price).ShouldBeNull();

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Confidence_OutsideZeroToOne_IsAnError(double confidence) =>
        OrderValidator.Check(Good with { Confidence = confidence }).ShouldHaveSingleItem().Field.ShouldBe("confidence");

    [Fact]
    public void MissingSymbol_IsSaid_AndALongOneIsCut()
    {
        OrderValidator.Check(Good with { Symbol = null! }).ShouldHaveSingleItem().Message.ShouldEndWith("it is missing.");
        OrderValidator.Check(Good with { Symbol = new('A', 10_000) }).ShouldHaveSingleItem().Message.Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void TrailingZeros_AreNoDecimals() => OrderValidator.Check(Good with { Quantity = 1.0000000000m }).ShouldBeEmpty();

    [Fact]
    public void Ticker_IsUpperCaseInTheBook()
    {
        OrderValidator.Normalised(Good with { Symbol = "brk.b" }).Symbol.ShouldBe("BRK.B");
        OrderValidator.Normalised(Good).ShouldBeSameAs(Good);
    }
}
