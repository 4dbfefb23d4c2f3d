using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Splits, payments and delistings in a book, with the prices that contain them.</summary>
public sealed class CorporateActionsTests
{
    static readonly DateOnly Before = new(2026, 1, 2), ExDate = new(2026, 1, 6);

    readonly BookValuation _valuation = new(Opened(allowShort: true), new PortfolioOptions());
    long _version;

    Book Book => _valuation.Book;

    static CorporateAction Reverse => new(ExDate, CorporateActionKind.Split, 0.25m);

    [Fact]
    public void ReverseSplit_OfALongPosition_PaysTheFractionAtMarket_AndLeavesEquityAsItIs()
    {
        Price(Before, 3);
        Fill(Side.Buy, 7, 4);
        Price(Before, 3);
        var equity = _valuation.Equity;

        Price(ExDate, 12, Reverse);

        Shown().ShouldBe((1m, 16m, -3m));
        Book.Cash.ShouldBe(100_000m - 28 + 9);
        _valuation.Equity.ShouldBe(equity);
        Balanced();
    }

    [Fact]
    public void ReverseSplit_OfAShortPosition_KeepsOneAndPays()
    {
        Price(Before, 3);
        Fill(Side.Sell, 7, 4);
        var equity = _valuation.Equity;
        Price(ExDate, 12, Reverse);
        Shown().ShouldBe((-1m, 16m, 3m));
        Book.Cash.ShouldBe(100_000m + 28 - 9);
        _valuation.Equity.ShouldBe(equity);
        Balanced();
    }

    [Fact]
    public void ReverseSplit_WhereFractionsAreAllowed_PaysNothing()
    {
        Price(Before, 3, terms: new InstrumentTerms(LotSize: 0.01m));
        Fill(Side.Buy, 7, 4);
        Price(ExDate, 12, new InstrumentTerms(LotSize: 0.01m), Reverse);
        Shown().ShouldBe((1.75m, 16m, 0m));
        Book.Cash.ShouldBe(100_000m - 28);
    }

    [Theory]
    [InlineData(0.3333, 9, 3)]
    [InlineData(0.6667, 9, 6)]
    [InlineData(7, 3, 21)]
    [InlineData(1.5, 4, 6)]
    public void Split_IsTheRatioThatItsDigitsStandFor(double value, int held, int expected)
    {
        Price(Before, 30);
        Fill(Side.Buy, held, 30);
        Price(ExDate, Math.Round(30 / (decimal)value, 4), new CorporateAction(ExDate, CorporateActionKind.Split, (decimal)value));
        Book.HoldingOf("AA").Quantity.ShouldBe(expected);
        Book.Cash.ShouldBe(100_000m - (30 * held));
    }

    [Fact]
    public void OpenOrders_AreScaled_AndOneOfLessThanAShareEnds()
    {
        Price(Before, 3);
        Fill(Side.Buy, 100, 3);
        var small = Book.Approve(Order(Side.Sell, 3, "small"), price: 3);
        var large = Book.Approve(Order(Side.Sell, 41, "large") with { LimitPrice = 3.2m }, price: 3);

        Price(ExDate, 12, Reverse);

        Book.FindReservation(small.ReservationId).ShouldBeNull();
        Book.FindReservationOf("small").ShouldBeNull();
        var left = Book.FindReservation(large.ReservationId)!;
        (left.Quantity, left.Remaining, left.ReferencePrice, left.LimitPrice).ShouldBe((10m, 10m, 12m, 12.8m));
        Book.ExposureOf("AA").ShouldBe(new Exposure(25, 0, 10));
        Book.TakeExpired(Now.AddSeconds(400)).ShouldBe([large.ReservationId]);
    }

    /// <summary>The price fell by half since the order was approved: nearer to the new price in its old units.</summary>
    [Fact]
    public void OpenOrder_IsScaled_HoweverFarThePriceHasMovedSince()
    {
        Price(Before, 100);
        var open = Book.Approve(Order(Side.Buy, 8, "early"), price: 100);
        Price(Before.AddDays(1), 45);
        Price(ExDate, 90, new CorporateAction(ExDate, CorporateActionKind.Split, 0.5m));
        Book.FindReservation(open.ReservationId)!.Remaining.ShouldBe(4);
    }

    [Fact]
    public void Dividend_IsReceivedOnALongPosition_AndPaidOnAShortOne_OnTheExDate()
    {
        foreach (var (side, paid) in new[] { (Side.Buy, 5m), (Side.Sell, -5m) })
        {
            var valuation = new CorporateActionsTests();
            valuation.Price(Before, 100);
            valuation.Fill(side, 10, 100);
            valuation.Price(Before, 100, new CorporateAction(ExDate, CorporateActionKind.Dividend, 0.5m));
            var (cash, equity) = (valuation.Book.Cash, valuation._valuation.Equity);
            valuation.Price(ExDate, 99.5m, new CorporateAction(ExDate, CorporateActionKind.Dividend, 0.5m));
            valuation.Book.Cash.ShouldBe(cash + paid);
            valuation.Book.Realised.ShouldBe(paid);
            valuation._valuation.Equity.ShouldBe(equity);
            valuation.Balanced();
        }
    }

    [Fact]
    public void CapitalGain_IsPaidLikeADividend_AndBothOfOneDayAreTaken()
    {
        Price(Before, 100);
        Fill(Side.Buy, 10, 100);
        Price(ExDate, 97, new CorporateAction(ExDate, CorporateActionKind.Dividend, 1), new CorporateAction(ExDate, CorporateActionKind.CapitalGain, 2));
        Book.Cash.ShouldBe(100_000m - 1_000 + 30);
    }

    [Fact]
    public void SplitAndDividendOfOneSeries_CountInTheirOrder()
    {
        Price(Before, 100);
        Fill(Side.Buy, 10, 100);
        Price(ExDate, 49, new CorporateAction(ExDate, CorporateActionKind.Split, 2), new CorporateAction(ExDate, CorporateActionKind.Dividend, 1));
        Book.HoldingOf("AA").Quantity.ShouldBe(20m);
        Book.Cash.ShouldBe(100_000m - 1_000 + 20);
    }

    [Fact]
    public void Delisting_PaysTheLastValue_AndEndsPositionAndOrders()
    {
        Price(Before, 10);
        Fill(Side.Buy, 10, 10);
        Book.Approve(Order(Side.Sell, 5, "rests"), price: 10);
        Price(Before, 10, new CorporateAction(new(2026, 1, 4), CorporateActionKind.Delisting, 2));
        Shown().ShouldBe((0m, 0m, -80m));
        Book.Reservations.ShouldBeEmpty();
        Book.Exposures.ShouldBeEmpty();
        Balanced();
    }

    [Fact]
    public void SymbolChange_MovesThePositionAtItsCost_AndEndsOrdersOfTheOldSymbol()
    {
        Price(Before, 10);
        Fill(Side.Buy, 10, 8);
        Book.Approve(Order(Side.Sell, 5, "rests"), price: 10);
        _valuation.Reprice([("BB", Market.Update(Market.Walk("BB", 10)))], Now);
        var equity = _valuation.Equity;

        var changed = Price(Before, 10, CorporateAction.Renamed(new(2026, 1, 4), "BB")).OfType<SymbolChanged>().Single();

        (changed.Symbol, changed.NewSymbol, changed.Source).ShouldBe(("AA", "BB", "test"));
        Shown().ShouldBe((0m, 0m, 0m));
        var moved = Book.HoldingOf("BB");
        (moved.Quantity, moved.AverageCost, _valuation.Equity).ShouldBe((10m, 8m, equity));
        Book.Reservations.ShouldBeEmpty();
        Book.Exposures.Keys.ShouldBe(["BB"]);
        Price(Before, 11, CorporateAction.Renamed(new(2026, 1, 4), "BB")).OfType<SymbolChanged>().ShouldBeEmpty();
        BookJson.Encode(Recorded(changed, 9)).Payload.ToArray().ShouldBe(BookJson.Encode(changed).Payload.ToArray());
    }

    /// <summary>Sold 4 of 10 at 9 before the end, as it is told after it: six are paid out, and not ten.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void FillOfASymbolThatEnded_ToldLate_IsOfBeforeItsEnd(int value)
    {
        var end = new CorporateAction(new(2026, 1, 4), CorporateActionKind.Delisting, value);
        Price(Before, 10);
        Fill(Side.Buy, 10, 10);
        Price(Before, 10, end);
        Fill(Side.Sell, 4, 9);
        Book.HoldingOf("AA").Quantity.ShouldBe(-4);
        var taken = Price(Before, 10, end).OfType<CorporateActionTaken>().ShouldHaveSingleItem();
        (taken.IsLate, taken.Cash).ShouldBe((true, -4m * value));
        Shown().ShouldBe((0m, 0m, (4 * (9 - 10)) + (6 * (value - 10m))));
        Price(Before, 10, end).OfType<CorporateActionTaken>().ShouldBeEmpty();
        Balanced();
    }

    [Fact]
    public void FillOfASymbolThatChanged_ToldLate_FollowsThePosition()
    {
        var change = CorporateAction.Renamed(new(2026, 1, 4), "BB");
        Price(Before, 10);
        Fill(Side.Buy, 10, 8);
        Price(Before, 10, change);
        Fill(Side.Sell, 4, 9);
        Price(Before, 10, change).OfType<SymbolChanged>().ShouldHaveSingleItem();
        (Book.HoldingOf("AA").Quantity, Book.HoldingOf("BB").Quantity).ShouldBe((0, 6));
        Book.Realised.ShouldBe(4m);
        (Book.Cash + Book.HoldingOf("BB").Cost).ShouldBe(Book.Deposits + Book.Realised);
    }

    /// <summary>A ticker that was given to another company later is not what was renamed.</summary>
    [Fact]
    public void OldChangeOfASymbol_ThatTradesAgain_MovesNothing()
    {
        var change = CorporateAction.Renamed(ExDate, "BB");
        Price(ExDate.AddDays(3), 10, change);
        Fill(Side.Buy, 10, 10, ExDate.AddDays(3));
        Book.Approve(Order(Side.Sell, 5, "rests"), price: 10);
        Price(ExDate.AddDays(4), 11, change).OfType<SymbolChanged>().ShouldBeEmpty();
        Book.HoldingOf("AA").Quantity.ShouldBe(10);
        Book.Reservations.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(Side.Buy, 20, 11, 0)]
    [InlineData(Side.Sell, 0, 0, -60)]
    public void SymbolChange_IntoASymbolThatIsHeld_AddsUp(Side side, int quantity, int average, int realised)
    {
        Price(Before, 10);
        Fill(Side.Buy, 10, 14);
        _valuation.Apply(FillRules.Post(Book, External("other", side, 10, 8, symbol: "BB"), Now));
        var (cash, cost) = (Book.Cash, Book.Holdings.Sum(holding => holding.Cost));
        Price(Before, 10, CorporateAction.Renamed(new(2026, 1, 4), "BB"));
        var moved = Book.HoldingOf("BB");
        (moved.Quantity, moved.AverageCost, moved.Realised, Book.Cash).ShouldBe((quantity, average, realised, cash));
        Book.Holdings.Sum(holding => holding.Cost).ShouldBe(cost + realised);
    }

    /// <summary>Ten of the old symbol are twenty of the new one, which was split since.</summary>
    [Fact]
    public void SymbolChange_ToldAfterASplitOfItsSuccessor_MovesUnitsOfToday_AndSplitsNothingTwice()
    {
        var split = new CorporateAction(ExDate, CorporateActionKind.Split, 2);
        Price(Before, 10);
        Fill(Side.Buy, 10, 14);
        PriceOf("BB", Before, 10);
        _valuation.Apply(FillRules.Post(Book, External("other", Side.Buy, 10, 8, symbol: "BB"), Now));
        PriceOf("BB", ExDate, 5, split).OfType<CorporateActionTaken>().ShouldHaveSingleItem();
        Price(Before, 10, CorporateAction.Renamed(new(2026, 1, 4), "BB"));
        PriceOf("BB", ExDate.AddDays(1), 5, split).OfType<CorporateActionTaken>().ShouldBeEmpty();
        var moved = Book.HoldingOf("BB");
        (moved.Quantity, moved.Cost, moved.AverageCost).ShouldBe((40, 220, 5.5m));
    }

    [Fact]
    public void DelistingWithoutValue_EndsThePositionForNothing()
    {
        Price(Before, 10);
        Fill(Side.Buy, 10, 10);
        Price(Before, 10, new CorporateAction(new(2026, 1, 4), CorporateActionKind.Delisting, 0));
        Shown().ShouldBe((0m, 0m, -100m));
        Balanced();
    }

    [Fact]
    public void Action_IsTakenOnce_AlsoByABookFromItsSnapshotOrItsEvents()
    {
        Price(Before, 3);
        Fill(Side.Buy, 7, 4);
        Price(ExDate, 12, Reverse);
        Price(ExDate.AddDays(1), 13, Reverse);
        Shown().ShouldBe((1m, 16m, -3m));

        var restored = Trading.Portfolios.Book.Restore("test", Book.Save(), RecentKeys);
        CorporateActionRules.Due(restored, Series(ExDate.AddDays(2), 13, null, Reverse), null, Now).ShouldBeEmpty();
        BookJson.Encode(restored.Save()).ToArray().ShouldBe(BookJson.Encode(Book.Save()).ToArray());
    }

    [Fact]
    public void Action_ThatBecameDueWhileNobodyRan_IsTakenAfterTheRestart()
    {
        Price(Before, 3);
        Fill(Side.Buy, 7, 4);
        var restored = Trading.Portfolios.Book.Restore("test", Book.Save(), RecentKeys);
        var taken = Taken(CorporateActionRules.Due(restored, Series(ExDate.AddDays(1), 12, null, Reverse), null, Now));
        (taken.IsLate, taken.After.Quantity, taken.Cash).ShouldBe((false, 1m, 9m));
    }

    [Fact]
    public void SplitThatBecomesKnownLate_CorrectsWhatWasTradedSince_AndSaysSo()
    {
        Price(Before, 3);
        Fill(Side.Buy, 8, 4);
        Price(ExDate, 12);
        Fill(Side.Sell, 1, 12, ExDate);

        var taken = Price(ExDate, 12, Reverse).OfType<CorporateActionTaken>().ShouldHaveSingleItem();

        (taken.IsLate, taken.Held).ShouldBe((true, 8m));
        Shown().ShouldBe((1m, 16m, -4m)); // two are left of eight, and one of them was sold at 12
        Balanced();
    }

    [Fact]
    public void DividendOfAnotherAmount_IsCorrectedByTheDifference()
    {
        Price(Before, 100);
        Fill(Side.Buy, 10, 100);
        Price(ExDate, 99, new CorporateAction(ExDate, CorporateActionKind.Dividend, 1));
        var taken = Price(ExDate, 99, new CorporateAction(ExDate, CorporateActionKind.Dividend, 1.5m))
            .OfType<CorporateActionTaken>().ShouldHaveSingleItem();
        (taken.Earlier, taken.IsLate, taken.Cash).ShouldBe((1m, true, 5m));
        Book.Cash.ShouldBe(100_000m - 1_000 + 15);
    }

    [Fact]
    public void Dividend_IsPaidOnWhatWasHeldAtTheBeginningOfTheDay()
    {
        Price(Before, 100);
        Fill(Side.Buy, 10, 100);
        Price(ExDate, 99);
        Fill(Side.Buy, 90, 99, ExDate);
        Price(ExDate, 99, new CorporateAction(ExDate, CorporateActionKind.Dividend, 1));
        Book.Realised.ShouldBe(10m);
    }

    [Theory]
    [InlineData(1, 12, 1)] // two are left of eight, and one of them is sold
    [InlineData(4, 3, 1)] // four of eight are sold, and one is left of the others
    public void TradeOnTheExDate_BeforeItsPriceIsKnown_IsInTheUnitsOfItsOwnPrice(int sold, int price, int expected)
    {
        Price(Before, 3);
        Fill(Side.Buy, 8, 4);
        var filled = FillRules.Post(Book, External("same day", Side.Sell, sold, price), Now.AddDays(1));
        _valuation.Apply(filled with { Session = Before });
        Price(ExDate, 12, Reverse);
        Book.HoldingOf("AA").Quantity.ShouldBe(expected);
        Balanced();
    }

    [Fact]
    public void UnitsBoughtOnTheExDate_HaveNoPartInItsDividend()
    {
        var paid = new CorporateAction(ExDate, CorporateActionKind.Dividend, 1);
        Price(Before, 100);
        Fill(Side.Buy, 10, 100);
        var filled = FillRules.Post(Book, External("same day", Side.Buy, 90, 99), Now.AddDays(1));
        _valuation.Apply(filled with { Session = Before });
        Price(ExDate, 99, paid);
        Book.Realised.ShouldBe(10m);
    }

    [Fact]
    public void OldActions_OfASymbolBoughtLater_ChangeNothing()
    {
        Price(ExDate.AddDays(1), 12, Reverse, new CorporateAction(Before, CorporateActionKind.Dividend, 1));
        Fill(Side.Buy, 7, 12, ExDate.AddDays(1));
        Price(ExDate.AddDays(2), 12, Reverse, new CorporateAction(Before, CorporateActionKind.Dividend, 1))
            .OfType<CorporateActionTaken>().ShouldBeEmpty();
        Book.HoldingOf("AA").Quantity.ShouldBe(7m);
    }

    [Fact]
    public void RecentPrices_AreRescaled_SoThatASplitIsNoMove()
    {
        Learn(Before, 3, null, Now.AddMinutes(-5), []);
        Price(ExDate, 12, Reverse);
        _valuation.Prices.Find("AA")!.PriceAt(Now.AddMinutes(-4)).ShouldBe(12m);
    }

    [Fact]
    public void Counts_OfTheDayAndOfStrategies_AreRescaled()
    {
        var limits = new LimitsVersion(1, new RiskLimits { MaxIntradayPosition = 1_000, MaxWindowQuantity = 1_000 }, "", Now, "");
        Price(Before, 3);
        var order = Order(Side.Buy, 40, "o") with { Strategy = "trend" };
        Book.Approve(order, price: 3);
        Fill(Side.Buy, 100, 3);
        Price(ExDate, 12, Reverse);
        var activity = Book.Activity.Before(Order(Side.Buy, 1), limits.Limits, Now);
        (activity.TradedNet, activity.ApprovedQuantity).ShouldBe((25m, 10m));
        Book.Activity.StrategyValues(order with { Quantity = 1 }, 12).Before.ShouldBe(120m);
    }

    [Fact]
    public void Event_ReadsTheSameFromTheJournal()
    {
        Price(Before, 3);
        Fill(Side.Buy, 7, 4);
        Book.Approve(Order(Side.Sell, 4), price: 3);
        var taken = Price(ExDate, 12, Reverse).OfType<CorporateActionTaken>().Single();
        BookJson.Encode(Recorded(taken, 9)).Payload.ToArray().ShouldBe(BookJson.Encode(taken).Payload.ToArray());
    }

    /// <summary>Quantity, average cost and realised profit.</summary>
    (decimal, decimal, decimal) Shown() => Book.HoldingOf("AA") switch
    {
        var holding => (holding.Quantity, holding.AverageCost, holding.Realised),
    };

    void Balanced() => (Book.Cash + Book.HoldingOf("AA").Cost).ShouldBe(Book.Deposits + Book.Realised - Book.Fees);

    static CorporateActionTaken Taken(ImmutableArray<BookEvent> changes) => (CorporateActionTaken)changes.Single();

    /// <summary>As the book's writer does: with the newest session known.</summary>
    void Fill(Side side, decimal quantity, decimal price, DateOnly? session = null)
    {
        var filled = FillRules.Post(Book, External($"f{Book.Sequence}", side, quantity, price), Now);
        _valuation.Apply(filled with { Session = session ?? Before });
    }

    IReadOnlyList<BookEvent> Price(DateOnly session, decimal price, params CorporateAction[] actions) =>
        Learn(session, price, null, Now, actions);

    IReadOnlyList<BookEvent> Price(DateOnly session, decimal price, InstrumentTerms? terms, params CorporateAction[] actions) =>
        Learn(session, price, terms, Now, actions);

    IReadOnlyList<BookEvent> PriceOf(string symbol, DateOnly session, decimal price, params CorporateAction[] actions) =>
        Learn(Series(session, price, null, actions) with { Symbol = symbol });

    IReadOnlyList<BookEvent> Learn(
        DateOnly session, decimal price, InstrumentTerms? terms, DateTimeOffset at, CorporateAction[] actions) =>
        Learn(Series(session, price, terms, actions) with { Provenance = new("test", at, Now) });

    /// <summary>Takes a series as the feed of prices does.</summary>
    IReadOnlyList<BookEvent> Learn(PriceSeries series)
    {
        List<BookEvent> changes = [.. CorporateActionRules.Due(Book, series, _valuation.Prices.Find(series.Symbol)?.LastSession, Now)];
        changes.Add(_valuation.Prices.Learn(series.Symbol, Market.Update(series), Now)!);
        foreach (var change in changes) _valuation.Apply(change);
        return changes;
    }

    PriceSeries Series(DateOnly session, decimal price, InstrumentTerms? terms, params CorporateAction[] actions) =>
        Market.Series("AA", [session.AddDays(-1), session], [price, price], version: ++_version) with { Terms = terms, Actions = [.. actions] };
}
