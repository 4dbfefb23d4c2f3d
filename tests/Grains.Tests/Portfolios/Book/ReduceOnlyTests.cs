using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Orders that may only reduce.</summary>
public sealed class ReduceOnlyTests
{
    static readonly LimitsVersion Limits = new(1, new RiskLimits(), "", Now, "");

    readonly BookValuation _valuation = new(Opened(allowShort: true), new PortfolioOptions());

    public ReduceOnlyTests() => _valuation.Reprice([("AA", Market.Update(Market.Walk("AA", 100)))], Now);

    Book Book => _valuation.Book;

    [Theory]
    [InlineData(Side.Buy, Side.Sell, 2)]
    [InlineData(Side.Sell, Side.Buy, -2)]
    public void TwoExitsOfTheWholePosition_BothRest_AndTheFirstFilledEndsTheOther(Side open, Side close, int position)
    {
        Take(External("held", open, 2, 100));
        var (first, second) = (Decide(close, 2, "a"), Decide(close, 2, "b"));
        (first.Approved, second.Approved).ShouldBe((true, true));
        Book.ExposureOf("AA").Effective.ShouldBe(position);
        Book.ReservedCash.ShouldBe(0m);

        Take(Of(first, 2, "f1"));

        Book.HoldingOf("AA").Quantity.ShouldBe(0m);
        Book.Reservations.ShouldBeEmpty();
        Book.Exposures.ShouldBeEmpty();
    }

    [Fact]
    public void Exit_LargerThanThePosition_HoldsWhatIsLeft()
    {
        Take(External("held", Side.Buy, 2, 100));
        var decision = Decide(Side.Sell, 10, "a");
        (decision.Quantity, decision.ReservedQuantity, decision.MaxAllowedQuantity).ShouldBe((10m, 2m, 2m));
        Book.FindReservation(decision.DecisionId)!.Remaining.ShouldBe(2m);
    }

    [Fact]
    public void PartOfOneExit_CutsTheOtherDownToWhatIsLeft()
    {
        Take(External("held", Side.Buy, 2, 100));
        var (first, second) = (Decide(Side.Sell, 2, "a"), Decide(Side.Sell, 2, "b"));
        Take(Of(first, 1.5m, "f1"));
        Book.FindReservation(first.DecisionId)!.Remaining.ShouldBe(0.5m);
        Book.FindReservation(second.DecisionId)!.Remaining.ShouldBe(0.5m);
    }

    [Fact]
    public void Fill_OfAnExitBeyondThePosition_NeverFlipsTheBook_AlsoWhereItComesLate()
    {
        Take(External("held", Side.Buy, 2, 100));
        var (first, second) = (Decide(Side.Sell, 2, "a"), Decide(Side.Sell, 2, "b"));
        Take(Of(first, 1.5m, "f1"));
        var over = Take(Of(second, 2, "f2"));
        over.Receipt.Quantity.ShouldBe(0.5m);
        var beyond = over.Receipt.Violations!.Value.Single(broken => broken.Code == FillRule.ReduceOnly);
        (beyond.Observed, beyond.Limit).ShouldBe((2m, 0.5m));
        var late = Take(Of(first, 0.5m, "f3"), KnownOrder.Of(first));
        (late.Receipt.Quantity, late.Receipt.PositionQuantity).ShouldBe((0m, 0m));
    }

    [Fact]
    public void ExitThatWasExecutedElsewhere_BeyondThePosition_IsAFact_BookedWholeWithItsViolation()
    {
        Take(External("held", Side.Buy, 2, 100));
        var exit = Decide(Side.Sell, 2, "a");
        var filled = Take(
            Of(exit, 5, "f1") with { External = true }, KnownOrder.Of(exit) with { Elsewhere = true });
        (filled.Receipt.Quantity, filled.Receipt.PositionQuantity).ShouldBe((5m, -3m));
        var beyond = filled.Receipt.Violations!.Value.ShouldHaveSingleItem();
        (beyond.Code, beyond.Observed, beyond.Limit).ShouldBe((FillRule.ReduceOnly, 5m, 2m));
        Book.Reservations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, Side.Sell)]
    [InlineData(0, Side.Buy)]
    [InlineData(5, Side.Buy)]
    [InlineData(-5, Side.Sell)]
    public void Order_WithNothingToReduce_IsRefusedByName_WithBothNumbers(int held, Side side)
    {
        if (held != 0) Take(External("held", held > 0 ? Side.Buy : Side.Sell, Math.Abs(held), 100));
        var decision = Decide(side, 3, "a");
        decision.Approved.ShouldBeFalse();
        var violation = decision.Violations.Single(broken => broken.Code == RiskRule.ReduceOnly);
        (violation.Observed, violation.Limit, violation.Unit).ShouldBe((3m, 0m, "units"));
        decision.MaxAllowedQuantity.ShouldBe(0m);
    }

    [Fact]
    public void OrdinarySale_BesideAnExit_CountsAsAShortPosition()
    {
        Take(External("held", Side.Buy, 2, 100));
        Decide(Side.Sell, 2, "exit");
        Book.ExposureOf("AA").Lowest.ShouldBe(0m);
        Decide(Side.Sell, 2, "sale", reduceOnly: false).Approved.ShouldBeTrue();
        Book.ExposureOf("AA").Lowest.ShouldBe(-2m);
    }

    [Fact]
    public void Decision_SaysSo_AndAnOrdinaryOneSaysNothing()
    {
        Take(External("held", Side.Buy, 2, 100));
        var decision = Decide(Side.Sell, 2, "a");
        var json = System.Text.Encoding.UTF8.GetString(DecisionJson.Write(decision));
        json.ShouldEndWith(",\"reduce_only\":true,\"reserved_quantity\":2}");
        DecisionJson.Read(DecisionJson.Write(decision)).ReduceOnly.ShouldBeTrue();
        System.Text.Encoding.UTF8.GetString(DecisionJson.Write(Decide(Side.Sell, 1, "b", reduceOnly: false)))
            .ShouldNotContain("reduce_only");
        Idempotency.Conflict<SignalDecision>(Asked(Side.Sell, 2, "a", reduceOnly: false), decision)!
            .Errors.ShouldHaveSingleItem().Field.ShouldBe("reduce_only");
        Idempotency.Conflict<SignalDecision>(Asked(Side.Sell, 2, "a", reduceOnly: true), decision).ShouldBeNull();
    }

    [Fact]
    public void Snapshot_KeepsWhatOnlyReduces()
    {
        Take(External("held", Side.Buy, 2, 100));
        Decide(Side.Sell, 2, "a");
        Trading.Portfolios.Book.Restore("test", Book.Save(), RecentKeys).ExposureOf("AA").ShouldBe(Book.ExposureOf("AA"));
    }

    SignalDecision Decide(Side side, decimal quantity, string id, bool reduceOnly = true)
    {
        if (Book.Limits is null) _valuation.Apply(new LimitsAdopted(Limits));
        var decided = PreTradeCheck.Decide(_valuation, Asked(side, quantity, id, reduceOnly), Limits, Now);
        _valuation.Apply(decided);
        return decided.Decision;
    }

    static Order Asked(Side side, decimal quantity, string id, bool reduceOnly) =>
        Order(side, quantity, id) with { ReduceOnly = reduceOnly };

    static Fill Of(SignalDecision decision, decimal quantity, string id) =>
        new(id, null, decision.DecisionId, decision.Symbol, decision.Action, quantity, 100, 0, External: false);

    Filled Take(Fill fill, KnownOrder? order = null)
    {
        var changes = FillRules.Take(Book, fill, Now, order);
        foreach (var change in changes) _valuation.Apply(change);
        return (Filled)changes[0];
    }
}
