using Trading.MarketData;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Corporate actions of positions whose prices are in another currency than the book's.</summary>
public sealed class ForeignActionsTests
{
    static readonly DateOnly Before = new(2026, 1, 2), ExDate = new(2026, 1, 6);

    readonly BookValuation _valuation = new(Opened(allowShort: true, currency: "EUR"), new PortfolioOptions());
    long _version;

    Book Book => _valuation.Book;

    [Theory]
    [InlineData(Side.Buy, 4)]
    [InlineData(Side.Sell, -4)]
    public void Dividend_IsPaidAtTheRateOfTheDay_AndIsNoProfitOfTheRate(Side side, int paid)
    {
        Rate(0.8m);
        Price(Before, 100);
        Fill(side, 10, 100);
        var (cash, equity) = (Book.Cash, _valuation.Equity);
        Price(ExDate, 99.5m, new CorporateAction(ExDate, CorporateActionKind.Dividend, 0.5m));
        (Book.Cash, Book.Realised, _valuation.Equity).ShouldBe((cash + paid, paid, equity));
        Book.HoldingOf("AAPL").Foreign!.FxRealised.ShouldBe(0m);
    }

    [Fact]
    public void FractionAfterAReverseSplit_IsPaidAtTheRateOfTheDay()
    {
        Rate(0.8m);
        Price(Before, 3);
        Fill(Side.Buy, 7, 4);
        var equity = _valuation.Equity;
        Price(ExDate, 12, new CorporateAction(ExDate, CorporateActionKind.Split, 0.25m));
        var holding = Book.HoldingOf("AAPL");
        (holding.Quantity, holding.AverageCost, holding.Realised).ShouldBe((1m, 16m, -2.4m));
        (Book.Cash, _valuation.Equity).ShouldBe((100_000m - 22.4m + 7.2m, equity));
    }

    [Fact]
    public void WithoutARate_WhatIsPaidWaits_AndIsConvertedWithTheFirst()
    {
        Price(Before, 100);
        Fill(Side.Buy, 10, 100);
        Price(ExDate, 99, new CorporateAction(ExDate, CorporateActionKind.Dividend, 1));
        Book.Awaiting.ShouldHaveSingleItem().ShouldBe(new AwaitingCash("USD", -990m));
        Rate(0.8m);
        foreach (var due in ConversionRules.Due(_valuation, Now)) _valuation.Apply(Recorded(due, Book.Sequence + 1));
        (Book.Cash, Book.Realised, _valuation.Equity).ShouldBe((100_000m - 792m, 8m, 100_000m));
        Price(ExDate.AddDays(1), 99, new CorporateAction(ExDate, CorporateActionKind.Dividend, 1));
        Book.Realised.ShouldBe(8m);
    }

    [Fact]
    public void SplitThatBecomesKnownLate_CorrectsWhatWasTradedSince_AtTheRatesOfTheTrades()
    {
        Rate(0.8m);
        Price(Before, 3);
        Fill(Side.Buy, 8, 4);
        Price(ExDate, 12);
        Rate(0.9m);
        Fill(Side.Sell, 1, 12, ExDate);
        Price(ExDate, 12, new CorporateAction(ExDate, CorporateActionKind.Split, 0.25m));
        var holding = Book.HoldingOf("AAPL");
        (holding.Quantity, holding.AverageCost, holding.Realised).ShouldBe((1m, 16m, (12 * 0.9m) - (16 * 0.8m)));
        (Book.Cash + holding.BookCost).ShouldBe(Book.Deposits + Book.Realised);
    }

    /// <summary>It was converted a second time, at the rate of the day of the late fill.</summary>
    [Fact]
    public void FillThatIsToldAfterADelisting_LeavesWhatWasPaidAlready_AtTheRateOfItsDay()
    {
        var delisting = new CorporateAction(new(2026, 1, 4), CorporateActionKind.Delisting, 40);
        Rate(0.8m);
        Price(Before, 100);
        Fill(Side.Buy, 10, 100);
        Price(Before, 100, delisting);
        Book.Cash.ShouldBe(100_000m - 800 + 320);
        Rate(1m);
        Fill(Side.Buy, 5, 100);
        Price(Before, 100, delisting);
        (Book.Cash, Book.Realised).ShouldBe((100_000m - 480 - 500 + 200, -780m));
        Price(Before, 100, delisting);
        Book.HoldingOf("AAPL").Quantity.ShouldBe(0m);
        Book.Cash.ShouldBe(99_220m);
    }

    /// <summary>Ten dollar shares that cost 800 EUR are listed in Swiss francs from now on.</summary>
    [Theory]
    [InlineData("CHF", 240, 160, 400)]
    [InlineData("EUR", 90, 80, 100)]
    public void SymbolChange_IntoAnotherCurrency_KeepsWhatItCostTheBook(
        string currency, int price, int average, int profit)
    {
        Rate(0.8m);
        Price(Before, 100);
        Fill(Side.Buy, 10, 100);
        Learn("NEW", price, currency);
        _valuation.Reprice([("CHFEUR", Market.Update(Market.Walk("CHFEUR", 0.5m)))], Now);
        Price(Before, 100, CorporateAction.Renamed(new(2026, 1, 4), "NEW"));
        var moved = Book.HoldingOf("NEW");
        (moved.Quantity, moved.AverageCost, moved.BookCost).ShouldBe((10m, (decimal)average, 800m));
        RiskReporting.Snapshot(_valuation).UnrealisedPnl.ShouldBe((decimal)profit);
        Fill(Side.Sell, 10, moved.AverageCost, symbol: "NEW");
        Book.Realised.ShouldBe(0m);
    }

    [Fact]
    public void SymbolChange_IntoACurrencyWithoutARate_WaitsForOne()
    {
        Rate(0.8m);
        Price(Before, 100);
        Fill(Side.Buy, 10, 100);
        Learn("NEW", 160, "CHF");
        var change = CorporateAction.Renamed(new(2026, 1, 4), "NEW");
        Price(Before, 100, change);
        Book.HoldingOf("AAPL").Quantity.ShouldBe(10m);
        _valuation.Reprice([("CHFEUR", Market.Update(Market.Walk("CHFEUR", 0.5m)))], Now);
        Price(Before, 100, change);
        Book.HoldingOf("NEW").BookCost.ShouldBe(800m);
    }

    void Learn(string symbol, decimal price, string currency) => _valuation.Reprice(
        [(symbol, Market.Update(Market.Walk(symbol, price) with { Terms = new() { Currency = currency } }))], Now);

    void Rate(decimal rate) =>
        _valuation.Reprice([("USDEUR", Market.Update(Market.Walk("USDEUR", rate, version: ++_version)))], Now);

    void Fill(Side side, decimal quantity, decimal price, DateOnly? session = null, string symbol = "AAPL")
    {
        var fill = External($"f{Book.Sequence}", side, quantity, price, symbol: symbol);
        var filled = FillRules.Post(Book, fill, Now, rates: FillRates.Of(_valuation, symbol, null));
        _valuation.Apply(filled with { Session = session ?? Before });
    }

    void Price(DateOnly session, decimal price, params CorporateAction[] actions)
    {
        var series = Market.Series("AAPL", [session.AddDays(-1), session], [price, price], version: ++_version) with
        {
            Terms = new() { Currency = "USD" },
            Actions = [.. actions],
        };
        var rates = FillRates.Of(_valuation, "AAPL", null);
        foreach (var change in CorporateActionRules.Due(
            Book, series, _valuation.Prices.Quoted("AAPL")?.LastSession, Now, rates,
            symbol => _valuation.Prices.Quoted(symbol) is null ? null : FillRates.Of(_valuation, symbol, null)))
            _valuation.Apply(Recorded(change, Book.Sequence + 1));
        _valuation.Apply(_valuation.Prices.Learn("AAPL", Market.Update(series), Now)!);
    }
}
