using Trading.MarketData;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>The rules that count over time, over a real book: what counts, when it stops counting, and that a snapshot changes nothing.</summary>
public sealed class ActivityTests
{
    static readonly RiskLimits NoLimits = new();

    readonly BookValuation _desk = BookValuation(Opened(allowShort: true));

    [Fact]
    public void Window_CountsApprovalsOfTheSymbol_UntilTheyAreOlder()
    {
        var limits = NoLimits with { MaxWindowQuantity = 100, WindowSeconds = 60 };
        Ask(Side.Buy, 70, limits).Approved.ShouldBeTrue();
        Ask(Side.Buy, 1_000, limits).Violations.ShouldHaveSingleItem().Observed.ShouldBe(1_070);
        Ask(Side.Buy, 100, limits, symbol: "BA").Approved.ShouldBeTrue();
        Ask(Side.Sell, 31, limits, seconds: 59).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.WindowQuantity);
        Ask(Side.Sell, 31, limits, seconds: 60).Approved.ShouldBeTrue();
    }

    [Fact]
    public void Duplicate_IsTheSameOrderUnderAnotherId_WithinTheWindow()
    {
        var limits = NoLimits with { DuplicateWindowSeconds = 10 };
        Ask(Side.Buy, 10, limits).Approved.ShouldBeTrue();
        Ask(Side.Buy, 11, limits).Approved.ShouldBeTrue();
        Ask(Side.Buy, 10.0m, limits, seconds: 4).Violations.ShouldHaveSingleItem().Observed.ShouldBe(4);
        Ask(Side.Buy, 10, limits, seconds: 10).Approved.ShouldBeTrue();
    }

    [Fact]
    public void MessageRate_CountsRefusalsAndReleasesToo()
    {
        var limits = NoLimits with { MaxMessages = 3, MessageWindowSeconds = 1, MaxOrderQuantity = 50 };
        Ask(Side.Buy, 10, limits).Approved.ShouldBeTrue();
        Ask(Side.Buy, 51, limits).Approved.ShouldBeFalse();
        _desk.Apply(new Released(_desk.Book.Reservations.Single(), "", Now));
        Ask(Side.Buy, 10, limits, seconds: 0.9).Violations.ShouldHaveSingleItem().Observed.ShouldBe(4);
        Ask(Side.Buy, 10, limits, seconds: 1).Approved.ShouldBeTrue();
    }

    [Fact]
    public void RepeatedExecutions_DisableTheSymbol_UntilAPersonEnablesIt()
    {
        var limits = NoLimits with { MaxRepeatedExecutions = 2, RepeatedExecutionSeconds = 5 };
        for (var i = 0; i < 3; i++) Fill(Side.Buy, 10, seconds: i);
        Ask(Side.Buy, 1, limits, seconds: 500).Violations.ShouldHaveSingleItem().Observed.ShouldBe(3);
        Ask(Side.Buy, 1, NoLimits, seconds: 5_000).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.RepeatedExecutions);
        Ask(Side.Buy, 1, limits, symbol: "BA").Approved.ShouldBeTrue();
        Ask(Side.Sell, 30, limits).Approved.ShouldBeTrue();
        BookRules.Enable(_desk.Book, "BA", "ada", "checked", Now).Kind.ShouldBe(OutcomeKind.NotFound);
        _desk.Apply(BookRules.Enable(_desk.Book, "AA", "ada", "checked", Now).Value!);
        Ask(Side.Buy, 1, limits, seconds: 5_001).Approved.ShouldBeTrue();
    }

    [Fact]
    public void Fills_ApartFromEachOther_DisableNothing()
    {
        for (var i = 0; i < 3; i++) Fill(Side.Buy, 10, seconds: 3 * i);
        Ask(Side.Buy, 1, NoLimits with { MaxRepeatedExecutions = 2, RepeatedExecutionSeconds = 5 }, seconds: 6).Approved.ShouldBeTrue();
    }

    [Fact]
    public void PositionOfTheDay_StartsAtZeroWithTheDay()
    {
        var limits = NoLimits with { MaxIntradayPosition = 100 };
        Fill(Side.Buy, 90);
        Ask(Side.Buy, 11, limits).Violations.ShouldHaveSingleItem().Observed.ShouldBe(101);
        Ask(Side.Buy, 100, limits, seconds: 12 * 3_600).Approved.ShouldBeTrue();
    }

    /// <param name="hours">From noon UTC of a Monday in winter to the next day.</param>
    [Theory]
    [InlineData(null, 12)]
    [InlineData(AssetClass.Crypto, 12)]
    [InlineData(AssetClass.Fx, 10)]
    [InlineData(AssetClass.Equity, 17)]
    public void Day_IsThatOfTheBooksMarket(AssetClass? market, double hours)
    {
        var book = new Book("test", RecentKeys);
        book.Apply(new Opened(new PortfolioTerms("USD", 100_000m, false) { Market = market }, Now));
        book.Book(External("f", Side.Buy, 90, 100));
        foreach (var each in (Book[])[book, Book.Restore("test", book.Save(), RecentKeys)])
        {
            BookRules.StartDay(each, 1m, Now.AddHours(hours).AddTicks(-1)).ShouldBeNull();
            BookRules.StartDay(each, 1m, Now.AddHours(hours)).ShouldNotBeNull();
            Traded(hours, -1).ShouldBe(90);
            Traded(hours, 0).ShouldBe(0);

            decimal Traded(double after, long ticks) => each.Activity.Before(
                Order(Side.Buy, 1), NoLimits with { MaxIntradayPosition = 100 }, Now.AddHours(after).AddTicks(ticks)).TradedNet;
        }
    }

    [Fact]
    public void Strategy_HasAnExposureOfItsOwn_OpenAndFilled()
    {
        var limits = NoLimits with { MaxStrategyExposure = 0.15 };
        var first = Ask(Side.Buy, 100, limits, strategy: "trend");
        first.After!.StrategyWeight.ShouldBe(0.1);
        _desk.Apply(FillRules.Post(_desk.Book, OfReservation("f", _desk.Book.Reservations.Single(), 60, 100), Now));
        Ask(Side.Buy, 51, limits, strategy: "trend").Violations.ShouldHaveSingleItem().Observed.ShouldBe(0.151m);
        Ask(Side.Buy, 51, limits, strategy: "other").Approved.ShouldBeTrue();
        Ask(Side.Buy, 50, limits, strategy: "trend").Approved.ShouldBeTrue();
    }

    [Fact]
    public void Order_ThatCrossesAnOpenOneOfTheBook_IsRefused_AndOneThatDoesNotIsNot()
    {
        var limits = NoLimits with { PreventSelfMatch = true };
        Ask(Side.Buy, 10, limits, price: 99).Approved.ShouldBeTrue();
        Ask(Side.Sell, 10, limits, price: 99).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.SelfMatch);
        Ask(Side.Sell, 10, limits).Approved.ShouldBeFalse();
        Ask(Side.Sell, 10, limits, price: 99.01m).Approved.ShouldBeTrue();
        _desk.Apply(new Expired([.. _desk.Book.Reservations.Select(open => open.ReservationId)], Now));
        Ask(Side.Sell, 10, limits).Approved.ShouldBeTrue();
    }

    [Fact]
    public void LossOfTheDay_IsAgainstItsStart_MovedByPayments()
    {
        _desk.Apply(new DayStarted(200_000m, Now));
        _desk.Apply(new CashTransferred(new CashTransfer("t", -50_000), 0, Now));
        Ask(Side.Buy, 1, NoLimits).Before!.DailyLoss.ShouldBe(100_000.0 / 150_000);
        BookRules.StartDay(_desk.Book, 1m, Now.AddHours(11.9)).ShouldBeNull();
        BookRules.StartDay(_desk.Book, 1m, Now.AddHours(12))!.Equity.ShouldBe(1m);
        BookRules.StartDay(_desk.Book, null, Now.AddHours(12)).ShouldBeNull();
    }

    [Fact]
    public void SilentSession_IsLostOnce_AndGivesItsApprovalsBack()
    {
        var limits = NoLimits with { HeartbeatSeconds = 30 };
        Ask(Side.Buy, 1, limits).Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.Heartbeat);
        _desk.Apply(BookRules.Hear(_desk.Book, 30, Now)!);
        BookRules.Hear(_desk.Book, 30, Now.AddSeconds(10)).ShouldBeNull();
        Ask(Side.Buy, 1, limits).Approved.ShouldBeTrue();
        BookRules.Silence(_desk.Book, Now.AddSeconds(10), Now.AddSeconds(40)).ShouldBeNull();
        _desk.Apply(BookRules.Silence(_desk.Book, Now.AddSeconds(10), Now.AddSeconds(41))!);
        _desk.Book.Reservations.ShouldBeEmpty();
        BookRules.Silence(_desk.Book, Now.AddSeconds(10), Now.AddSeconds(50)).ShouldBeNull();
        Ask(Side.Buy, 1, limits, seconds: 41).Violations.ShouldHaveSingleItem().Observed.ShouldBe(31);
        _desk.Apply(BookRules.Hear(_desk.Book, 30, Now.AddSeconds(60))!);
        Ask(Side.Buy, 1, limits, seconds: 60).Approved.ShouldBeTrue();
    }

    [Fact]
    public void PriceMove_IsAgainstThePriceOfThen_OrTheCloseBefore()
    {
        var limits = NoLimits with { MaxPriceMove = 0.05, PriceMoveSeconds = 60 };
        _desk.Reprice([("AA", Update(110m, 2, Now.AddSeconds(30)))], Now);
        Ask(Side.Buy, 1, limits, seconds: 60).Violations.ShouldHaveSingleItem().Observed.ShouldBe(0.1m);
        Ask(Side.Buy, 1, limits, seconds: 90).Approved.ShouldBeTrue();
        var told = Instrument.Learn(Market.Series("X", [new(2026, 1, 1), new(2026, 1, 2)], [50m, 60m]), 20, null, Now);
        new Instrument(told, null).PriceAt(Now.AddDays(-1)).ShouldBe(50m);
    }

    [Fact]
    public void Correlation_IsThatOfThePastReturns_WithoutTheSymbolsOwnPosition()
    {
        var limits = NoLimits with { CorrelationThreshold = 0.7, CorrelationFreeWeight = 0 };
        Ask(Side.Buy, 100, limits).Approved.ShouldBeTrue(); // there is no rest of the book
        _desk.Facts(Order(Side.Buy, 1, symbol: "TWIN")).Correlation!.Value.ShouldBe(1, 1e-9);
        _desk.Facts(Order(Side.Sell, 1, symbol: "TWIN")).Correlation!.Value.ShouldBe(-1, 1e-9);
        Math.Abs(_desk.Facts(Order(Side.Buy, 1, symbol: "BA")).Correlation!.Value).ShouldBeLessThan(0.3);
        Ask(Side.Buy, 1, limits, symbol: "TWIN").Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.Correlation);
        Ask(Side.Sell, 1, limits, symbol: "TWIN").Approved.ShouldBeTrue();
    }

    [Fact]
    public void Snapshot_RemembersAllOfIt()
    {
        Ask(Side.Buy, 70, NoLimits, strategy: "trend", price: 99);
        for (var i = 0; i < 3; i++) Fill(Side.Sell, 10, seconds: i);
        Ask(Side.Buy, 1, NoLimits with { MaxRepeatedExecutions = 2 }, seconds: 5).Approved.ShouldBeFalse();
        _desk.Apply(new SessionConnected(30, Now));
        var saved = BookJson.Encode(_desk.Book.Save()).ToArray();
        var book = Book.Restore("test", BookJson.Decode(new Trading.Journal.JournalSnapshot(_desk.Book.Sequence, saved)), RecentKeys);
        BookJson.Encode(book.Save()).ToArray().ShouldBe(saved);
        var all = NoLimits with
        {
            MaxWindowQuantity = 100, DuplicateWindowSeconds = 60, MaxMessages = 2, MessageWindowSeconds = 60, MaxIntradayPosition = 10,
            MaxStrategyExposure = 0.1, PreventSelfMatch = true, HeartbeatSeconds = 30,
        };
        var order = Order(Side.Buy, 70) with { Strategy = "trend", LimitPrice = 99 };
        var restored = PreTradeCheck.Decide(BookValuation(book), order, new(1, all, "", Now, ""), Now.AddSeconds(6)).Decision;
        restored.Violations.ShouldBe(PreTradeCheck.Decide(_desk, order, new(1, all, "", Now, ""), Now.AddSeconds(6)).Decision.Violations);
        restored.Violations.Select(violation => violation.Code).ShouldBe([RiskRule.RepeatedExecutions, RiskRule.MessageRate, RiskRule.DuplicateOrder,
            RiskRule.WindowQuantity, RiskRule.IntradayPosition, RiskRule.StrategyExposure]);
    }

    static BookValuation BookValuation(Book book)
    {
        var valuation = new BookValuation(book, new PortfolioOptions());
        var aa = Market.Walk("AA", 100m);
        valuation.Reprice([("AA", Update(100m, 1, Now.AddSeconds(-300))), ("BA", Market.Update(Market.Walk("BA", 100m))), ("TWIN", Market.Update(aa with { Symbol = "TWIN" }))], Now);
        return valuation;
    }

    static SeriesUpdate Update(decimal price, long version, DateTimeOffset asOf) =>
        Market.Update(Market.Walk("AA", price, version: version) with { Provenance = new Provenance("test", asOf, asOf) });

    SignalDecision Ask(
        Side side, decimal quantity, RiskLimits limits, double seconds = 0, string symbol = "AA", string? strategy = null, decimal? price = null)
    {
        var order = Order(side, quantity, symbol: symbol) with { Strategy = strategy, LimitPrice = price };
        var decided = PreTradeCheck.Decide(_desk, order, new LimitsVersion(1, limits, "", Now, ""), Now.AddSeconds(seconds));
        _desk.Apply(decided);
        return decided.Decision;
    }

    void Fill(Side side, decimal quantity, double seconds = 0) => _desk.Apply(
        FillRules.Post(_desk.Book, External($"{_desk.Book.Sequence}", side, quantity, 100), Now.AddSeconds(seconds)));
}
