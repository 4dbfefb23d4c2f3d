using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>What the venue did is booked whatever it breaks.</summary>
public sealed class VenueFactsTests
{
    [Fact]
    public void LateFill_OfAReleasedSale_IsBooked_AndTheSaleThatNoLongerFits_IsCutDown()
    {
        var book = Opened();
        book.Book(External("held", Side.Buy, 5, 100));
        var first = book.Approve(Order(Side.Sell, 5, "s1"), price: 100);
        book.Apply(new Released(first, "cancelled", Now));
        var second = book.Approve(Order(Side.Sell, 5, "s2"), price: 100);

        var receipt = book.Book(OfReservation("late", first, 2, 101)).Receipt;

        receipt.PositionQuantity.ShouldBe(3m);
        receipt.ReservationId.ShouldBeNull();
        Codes(receipt).ShouldBe([FillRule.NoReservation, FillRule.ShortSale]);
        receipt.Violations!.Value[1].ShouldSatisfyAllConditions(
            violation => violation.Observed.ShouldBe(2m), violation => violation.Limit.ShouldBe(0m));
        book.FindReservation(second.ReservationId)!.Remaining.ShouldBe(3m);
        book.ExposureOf("AA").ShouldBe(new Exposure(3, 0, 3));
        book.DoubtfulFills.Latest.ShouldHaveSingleItem().FillId.ShouldBe("late");
    }

    [Theory]
    [InlineData(Side.Buy)]
    [InlineData(Side.Sell)]
    public void LateFill_IsBookedUnderItsClientOrder_OnBothSides(Side side)
    {
        var book = Opened();
        book.Book(External("held", Side.Buy, 10, 100));
        book.Apply(new Released(book.Approve(Order(side, 4, "mine"), price: 100), "cancelled", Now));

        var late = book.Book(new Fill("late", "mine", null, "AA", side, 4, 100, 0, External: false));

        Codes(late.Receipt).ShouldBe([FillRule.NoReservation]);
        book.HoldingOf("AA").Quantity.ShouldBe(side == Side.Buy ? 14m : 6m);
    }

    [Theory]
    [InlineData(Side.Buy)]
    [InlineData(Side.Sell)]
    public void Overfill_IsBookedInFull_AndEndsItsReservation(Side side)
    {
        var book = Opened(allowShort: true);
        var reservation = book.Approve(Order(side, 10), price: 50);

        var receipt = book.Book(OfReservation("f", reservation, 12, 50)).Receipt;

        var violation = receipt.Violations!.Value.ShouldHaveSingleItem();
        (violation.Code, violation.Observed, violation.Limit).ShouldBe((FillRule.ExceedsReservation, 12m, 10m));
        receipt.RemainingReserved.ShouldBe(0m);
        book.HoldingOf("AA").Quantity.ShouldBe(side == Side.Buy ? 12m : -12m);
        book.Reservations.ShouldBeEmpty();
        book.ReservedCash.ShouldBe(0m);
    }

    [Fact]
    public void Sale_BeyondThePosition_IsBooked_WhereTheBookMayNotGoShort()
    {
        var book = Opened();
        book.Book(External("held", Side.Buy, 5, 100));
        var receipt = book.Book(External("sold", Side.Sell, 8, 100)).Receipt;
        var violation = receipt.Violations!.Value.ShouldHaveSingleItem();
        (violation.Code, violation.Observed, violation.Limit).ShouldBe((FillRule.ShortSale, 8m, 5m));
        book.HoldingOf("AA").Quantity.ShouldBe(-3m);
    }

    [Fact]
    public void SaleMadeElsewhere_OfUnitsPromised_CutsTheLatestApprovalFirst()
    {
        var book = Opened();
        book.Book(External("held", Side.Buy, 100, 10));
        var older = book.Approve(Order(Side.Sell, 60), price: 10);
        var newer = book.Approve(Order(Side.Sell, 40), price: 10);
        book.Book(External("elsewhere", Side.Sell, 55, 10));
        book.FindReservation(older.ReservationId)!.Remaining.ShouldBe(45m);
        book.FindReservation(newer.ReservationId).ShouldBeNull();
        book.ExposureOf("AA").Lowest.ShouldBe(0m);
    }

    [Theory]
    [InlineData("symbol")]
    [InlineData("action")]
    [InlineData("client_order_id")]
    [InlineData("reservation_id")]
    public void Fill_ThatContradictsTheReservationItNames_IsBooked_AndTheReservationStays(string field)
    {
        var book = Opened(allowShort: true);
        var reservation = book.Approve(Order(Side.Buy, 10, "mine"), price: 50);
        var fill = OfReservation("1", reservation, 10, 50);
        var receipt = book.Book(field switch
        {
            "symbol" => fill with { Symbol = "BA" },
            "action" => fill with { Action = Side.Sell },
            "client_order_id" => fill with { ClientOrderId = "other" },
            _ => fill with { ReservationId = "test:999" },
        }).Receipt;
        Codes(receipt).ShouldBe(
            [field == "reservation_id" ? FillRule.NoReservation : FillRule.DiffersFromReservation]);
        book.FindReservation(reservation.ReservationId)!.Remaining.ShouldBe(10m);
    }

    [Fact]
    public void Fill_ThatNamesNothing_IsWellFormed_AndBooked()
    {
        var fill = new Fill("f", null, null, "AA", Side.Buy, 1, 100, 0, External: false);
        BookValidator.Check(fill).ShouldBeEmpty();
        Codes(Opened().Book(fill).Receipt).ShouldBe([FillRule.NoReservation]);
    }

    [Fact]
    public void LateFill_CountsToTheStrategyOfItsOrder()
    {
        var filled = Opened().Book(
            new Fill("late", "mine", null, "AA", Side.Buy, 4, 100, 0, External: false),
            new KnownOrder("AA", Side.Buy, "trend", ReduceOnly: false));
        filled.Strategy.ShouldBe("trend");
    }

    [Fact]
    public void Receipt_OfALateFill_ReadsTheSameFromTheJournal()
    {
        var book = Opened();
        var filled = book.Book(new Fill("late", "mine", null, "AA", Side.Sell, 4, 100, 0, External: false));
        var again = ((Filled)Recorded(filled, 2)).Answer;
        again.Violations!.Value.ShouldBe(filled.Answer.Violations!.Value);
        book.Book(External("plain", Side.Buy, 9, 100)).Answer.Violations!.Value.ShouldBeEmpty();
    }

    static IEnumerable<FillRule> Codes(FillReceipt receipt) => receipt.Violations!.Value.Select(broken => broken.Code);
}
