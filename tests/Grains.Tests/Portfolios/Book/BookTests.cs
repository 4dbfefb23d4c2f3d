using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class BookTests
{
    [Fact]
    public void Purchases_AverageTheirCost()
    {
        var book = Opened();
        book.Book(External("1", Side.Buy, 10, 100));
        book.Book(External("2", Side.Buy, 30, 120, fees: 5));
        book.HoldingOf("AA").AverageCost.ShouldBe(115m);
        book.Cash.ShouldBe(100_000m - 1_000 - 3_600 - 5);
        book.Fees.ShouldBe(5m);
    }

    [Fact]
    public void Sale_RealisesAgainstAverageCost()
    {
        var book = Opened();
        book.Book(External("1", Side.Buy, 40, 115));
        var receipt = book.Book(External("2", Side.Sell, 10, 120)).Receipt;
        receipt.RealisedPnl.ShouldBe(50m);
        receipt.PositionQuantity.ShouldBe(30m);
        receipt.Cash.ShouldBe(book.Cash);
        receipt.Sequence.ShouldBe(book.Sequence);
        book.HoldingOf("AA").AverageCost.ShouldBe(115m);
    }

    [Fact]
    public void Sale_AcrossZero_ClosesTheLongAndOpensAShortAtItsPrice()
    {
        var book = Opened(allowShort: true);
        book.Book(External("1", Side.Buy, 10, 100));
        book.Book(External("2", Side.Sell, 25, 110)).Receipt.RealisedPnl.ShouldBe(100m);
        var holding = book.HoldingOf("AA");
        holding.Quantity.ShouldBe(-15m);
        holding.AverageCost.ShouldBe(110m);
        ((holding.Quantity * 100) - holding.Cost).ShouldBe(150m);
    }

    [Fact]
    public void Reservation_FilledInParts_HoldsWhatIsLeft()
    {
        var book = Opened();
        var reservation = book.Approve(Order(Side.Buy, 10), price: 50);
        book.ReservedCash.ShouldBe(500m);
        book.Book(OfReservation("1", reservation, 4, 51)).Receipt.RemainingReserved.ShouldBe(6m);
        book.ReservedCash.ShouldBe(300m);
        book.ExposureOf("AA").ShouldBe(new Exposure(4, 6, 0));
        book.Book(OfReservation("2", reservation, 6, 49)).Receipt.RemainingReserved.ShouldBe(0m);
        book.Reservations.ShouldBeEmpty();
        book.ReservedCash.ShouldBe(0m);
        book.ExposureOf("AA").ShouldBe(new Exposure(10, 0, 0));
    }

    [Fact]
    public void Fill_NamedByClientOrderId_FindsItsReservation()
    {
        var book = Opened();
        book.Approve(Order(Side.Buy, 10, "mine"), price: 50);
        book.Book(new Fill("f", "mine", null, "AA", Side.Buy, 10, 50, 0, External: false)).Receipt.Violations.ShouldBeNull();
        book.Reservations.ShouldBeEmpty();
    }

    [Fact]
    public void OpenOrders_CountAtTheirWorst()
    {
        new Exposure(100, 20, 50).Effective.ShouldBe(120m);
        new Exposure(100, 0, 50).Effective.ShouldBe(100m);
        new Exposure(100, 0, 250).Effective.ShouldBe(-150m);
        new Exposure(-10, 5, 0).Effective.ShouldBe(-10m);
    }

    [Fact]
    public void Reservations_ExpireInTheOrderOfTheirTimes()
    {
        var book = Opened();
        var later = book.Approve(Order(Side.Buy, 1), 10, seconds: 60);
        var sooner = book.Approve(Order(Side.Buy, 2), 10, seconds: 30);
        var last = book.Approve(Order(Side.Buy, 3), 10, seconds: 90);
        book.TakeExpired(Now.AddSeconds(29)).ShouldBeEmpty();
        var expired = book.TakeExpired(Now.AddSeconds(61));
        expired.ShouldBe([sooner.ReservationId, later.ReservationId]);
        book.Apply(new Expired(expired, Now));
        book.Apply(new Released(last, "cancelled", Now));
        book.TakeExpired(Now.AddSeconds(91)).ShouldBeEmpty();
        book.Exposures.ShouldBeEmpty();
    }

    [Fact]
    public void Reservations_OfARestoredBook_ComeAndExpireInTheOrderOfTheirApproval()
    {
        var book = Opened();
        // By its letters, test:10 would come before test:2.
        string[] approved = [.. Enumerable.Range(0, 12).Select(_ => book.Approve(Order(Side.Buy, 1), 10, seconds: 60).ReservationId)];
        var restored = Trading.Portfolios.Book.Restore("test", book.Save(), RecentKeys);
        restored.ReservationsByAge.Select(open => open.ReservationId).ShouldBe(approved);
        restored.TakeExpired(Now.AddSeconds(61)).ShouldBe(approved);
        book.TakeExpired(Now.AddSeconds(61)).ShouldBe(approved);
    }

    [Fact]
    public void Payment_MovesTheHighWaterMarkWithEquity()
    {
        var book = Opened(cash: 100);
        book.Apply(new HighWaterMarkRaised(200, Now));
        BookRules.Transfer(book, new CashTransfer("t", -50), equity: 100, Now).Value!.HighWaterMark.ShouldBe(100m);
        BookRules.Transfer(book, new CashTransfer("t", 50), equity: null, Now).Value!.HighWaterMark.ShouldBe(250m);
    }

    [Fact]
    public void Withdrawal_OfReservedCash_IsAConflict()
    {
        var book = Opened(cash: 100);
        book.Approve(Order(Side.Buy, 6), price: 10);
        BookRules.Transfer(book, new CashTransfer("t", -41), 100, Now).Errors.ShouldHaveSingleItem().Rule.ShouldBe("insufficient_cash");
        BookRules.Transfer(book, new CashTransfer("t", -40), 100, Now).IsDone.ShouldBeTrue();
    }

    [Fact]
    public void Opening_Again_IsDoneWithTheSameTermsAndNamesWhatDiffers()
    {
        var terms = new PortfolioTerms("USD", 100_000m, false);
        Idempotency.Conflict(terms, terms with { }).ShouldBeNull();
        Idempotency.Conflict(terms with { AllowShort = true }, terms)!.Errors.ShouldHaveSingleItem().Field.ShouldBe("allow_short");
    }

    [Fact]
    public void Form_NamesEveryBrokenRuleOfAFill()
    {
        var fill = new Fill("", null, null, "A A", Side.Buy, 0, 0.5m, 0.0000000000000000001m, External: false);
        BookValidator.Check(fill).Select(error => $"{error.Field}.{error.Rule}").ShouldBe(
            ["fill_id.form", "symbol.form", "quantity.range", "fees.decimals"]);
    }

    [Fact]
    public void Repeat_NamesTheFieldThatDiffers()
    {
        var book = Opened();
        var fill = External("1", Side.Buy, 10, 100);
        book.Book(fill);
        var earlier = book.Recall(Filled.KeyOf("1"))!;
        Idempotency.Of(fill, earlier).Value!.Cash.ShouldBe(book.Cash);
        Idempotency.Of(fill with { Price = 101 }, earlier).Errors.ShouldHaveSingleItem().Field.ShouldBe("price");
    }

    [Fact]
    public void Keys_ForgottenByTheRecentMap_AreStillSuspected_AndNewOnesHardlyEver()
    {
        var book = Opened();
        for (var i = 0; i < 5_000; i++)
            book.Apply(new CashTransferred(new CashTransfer($"seen-{i}", 1), 0, Now));
        var restored = Trading.Portfolios.Book.Restore("test", book.Save(), RecentKeys);
        book.Recall(CashTransferred.KeyOf("seen-0")).ShouldBeNull();
        book.Recall(CashTransferred.KeyOf("seen-4999")).ShouldNotBeNull();
        Enumerable.Range(0, 5_000).ShouldAllBe(i => restored.MayHaveSeen(CashTransferred.KeyOf($"seen-{i}")));
        Enumerable.Range(0, 5_000).Count(i => restored.MayHaveSeen(CashTransferred.KeyOf($"new-{i}"))).ShouldBeLessThan(200);
    }
}
