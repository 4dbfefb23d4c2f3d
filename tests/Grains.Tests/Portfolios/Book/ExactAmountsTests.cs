using System.Globalization;
using System.Numerics;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class ExactAmountsTests
{
    [Theory]
    [InlineData("0.12345678", "57100.55")]
    [InlineData("0.00064321", "62000.50")]
    [InlineData("1.234567890123456789", "3456.78")]
    [InlineData("0.000000000000000001", "2000.123456")]
    [InlineData("3", "0.333333333333333333")]
    [InlineData("0.700000000000000007", "0.00001234")]
    [InlineData("999999999.123456789012345678", "0.01")]
    public void AverageCost_OfOneFill_IsItsPrice_AndItsAmountIsExact(string quantity, string price)
    {
        var book = Opened();
        book.Book(External("1", Side.Buy, Parse(quantity), Parse(price))).Receipt.Value.ShouldBe(Product(quantity, price));
        book.HoldingOf("AA").AverageCost.ShouldBe(Parse(price));
        book.HoldingOf("AA").Cost.ShouldBe(Product(quantity, price));
        book.Cash.ShouldBe(100_000m - Product(quantity, price));
    }

    [Fact]
    public void AverageCost_StaysWhatItIs_WhenAPartIsSold_AndWhenMoreComesAtTheSamePrice()
    {
        var book = Opened();
        book.Book(External("1", Side.Buy, 0.12345678m, 57100.55m));
        book.Book(External("2", Side.Sell, 0.00000007m, 60000.01m)).Receipt.RealisedPnl.ShouldBe(0.00000007m * (60000.01m - 57100.55m));
        book.HoldingOf("AA").AverageCost.ShouldBe(57100.55m);
        book.Book(External("3", Side.Buy, 0.000000000000000003m, 57100.55m));
        book.HoldingOf("AA").AverageCost.ShouldBe(57100.55m);
        book.Book(External("4", Side.Sell, book.HoldingOf("AA").Quantity, 57100.55m));
        book.HoldingOf("AA").Cost.ShouldBe(0m);
        (book.Cash - book.Deposits).ShouldBe(book.Realised);
    }

    [Fact]
    public void OneFill_AtTheLastPrice_LeavesEquityAsItWas()
    {
        var valuation = new BookValuation(Opened(), new PortfolioOptions());
        valuation.Reprice([("AA", Market.Update(Market.Walk("AA", 57100.55m)))], Now);
        valuation.Apply(FillRules.Post(valuation.Book, External("1", Side.Buy, 0.123456789012345678m, 57100.55m), Now));
        valuation.Equity.ShouldBe(100_000m);
        RiskReporting.Snapshot(valuation).Positions.Single().UnrealisedPnl.ShouldBe(0m);
    }

    /// <summary>A sum that has no room for eighteen places gets amounts of fewer: nothing is lost between two of them.</summary>
    [Fact]
    public void LargeBook_RoundsAnAmountOnce_AndAddsUp()
    {
        var book = Opened(cash: 900_000_000_000_000m);
        book.Book(External("1", Side.Buy, 1.234567890123456789m, 1.1m)).Receipt.Value.ShouldBe(1.358024679136m);
        book.Book(External("2", Side.Sell, 0.234567890123456789m, 1.7m, fees: 0.000000000000000001m));
        var holding = book.HoldingOf("AA");
        (book.Cash + holding.Cost - holding.Realised + book.Fees).ShouldBe(book.Deposits);
    }

    [Fact]
    public void Quantity_MayHaveEighteenPlaces_AndNoMore()
    {
        OrderValidator.Check(Order(Side.Buy, 0.000000000000000001m)).ShouldBeEmpty();
        OrderValidator.Check(Order(Side.Buy, 0.0000000000000000001m)).ShouldHaveSingleItem().Rule.ShouldBe("decimals");
        BookValidator.Check(External("1", Side.Buy, 0.000000000000000001m, 1, fees: 0.000000000000000001m)).ShouldBeEmpty();
        BookValidator.Check(External("1", Side.Buy, 0.0000000000000000001m, 1)).ShouldHaveSingleItem().Rule.ShouldBe("decimals");
    }

    /// <summary>A receipt as programs wrote it that kept eight places.</summary>
    [Fact]
    public void ReceiptWithoutAValue_IsBookedAsItWasThen()
    {
        const string Receipt = """
            {"fill":{"fill_id":"1","symbol":"AA","action":"BUY","quantity":0.12345678,"price":57100.55,"fees":0,"external":true},
            "receipt":{"fill_id":"1","sequence":2,"symbol":"AA","action":"BUY","quantity":0.12345678,"price":57100.55,"fees":0.5,
            "realised_pnl":0,"position_quantity":0.12345678,"cash":92950.04996077,"booked_at":"2026-01-05T12:00:00+00:00"}}
            """;
        var book = Opened();
        book.Apply(BookJson.Decode(new Trading.Journal.JournalEvent("portfolio/test", 2, Now, "filled", System.Text.Encoding.UTF8.GetBytes(Receipt), "fill:1", default)));
        book.HoldingOf("AA").Cost.ShouldBe(Math.Round(Product("0.12345678", "57100.55"), 8));
        book.Cash.ShouldBe(100_000m - 0.5m - Math.Round(Product("0.12345678", "57100.55"), 8));
        System.Text.Encoding.UTF8.GetString(BookJson.Encode(book.Save()).Span).ShouldNotContain("average\":");
    }

    static decimal Parse(string number) => decimal.Parse(number, CultureInfo.InvariantCulture);

    /// <summary>In whole numbers; to eighteen places where there are more, half to even.</summary>
    static decimal Product(string left, string right)
    {
        static (BigInteger Digits, int Places) Read(string text) =>
            (BigInteger.Parse(text.Replace(".", ""), CultureInfo.InvariantCulture), text.Contains('.') ? text.Length - text.IndexOf('.') - 1 : 0);

        var ((a, i), (b, j)) = (Read(left), Read(right));
        var (digits, places) = (a * b, i + j);
        for (; places > 18; places--)
        {
            digits = BigInteger.DivRem(digits, 10, out var cut);
            if (cut > 5 || (cut == 5 && places == 19 && !digits.IsEven)) digits++;
        }

        return (decimal)digits / (decimal)BigInteger.Pow(10, places);
    }
}
