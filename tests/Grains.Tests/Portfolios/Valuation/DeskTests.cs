using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Trading.MarketData;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class DeskTests
{
    static readonly RiskLimits NoLimits = new();

    [Fact]
    public void Approval_CountsAsFilled_ForTheNextOrder()
    {
        var desk = Desk(Market.Walk("AA", 100m));
        var first = Decide(desk, Order(Side.Buy, 50)).Decision;
        first.Approved.ShouldBeTrue();
        first.DecisionId.ShouldBe("test:3");
        first.After!.GrossExposure.ShouldBe(5_000m);
        first.After.Cash.ShouldBe(95_000m);
        Decide(desk, Order(Side.Buy, 10)).Decision.Before.ShouldBe(first.After);
    }

    [Fact]
    public void Refusal_SaysHowMuchWouldHavePassed_AndThatPasses()
    {
        var desk = Desk(Market.Walk("AA", 100m));
        var limits = new RiskLimits { MaxPositionWeight = 0.10 };
        var refused = Decide(desk, Order(Side.Buy, 150), limits).Decision;
        refused.Approved.ShouldBeFalse();
        refused.Violations.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            violation => violation.Code.ShouldBe(RiskRule.PositionWeight),
            violation => violation.Observed.ShouldBe(0.15m),
            violation => violation.Limit.ShouldBe(0.10m));
        refused.MaxAllowedQuantity.ShouldBe(100m);
        refused.MaxAllowedQuantity!.Value.Scale.ShouldBe((byte)0, "an answer in whole units has no decimal places");
        refused.Headroom.ShouldNotBeEmpty();
        desk.Book.Reservations.ShouldBeEmpty();
        Decide(desk, Order(Side.Buy, 100), limits).Decision.Approved.ShouldBeTrue();
    }

    [Fact]
    public void Sale_IsNotCountedAsDone_UntilItIsFilled()
    {
        var desk = Desk(Market.Walk("AA", 100m));
        Apply(desk, External("1", Side.Buy, 100, 100));
        var sale = Decide(desk, Order(Side.Sell, 60)).Decision;
        sale.After!.GrossExposure.ShouldBe(10_000m);
        sale.After.Cash.ShouldBe(90_000m);
        Decide(desk, Order(Side.Sell, 41)).Decision.Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.ShortSale);
    }

    [Fact]
    public void SymbolWithAShortHistory_HasNoRiskNumber_AndIsRefused()
    {
        var desk = Desk(Market.Walk("AA", 100m), Market.Walk("NEW", 10m, sessions: 40));
        Apply(desk, External("1", Side.Buy, 10, 100));
        var decision = Decide(desk, Order(Side.Buy, 1, symbol: "NEW"), NoLimits with { MaxValueAtRisk95 = 1 }).Decision;
        decision.Violations.Select(violation => violation.Code).ShouldBe([RiskRule.InsufficientHistory, RiskRule.ValueAtRisk95]);
        decision.Violations[0].Observed.ShouldBe(39m);
        decision.After!.ValueAtRisk95.ShouldBeNull();
        decision.Before!.ValueAtRisk95.ShouldNotBeNull();
    }

    [Fact]
    public void SymbolThatNobodyKnows_LeavesNothingKnownAfterTheTrade()
    {
        var desk = Desk(Market.Walk("AA", 100m));
        desk.Reprice([("XX", new SeriesUpdate(SeriesStatus.Unknown, null))], Now);
        var decision = Decide(desk, Order(Side.Buy, 1, symbol: "XX")).Decision;
        decision.Violations[0].Code.ShouldBe(RiskRule.UnknownSymbol);
        decision.After.ShouldBeNull();
        decision.MaxAllowedQuantity.ShouldBeNull();
    }

    [Fact]
    public void PositionWithoutAPrice_MakesTheBookUnknown_AndMayStillBeSold()
    {
        var desk = Desk(Market.Walk("AA", 100m));
        Apply(desk, External("1", Side.Buy, 10, 7, symbol: "XX"));
        desk.Equity.ShouldBeNull();
        Decide(desk, Order(Side.Buy, 1), RiskLimits.Default).Decision.Approved.ShouldBeFalse();
        var sale = Decide(desk, Order(Side.Sell, 10, symbol: "XX"), RiskLimits.Default);
        sale.Decision.Approved.ShouldBeTrue();
        sale.Reservation!.ReferencePrice.ShouldBe(7m);
        desk.Reprice([("XX", Market.Update(Market.Walk("XX", 8m)))], Now);
        desk.Equity.ShouldBe(100_010m);
    }

    [Fact]
    public void Order_InASymbolThatMissedSessions_IsMeasuredOverThoseItHas()
    {
        var full = Market.Walk("AA", 100m);
        var other = Market.Walk("BA", 50m);
        var kept = Enumerable.Range(0, other.Dates.Length).Where(day => day % 10 != 3).ToList();
        var gappy = Market.Series("BA", [.. kept.Select(day => other.Dates[day])], [.. kept.Select(day => other.Closes[day])]);
        var desk = Desk(full, gappy);
        Apply(desk, External("1", Side.Buy, 10, 100));
        var facts = desk.Facts(Order(Side.Buy, 20, symbol: "BA"));
        facts.Sessions.ShouldBe(252);
        var approved = Decide(desk, Order(Side.Buy, 20, symbol: "BA")).Decision;
        desk.Sample.ShouldBe(252);
        (desk.Tail!.Value.ValueAtRisk / 100_000).ShouldBe(approved.After!.ValueAtRisk95!.Value, 1e-12);
        Independent(desk.Sample, (full, 10), (gappy, 20)).ShouldBe(desk.Tail!.Value.ValueAtRisk, 1e-9);
    }

    [Fact]
    public void NewPrices_MoveEquityAndRisk()
    {
        var desk = Desk(Market.Walk("AA", 100m));
        Apply(desk, External("1", Side.Buy, 10, 100));
        var before = desk.Tail!.Value.ValueAtRisk;
        desk.Reprice([("AA", Market.Update(Market.Walk("AA", 200m, version: 2)))], Now).ShouldBeTrue();
        desk.Equity.ShouldBe(101_000m);
        desk.Tail!.Value.ValueAtRisk.ShouldBe(2 * before, 0.01 * before);
        desk.Reprice([("AA", Market.Update(Market.Walk("AA", 100m, version: 1)))], Now).ShouldBeFalse();
    }

    /// <summary>The tail, and all totals, after any history of events are those of a desk built from the book alone.</summary>
    [Fact]
    public void IncrementalRisk_IsTheRecalculatedRisk() => Prop.ForAll(Actions, actions =>
    {
        var desk = Desk(Symbols.Select((symbol, i) => Market.Walk(symbol, 20m + i, sessions: 300 - 20 * i)).ToArray());
        foreach (var action in actions) Take(desk, action, NoLimits);
        var (tail, measures) = (desk.Tail, desk.Measure());
        desk.Apply(new Recalculated(Now));
        var scale = 1 + Math.Abs(desk.Tail!.Value.ExpectedShortfall);
        return Math.Abs(tail!.Value.ValueAtRisk - desk.Tail.Value.ValueAtRisk) <= 1e-9 * scale
            && Math.Abs(tail.Value.ExpectedShortfall - desk.Tail.Value.ExpectedShortfall) <= 1e-9 * scale
            && measures!.GrossExposure == desk.Measure()!.GrossExposure
            && measures.NetExposure == desk.Measure()!.NetExposure
            && measures.SectorWeight == desk.Measure()!.SectorWeight;
    }).QuickCheckThrowOnFailure();

    /// <summary>Whatever is approved and however much of it is filled: what is booked and what is open stay within the limits.</summary>
    [Fact]
    public void PostedAndPending_StayWithinTheLimits_AfterAnySequence() => Prop.ForAll(Actions, actions =>
    {
        var limits = new RiskLimits
        {
            MaxPositionWeight = 0.2, MaxGrossExposure = 0.5, MaxNetExposure = 0.3, MaxSectorExposure = 0.4,
            MaxValueAtRisk95 = 0.004, MaxExpectedShortfall975 = 0.005, MinCash = 70_000m,
        };
        var desk = Desk(allowShort: true, Symbols.Select((symbol, i) => Market.Walk(symbol, 20m, sector: i % 2 == 0 ? "even" : "odd")).ToArray());
        var approvals = 0;
        foreach (var action in actions)
        {
            approvals += Take(desk, action, limits) ? 1 : 0;
            var book = desk.Measure()!;
            book.PositionWeight!.Value.ShouldBeLessThanOrEqualTo(0.2);
            book.SectorWeight!.Value.ShouldBeLessThanOrEqualTo(0.4);
            book.GrossExposure.ShouldBeLessThanOrEqualTo(50_000m);
            Math.Abs(book.NetExposure).ShouldBeLessThanOrEqualTo(30_000m);
            desk.Book.Exposures.Values.Sum(exposure => 20m * Math.Abs(exposure.Quantity)).ShouldBeLessThanOrEqualTo(50_000m);
            Math.Abs(desk.Book.Exposures.Values.Sum(exposure => 20m * exposure.Quantity)).ShouldBeLessThanOrEqualTo(30_000m);
            (desk.Book.Cash - desk.Book.ReservedCash).ShouldBeGreaterThanOrEqualTo(70_000m);
        }

        return Prop.Collect(true, $"{Math.Min(approvals / 5 * 5, 20)}+ approvals");
    }).QuickCheckThrowOnFailure();

    static readonly string[] Symbols = ["AA", "BA", "CAT", "DD"];

    /// <summary>Kind 0 to 4 asks, 5 to 7 fills a part of what is open at the price of 20, 8 releases.</summary>
    public sealed record TradeAction(int Kind, Side Side, int Symbol, decimal Quantity);

    static readonly Arbitrary<TradeAction[]> Actions = (
        from kind in Gen.Choose(0, 8)
        from side in Gen.Elements(Side.Buy, Side.Sell)
        from symbol in Gen.Choose(0, Symbols.Length - 1)
        from quantity in Gen.Choose(1, 1_000)
        select new TradeAction(kind, side, symbol, quantity)).ArrayOf().Resize(60).ToArbitrary();

    static bool Take(Desk desk, TradeAction action, RiskLimits limits)
    {
        var symbol = Symbols[action.Symbol];
        if (action.Kind <= 4) return Decide(desk, Order(action.Side, action.Quantity, symbol: symbol), limits).Decision.Approved;
        if (desk.Book.Reservations.FirstOrDefault(open => open.Symbol == symbol) is not { } reservation) return false;
        if (action.Kind == 8) desk.Apply(new Released(reservation, "", Now));
        else Apply(desk, OfReservation($"{desk.Book.Sequence}", reservation, Math.Min(action.Quantity, reservation.Remaining), 20));
        return false;
    }

    static Desk Desk(params PriceSeries[] series) => Desk(allowShort: false, series);

    static Desk Desk(bool allowShort, PriceSeries[] series)
    {
        var desk = new Desk(Opened(allowShort: allowShort), new PortfolioOptions());
        desk.Reprice(series.Select(one => (one.Symbol, Market.Update(one))), Now);
        return desk;
    }

    static SignalDecided Decide(Desk desk, Order order, RiskLimits? limits = null)
    {
        var decided = SignalDesk.Decide(desk, order, new LimitsVersion(1, limits ?? NoLimits, "", Now, ""), Now);
        desk.Apply(decided);
        return decided;
    }

    static void Apply(Desk desk, Fill fill) => desk.Apply(BookRules.Fill(desk.Book, fill, Now).Value!);

    /// <summary>The 95 % order statistic by sorting, over the sessions that all series have.</summary>
    static double Independent(int sample, params (PriceSeries Series, double Quantity)[] legs)
    {
        var common = legs.Select(leg => leg.Series.Dates.AsEnumerable()).Aggregate((left, right) => left.Intersect(right)).Order().TakeLast(sample + 1).ToList();
        var pnl = Enumerable.Range(1, sample).Select(day => legs.Sum(leg =>
        {
            var (now, then) = (Close(leg.Series, common[day]), Close(leg.Series, common[day - 1]));
            return leg.Quantity * (double)leg.Series.LastPrice * (now / then - 1);
        })).Order().ToList();
        return -pnl[(int)Math.Ceiling(sample * 0.05 - 1e-9) - 1];

        static double Close(PriceSeries series, DateOnly date) => (double)series.Closes[series.Dates.BinarySearch(date)];
    }
}
