using Trading.MarketData;
using static Trading.Risk.Tests.ExampleBook;

namespace Trading.Risk.Tests;

/// <summary>Each check of an order at its limit and just beyond it. That none of them binds an order that only closes is one test for
/// all, at the end.</summary>
public sealed class PreTradeCheckTests
{
    static readonly RiskLimits None = new();

    [Fact, Checks(RiskRule.RestrictedSymbol)]
    public void RestrictedSymbol_MayOnlyBeClosed()
    {
        Passes(new(), Buy(5), None with { RestrictedSymbols = ["OTHER"] });
        Refused(new(Held: 4, AllowShort: true), Sell(5), None with { RestrictedSymbols = ["OTHER", "ACME"] }, RiskRule.RestrictedSymbol, 5, 4, "units");
    }

    [Fact, Checks(RiskRule.ReducingOnly)]
    public void BookThatIsReducing_LetsOnlyReductionsTrade()
    {
        var book = new ExampleBook(Held: 4, AllowShort: true) { Guard = new(TradingMode.Reducing, null, null, null, false, null) };
        Refused(book, Sell(5), None, RiskRule.ReducingOnly, 5, 4, "units");
        book.Judge(Sell(4), None).ShouldBeEmpty();
    }

    [Fact, Checks(RiskRule.CircuitBreaker)]
    public void BreakerThatIsTripped_HoldsIncreases_AndHalfOpen_LetsThemTradeUpToItsCap()
    {
        var tripped = new ExampleBook(Held: 4) { Guard = new(TradingMode.Active, "drawdown", 0.2, 0.15, false, null) };
        Refused(tripped, Buy(1), None, RiskRule.CircuitBreaker, 0.2m, 0.15m, "level");
        tripped.Judge(Sell(4), None).ShouldBeEmpty();
        var halfOpen = tripped with { Guard = new(TradingMode.Active, "drawdown", 0.1, 0.15, true, 1_000m) };
        Refused(halfOpen, Buy(11), None, RiskRule.CircuitBreaker, 1_100, 1_000, "money");
        halfOpen.Judge(Buy(10), None).ShouldBeEmpty();
    }

    [Fact, Checks(RiskRule.NotTradable)]
    public void InstrumentThatDoesNotTrade_MayOnlyBeClosed()
    {
        Passes(new() { Terms = new InstrumentTerms() }, Buy(5), None);
        Refused(new() { Terms = new InstrumentTerms(Tradable: false) }, Buy(5), None, RiskRule.NotTradable, 5, 0, "units");
    }

    [Fact, Checks(RiskRule.QuarantinedPrice)]
    public void SymbolWhoseDataIsDoubtful_MayOnlyBeClosed_AndTheRefusalSaysWhy()
    {
        var doubtful = new ExampleBook(Held: 4, AllowShort: true) { Doubt = "reduce only; the newest bar was not accepted" };
        Refused(doubtful, Sell(5), None, RiskRule.QuarantinedPrice, 5, 4, "units");
        doubtful.Judge(Buy(1), None).ShouldHaveSingleItem().Detail.ShouldBe(
            "The prices of ACME are doubtful (reduce only; the newest bar was not accepted): only the 0 units that close the position may trade.");
        doubtful.Judge(Sell(4), None).ShouldBeEmpty();
    }

    [Fact, Checks(RiskRule.FxRate)]
    public void ExchangeRate_ThatIsUnknownDoubtfulOrOld_LetsThePositionOnlyBeClosed()
    {
        var limits = new RiskLimits { MaxPriceAgeSeconds = 60 };
        Passes(Rated(1.25m, 60), Buy(1), limits);
        Refused(Rated(1.25m, 61), Buy(1), limits, RiskRule.FxRate, 61, 60, "seconds");
        Refused(Rated(1.25m, 1, "reduce only"), Buy(1), limits, RiskRule.FxRate, 1, 60, "seconds");
        Refused(Rated(null, null), Buy(1), None, RiskRule.FxRate, null, null, "seconds");
        Rated(null, null).Judge(Buy(1), None).Single().Detail.ShouldBe("No exchange rate of EUR is known.");
        Passes(Rated(null, null) with { Held = 4 }, Sell(4), limits);

        static ExampleBook Rated(decimal? rate, double? age, string? doubt = null) => new()
        {
            Rates = [new("EUR", "EURUSD", rate, age is { } seconds ? ExampleBook.Now.AddSeconds(-seconds) : null, doubt)],
        };
    }

    [Theory, Checks(RiskRule.MarketClosed)]
    [InlineData("UTC", "12:00", "13:00", Weekday.Monday, true)]
    [InlineData("UTC", "11:00", "12:00", Weekday.Monday, false)]
    [InlineData("UTC", "12:00", "13:00", Weekday.Tuesday, false)]
    [InlineData("America/New_York", "07:00", "08:00", Weekday.Monday, true)]
    [InlineData("America/New_York", "08:00", "17:00", Weekday.Monday, false)]
    [InlineData("UTC", "22:00", "12:01", Weekday.Sunday, true)]
    [InlineData("UTC", "22:00", "12:01", Weekday.Monday, false)]
    [InlineData("Nowhere/Else", "00:00", "00:00", Weekday.Monday, false)]
    public void Market_OutsideItsHours_IsClosed(string zone, string open, string close, Weekday day, bool isOpen)
    {
        var limits = None with { TradingHours = new(zone, TimeOnly.Parse(open), TimeOnly.Parse(close), [day]) };
        if (isOpen) Passes(new(), Buy(5), limits);
        else Refused(new(), Buy(5), limits, RiskRule.MarketClosed, 5, 0, "units");
    }

    [Fact, Checks(RiskRule.Heartbeat)]
    public void Session_ThatWasLost_OrNeverHeard_RefusesIncreases()
    {
        var limits = None with { HeartbeatSeconds = 30 };
        Passes(With(new() { Session = new(true, 30, Now) }), Buy(1), limits);
        Refused(With(new() { Session = new(false, 30, Now.AddSeconds(-31)) }), Buy(1), limits, RiskRule.Heartbeat, 31, 30, "seconds");
        Refused(With(new() { Session = new(true, null, Now) }), Buy(1), limits, RiskRule.Heartbeat, 0, 30, "seconds");
        Refused(new(), Buy(1), limits, RiskRule.Heartbeat, null, 30, "seconds");
    }

    [Fact, Checks(RiskRule.RepeatedExecutions)]
    public void RepeatedExecutions_OverTheLimit_DisableTheSymbol_WithoutTheLimitToo()
    {
        Passes(With(new() { Executions = 3 }), Buy(1), None with { MaxRepeatedExecutions = 3 });
        Refused(With(new() { Executions = 4 }), Buy(1), None with { MaxRepeatedExecutions = 3 }, RiskRule.RepeatedExecutions, 4, 3, "count");
        Refused(With(new() { Executions = 4, IsDisabled = true }), Buy(1), None, RiskRule.RepeatedExecutions, 4, null, "count");
    }

    [Fact, Checks(RiskRule.MissingPrice)]
    public void MissingPrice_IsRefused_WithoutAnyLimit_AndIsNotCalledStale() =>
        Refused(new(Price: null), Buy(1), None with { MaxPriceAgeSeconds = 300 }, RiskRule.MissingPrice, null, null, "money");

    [Fact, Checks(RiskRule.Confidence)]
    public void Confidence_BelowTheLimit_OrUnknown_IsRefused()
    {
        var limits = None with { MinConfidence = 0.6 };
        Passes(new(), Buy(1) with { Confidence = 0.6 }, limits);
        Refused(new(), Buy(1) with { Confidence = 0.59 }, limits, RiskRule.Confidence, 0.59m, 0.6m, "fraction");
        Refused(new(), Buy(1), limits, RiskRule.Confidence, null, 0.6m, "fraction");
    }

    [Fact, Checks(RiskRule.MessageRate)]
    public void Message_BeyondTheRate_IsRefused()
    {
        Passes(With(new() { Messages = 9 }), Buy(1), None with { MaxMessages = 10 });
        Refused(With(new() { Messages = 10 }), Buy(1), None with { MaxMessages = 10 }, RiskRule.MessageRate, 11, 10, "count");
    }

    [Fact, Checks(RiskRule.DuplicateOrder)]
    public void SameOrder_WithinTheWindow_IsADuplicate_AndNoOtherSizeIsAdvised()
    {
        var limits = None with { DuplicateWindowSeconds = 5 };
        Passes(With(new() { SameOrderSeconds = 5 }), Buy(10), limits);
        Refused(With(new() { SameOrderSeconds = 4.5 }), Buy(10), limits, RiskRule.DuplicateOrder, 4.5m, 5, "seconds");
        With(new() { SameOrderSeconds = 4.5 }).MaxAllowed(Buy(10), limits).ShouldBeNull();
    }

    [Fact, Checks(RiskRule.SelfMatch)]
    public void Order_ThatWouldTradeWithAnOpenOneOfTheBook_IsRefused()
    {
        Passes(With(new() { CrossesOwn = true }), Buy(5), None);
        Refused(With(new() { CrossesOwn = true }), Buy(5), None with { PreventSelfMatch = true }, RiskRule.SelfMatch, 5, 0, "units");
    }

    [Theory, Checks(RiskRule.PriceCollar)]
    [InlineData(110.01, 0.1001)]
    [InlineData(89.99, 0.1001)]
    public void LimitPrice_OutsideTheCollar_IsRefused_OnBothSides(double price, double observed)
    {
        var limits = None with { MaxPriceDeviation = 0.1 };
        Passes(new(), Buy(1, 110), limits);
        Passes(new(), Buy(1, 90), limits);
        Passes(new(), Buy(1), limits);
        Refused(new(), Buy(1, (decimal)price), limits, RiskRule.PriceCollar, (decimal)observed, 0.1m, "fraction");
    }

    [Fact, Checks(RiskRule.PriceMove)]
    public void Price_ThatMovedTooFar_OrWhosePastIsUnknown_IsRefused()
    {
        var limits = None with { MaxPriceMove = 0.05 };
        Passes(new(Price: 105), Buy(1), limits);
        Refused(new(Price: 105.1m), Buy(1), limits, RiskRule.PriceMove, 0.051m, 0.05m, "fraction");
        Refused(new() { EarlierPrice = null }, Buy(1), limits, RiskRule.PriceMove, null, 0.05m, "fraction");
    }

    [Fact, Checks(RiskRule.TickSize)]
    public void LimitPrice_BetweenTicks_IsRefused()
    {
        var book = new ExampleBook { Terms = new(TickSize: 0.05m) };
        Passes(book, Buy(1, 100.05m), None);
        Passes(book, Buy(1), None);
        Refused(book, Buy(1, 100.06m), None, RiskRule.TickSize, 100.06m, 0.05m, "money");
    }

    [Fact, Checks(RiskRule.LotSize)]
    public void Quantity_BetweenLots_IsRefused_AndTheLargestThatPassesIsAMultiple()
    {
        var book = new ExampleBook { Terms = new(LotSize: 10) };
        Passes(book, Buy(20), None);
        Refused(book, Buy(25), None, RiskRule.LotSize, 25, 10, "units");
        book.MaxAllowed(Buy(25), None).ShouldBe(20);
        book.MaxAllowed(Buy(5), None).ShouldBe(0);
        book.MaxAllowed(Buy(100), None with { MaxOrderNotional = 5_550 }).ShouldBe(50);
        (book with { Held = 6 }).MaxAllowed(Sell(20), None).ShouldBe(6);
    }

    [Fact, Checks(RiskRule.OrderQuantity)]
    public void Quantity_OverTheLimit_IsRefused()
    {
        Passes(new(), Buy(50), None with { MaxOrderQuantity = 50 });
        Refused(new(), Buy(51), None with { MaxOrderQuantity = 50 }, RiskRule.OrderQuantity, 51, 50, "units");
        new ExampleBook().MaxAllowed(Buy(51), None with { MaxOrderQuantity = 50 }).ShouldBe(50);
    }

    [Fact, Checks(RiskRule.MinOrderNotional)]
    public void Order_WorthLessThanTheLimit_OrTheInstrumentsLeast_IsRefused()
    {
        var limits = None with { MinOrderNotional = 5_000 };
        Passes(new(), Buy(50), limits);
        Refused(new(), Buy(49), limits, RiskRule.MinOrderNotional, 4_900, 5_000, "money");
        Refused(new() { Terms = new(MinNotional: 6_000) }, Buy(50), limits, RiskRule.MinOrderNotional, 5_000, 6_000, "money");
        new ExampleBook().MaxAllowed(Buy(49), limits).ShouldBe(0);
        new ExampleBook().MaxAllowed(Buy(200), limits with { MaxOrderNotional = 8_000 }).ShouldBe(80);
    }

    [Fact, Checks(RiskRule.WindowQuantity)]
    public void Quantity_OfTheWindow_OverTheLimit_IsRefused()
    {
        var (book, limits) = (With(new() { ApprovedQuantity = 100 }), None with { MaxWindowQuantity = 150 });
        Passes(book, Buy(50), limits);
        Refused(book, Buy(51), limits, RiskRule.WindowQuantity, 151, 150, "units");
        book.MaxAllowed(Buy(80), limits).ShouldBe(50);
    }

    [Fact, Checks(RiskRule.WindowNotional)]
    public void Value_OfTheWindow_OverTheLimit_IsRefused()
    {
        var (book, limits) = (With(new() { ApprovedNotional = 10_000 }), None with { MaxWindowNotional = 15_000 });
        Passes(book, Buy(50), limits);
        Refused(book, Buy(51), limits, RiskRule.WindowNotional, 15_100, 15_000, "money");
        book.MaxAllowed(Buy(80), limits).ShouldBe(50);
    }

    [Fact, Checks(RiskRule.Liquidity)]
    public void ShareOfTheVolume_OverTheLimit_OrUnknown_IsRefused()
    {
        var (book, limits) = (new ExampleBook(OpenBuys: 50) { Terms = new(AverageDailyVolume: 1_000) }, None with { MaxVolumeShare = 0.1 });
        Passes(book, Buy(50), limits);
        Refused(book, Buy(51), limits, RiskRule.Liquidity, 0.101m, 0.1m, "fraction");
        Refused(new(), Buy(1), limits, RiskRule.Liquidity, null, 0.1m, "fraction");
        book.MaxAllowed(Buy(80), limits).ShouldBe(50);
    }

    [Fact, Checks(RiskRule.LongPosition)]
    public void Purchase_BeyondTheLongPosition_IsRefused()
    {
        var (book, limits) = (new ExampleBook(Held: 100, OpenBuys: 50), None with { MaxLongPosition = 200 });
        Passes(book, Buy(50), limits);
        Refused(book, Buy(51), limits, RiskRule.LongPosition, 201, 200, "units");
    }

    [Fact, Checks(RiskRule.ShortPosition)]
    public void Sale_BeyondTheShortPosition_IsRefused()
    {
        var (book, limits) = (new ExampleBook(Held: 10, OpenSells: 30, AllowShort: true), None with { MaxShortPosition = 100 });
        Passes(book, Sell(80), limits);
        Refused(book, Sell(81), limits, RiskRule.ShortPosition, 101, 100, "units");
    }

    [Fact, Checks(RiskRule.IntradayPosition)]
    public void PositionOfTheDay_OverTheLimit_IsRefused_AndTheOtherSideHasMoreRoom()
    {
        var limits = None with { MaxIntradayPosition = 100 };
        var book = new ExampleBook(OpenBuys: 10, AllowShort: true) { Activity = new() { TradedNet = 70 } };
        Passes(book, Buy(20), limits);
        Refused(book, Buy(21), limits, RiskRule.IntradayPosition, 101, 100, "units");
        Passes(book, Sell(170), limits);
        Refused(book, Sell(171), limits, RiskRule.IntradayPosition, 101, 100, "units");
    }

    [Fact, Checks(RiskRule.Concentration)]
    public void Position_ThatIsTooLargeAShareOfTheBook_IsRefused()
    {
        var book = new ExampleBook(Cash: 700_000, Other: 300_000);
        Passes(book, Buy(750), None with { MaxConcentration = 0.2 });
        Refused(book, Buy(1_000), None with { MaxConcentration = 0.2 }, RiskRule.Concentration, 0.25m, 0.2m, "fraction");
    }

    [Fact, Checks(RiskRule.StrategyExposure)]
    public void Strategy_OverItsExposure_IsRefused()
    {
        var (book, limits) = (new ExampleBook { InStrategy = 1_000 }, None with { MaxStrategyExposure = 0.15 });
        Passes(book, Buy(500), limits);
        Refused(book, Buy(501), limits, RiskRule.StrategyExposure, 0.1501m, 0.15m, "fraction");
    }

    [Fact, Checks(RiskRule.Margin)]
    public void Margin_OverEquity_IsRefused()
    {
        Passes(new(), Buy(20_000), None with { InitialMargin = 0.5 });
        Refused(new(), Buy(20_200), None with { InitialMargin = 0.5 }, RiskRule.Margin, 1.01m, 1, "fraction");
    }

    [Fact, Checks(RiskRule.ValueAtRisk99)]
    public void ValueAtRisk99_OverTheLimit_IsRefused()
    {
        Passes(new(), Buy(5_000), None with { MaxValueAtRisk99 = 0.024 });
        Refused(new(), Buy(6_000), None with { MaxValueAtRisk99 = 0.024 }, RiskRule.ValueAtRisk99, 0.027912m, 0.024m, "fraction");
    }

    [Fact, Checks(RiskRule.IncrementalValueAtRisk)]
    public void Order_ThatAddsTooMuchRisk_IsRefused_HoweverLittleThereIs()
    {
        Passes(new(), Buy(1_000), None with { MaxIncrementalValueAtRisk = 0.0033 });
        Refused(new(), Buy(2_000), None with { MaxIncrementalValueAtRisk = 0.0033 }, RiskRule.IncrementalValueAtRisk, 0.00658m, 0.0033m, "fraction");
    }

    [Fact, Checks(RiskRule.Correlation)]
    public void Position_ThatMovesWithTheBook_MayNotGrowBeyondTheFreeWeight()
    {
        var (book, limits) = (new ExampleBook(Cash: 700_000, Other: 300_000, Correlation: 0.8), None with { CorrelationThreshold = 0.7 });
        Passes(book, Buy(500), limits);
        Refused(book, Buy(501), limits, RiskRule.Correlation, 0.8m, 0.7m, "coefficient");
        Passes(book with { Correlation = 0.7 }, Buy(501), limits);
        Passes(book with { AllowShort = true }, Sell(501), limits);
        Refused(book with { Sessions = 99 }, Buy(501), limits, RiskRule.Correlation, null, 0.7m, "coefficient");
        book.MaxAllowed(Buy(900), limits).ShouldBe(500);
    }

    [Fact, Checks(RiskRule.DailyLoss)]
    public void Loss_OfTheDay_OverTheLimit_OrUnknown_LeavesReductionsOnly()
    {
        var limits = None with { MaxDailyLoss = 0.02 };
        Passes(new() { DailyLoss = 0.02 }, Buy(1), limits);
        Refused(new() { DailyLoss = 0.021 }, Buy(1), limits, RiskRule.DailyLoss, 0.021m, 0.02m, "fraction");
        Refused(new() { DailyLoss = null }, Buy(1), limits, RiskRule.DailyLoss, null, 0.02m, "fraction");
    }

    [Fact]
    public void OrderThatOnlyCloses_PassesAllOfThemAtOnce()
    {
        var limits = new RiskLimits
        {
            Halted = true, RestrictedSymbols = ["ACME"], TradingHours = new("UTC", new(1, 0), new(2, 0), [Weekday.Monday]), HeartbeatSeconds = 1,
            MaxRepeatedExecutions = 1, MaxPriceAgeSeconds = 1, MinConfidence = 1, MaxMessages = 0, DuplicateWindowSeconds = 60, PreventSelfMatch = true,
            MaxPriceDeviation = 0, MaxPriceMove = 0, MaxOrderQuantity = 0, MinOrderNotional = 1e9m, MaxOrderNotional = 0, MaxWindowQuantity = 0,
            MaxWindowNotional = 0, MaxVolumeShare = 0, MaxLongPosition = 0, MaxShortPosition = 0, MaxIntradayPosition = 0, MaxPositionWeight = 0,
            MaxConcentration = 0, MaxGrossExposure = 0, MaxNetExposure = 0, MaxSectorExposure = 0, MaxStrategyExposure = 0, InitialMargin = 100,
            MaxValueAtRisk95 = 0, MaxValueAtRisk99 = 0, MaxIncrementalValueAtRisk = 0, MaxExpectedShortfall975 = 0, CorrelationThreshold = -1,
            CorrelationFreeWeight = 0, MaxDrawdown = 0, MaxDailyLoss = 0, MinCash = 1e9m,
        };
        var book = new ExampleBook(Held: 105, Other: 10_000, HighWaterMark: 5_000_000, Price: 50)
        {
            Terms = new(Tradable: false, LotSize: 10, TickSize: 1, MinNotional: 1e9m),
            DailyLoss = 0.5,
            Activity = new(100, 1, true, 100, 100, 10, true, 1_000, null),
        };
        book.Judge(Sell(105) with { LimitPrice = 0.5m }, limits).ShouldBeEmpty();
        book.Judge(Sell(106), limits).Length.ShouldBeGreaterThan(20);
    }

    [Fact, Checks(RiskRule.ReduceOnly)]
    public void OrderThatMayOnlyReduce_WithNothingToReduce_IsRefusedWithBothNumbers()
    {
        var sale = Sell(5) with { ReduceOnly = true };
        Refused(new(AllowShort: true), sale, new(), RiskRule.ReduceOnly, 5, 0, "units");
        Refused(new(AllowShort: true, Held: -5), sale, new(), RiskRule.ReduceOnly, 5, 0, "units");
        Passes(new(Held: 5), sale, new());
    }

    static ExampleBook With(OrderActivity activity) => new() { Activity = activity };

    static void Passes(ExampleBook book, Order order, RiskLimits limits) => book.Judge(order, limits).ShouldBeEmpty();

    static void Refused(ExampleBook book, Order order, RiskLimits limits, RiskRule code, decimal? observed, decimal? limit, string unit)
    {
        var violation = book.Judge(order, limits).ShouldHaveSingleItem();
        (violation.Code, violation.Observed, violation.Limit, violation.Unit).ShouldBe((code, observed, limit, unit));
        violation.Detail.ShouldNotBeNullOrWhiteSpace();
    }
}
