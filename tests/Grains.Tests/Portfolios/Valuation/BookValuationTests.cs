using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Trading.MarketData;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class BookValuationTests
{
    static readonly RiskLimits NoLimits = new();

    [Fact]
    public void Approval_CountsAsFilled_ForTheNextOrder()
    {
        var valuation = BookValuation(Market.Walk("AA", 100m));
        var first = Decide(valuation, Order(Side.Buy, 50)).Decision;
        first.Approved.ShouldBeTrue();
        first.DecisionId.ShouldBe("test:3");
        first.After!.GrossExposure.ShouldBe(5_000m);
        first.After.Cash.ShouldBe(95_000m);
        Decide(valuation, Order(Side.Buy, 10)).Decision.Before.ShouldBe(first.After);
    }

    [Fact]
    public void Refusal_SaysHowMuchWouldHavePassed_AndThatPasses()
    {
        var valuation = BookValuation(Market.Walk("AA", 100m));
        var limits = new RiskLimits { MaxPositionWeight = 0.10 };
        var refused = Decide(valuation, Order(Side.Buy, 150), limits).Decision;
        refused.Approved.ShouldBeFalse();
        refused.Violations.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            violation => violation.Code.ShouldBe(RiskRule.PositionWeight),
            violation => violation.Observed.ShouldBe(0.15m),
            violation => violation.Limit.ShouldBe(0.10m));
        refused.MaxAllowedQuantity.ShouldBe(100m);
        refused.MaxAllowedQuantity!.Value.Scale.ShouldBe((byte)0, "an answer in whole units has no decimal places");
        refused.Headroom.ShouldNotBeEmpty();
        valuation.Book.Reservations.ShouldBeEmpty();
        Decide(valuation, Order(Side.Buy, 100), limits).Decision.Approved.ShouldBeTrue();
    }

    [Fact]
    public void Sale_IsNotCountedAsDone_UntilItIsFilled()
    {
        var valuation = BookValuation(Market.Walk("AA", 100m));
        Apply(valuation, External("1", Side.Buy, 100, 100));
        var sale = Decide(valuation, Order(Side.Sell, 60)).Decision;
        sale.After!.GrossExposure.ShouldBe(10_000m);
        sale.After.Cash.ShouldBe(90_000m);
        Decide(valuation, Order(Side.Sell, 41)).Decision.Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.ShortSale);
    }

    [Fact]
    public void SymbolWithAShortHistory_HasNoRiskNumber_AndIsRefused()
    {
        var valuation = BookValuation(Market.Walk("AA", 100m), Market.Walk("NEW", 10m, sessions: 40));
        Apply(valuation, External("1", Side.Buy, 10, 100));
        var decision = Decide(valuation, Order(Side.Buy, 1, symbol: "NEW"), NoLimits with { MaxValueAtRisk95 = 1 }).Decision;
        decision.Violations.Select(violation => violation.Code).ShouldBe([RiskRule.InsufficientHistory, RiskRule.ValueAtRisk95]);
        decision.Violations[0].Observed.ShouldBe(39m);
        decision.After!.ValueAtRisk95.ShouldBeNull();
        decision.Before!.ValueAtRisk95.ShouldNotBeNull();
    }

    [Fact]
    public void SymbolThatLeaves_NoLongerKeepsTheWindowFromNewerSessions()
    {
        var late = Market.Walk("LATE", 10m);
        late = late with { Dates = [.. late.Dates.Select(date => date.AddDays(-1))] };
        var valuation = BookValuation(Market.Walk("AA", 100m), late);
        Apply(valuation, External("1", Side.Buy, 10, 100));
        Apply(valuation, External("2", Side.Buy, 10, 10, symbol: "LATE"));
        Decide(valuation, Order(Side.Buy, 1)).Decision.RiskWindow!.To.ShouldBe(new DateOnly(2025, 12, 31));
        Apply(valuation, External("3", Side.Sell, 10, 10, symbol: "LATE"));
        Decide(valuation, Order(Side.Buy, 1)).Decision.RiskWindow!.To.ShouldBe(new DateOnly(2026, 1, 1));
    }

    [Fact]
    public void SymbolThatNobodyKnows_LeavesNothingKnownAfterTheTrade()
    {
        var valuation = BookValuation(Market.Walk("AA", 100m));
        valuation.Reprice([("XX", new SeriesUpdate(SeriesStatus.Unknown, null))], Now);
        var decision = Decide(valuation, Order(Side.Buy, 1, symbol: "XX")).Decision;
        decision.Violations[0].Code.ShouldBe(RiskRule.UnknownSymbol);
        decision.After.ShouldBeNull();
        decision.MaxAllowedQuantity.ShouldBeNull();
    }

    [Fact]
    public void PositionWithoutAPrice_MakesTheBookUnknown_AndMayStillBeSold()
    {
        var valuation = BookValuation(Market.Walk("AA", 100m));
        Apply(valuation, External("1", Side.Buy, 10, 7, symbol: "XX"));
        valuation.Equity.ShouldBeNull();
        Decide(valuation, Order(Side.Buy, 1), RiskLimits.Default).Decision.Approved.ShouldBeFalse();
        var sale = Decide(valuation, Order(Side.Sell, 10, symbol: "XX"), RiskLimits.Default);
        sale.Decision.Approved.ShouldBeTrue();
        sale.Reservation!.ReferencePrice.ShouldBe(7m);
        valuation.Reprice([("XX", Market.Update(Market.Walk("XX", 8m)))], Now);
        valuation.Equity.ShouldBe(100_010m);
    }

    [Fact]
    public void Order_InASymbolThatMissedSessions_IsMeasuredOverThoseItHas()
    {
        var full = Market.Walk("AA", 100m);
        var other = Market.Walk("BA", 50m);
        var kept = Enumerable.Range(0, other.Dates.Length).Where(day => day % 10 != 3).ToList();
        var gappy = Market.Series("BA", [.. kept.Select(day => other.Dates[day])], [.. kept.Select(day => other.Closes[day])]);
        var valuation = BookValuation(full, gappy);
        Apply(valuation, External("1", Side.Buy, 10, 100));
        var facts = valuation.Facts(Order(Side.Buy, 20, symbol: "BA"));
        facts.Sessions.ShouldBe(252);
        var approved = Decide(valuation, Order(Side.Buy, 20, symbol: "BA")).Decision;
        valuation.Sample.ShouldBe(252);
        (valuation.Tail!.Value.ValueAtRisk / 100_000).ShouldBe(approved.After!.ValueAtRisk95!.Value, 1e-12);
        Independent(valuation.Sample, (full, 10), (gappy, 20)).ShouldBe(valuation.Tail!.Value.ValueAtRisk, 1e-9);
    }

    [Fact]
    public void NewPrices_MoveEquityAndRisk()
    {
        var valuation = BookValuation(Market.Walk("AA", 100m));
        Apply(valuation, External("1", Side.Buy, 10, 100));
        var before = valuation.Tail!.Value.ValueAtRisk;
        valuation.Reprice([("AA", Market.Update(Market.Walk("AA", 200m, version: 2)))], Now).ShouldBeTrue();
        valuation.Equity.ShouldBe(101_000m);
        valuation.Tail!.Value.ValueAtRisk.ShouldBe(2 * before, 0.01 * before);
        valuation.Reprice([("AA", Market.Update(Market.Walk("AA", 100m, version: 1)))], Now).ShouldBeFalse();
    }

    /// <summary>The tail, and all totals, after any history of events are those of a valuation built from the book alone.</summary>
    [Fact]
    public void IncrementalRisk_IsTheRecalculatedRisk() => Prop.ForAll(Actions, actions =>
    {
        var valuation = BookValuation(Symbols.Select((symbol, i) => Market.Walk(symbol, 20m + i, sessions: 300 - 20 * i)).ToArray());
        foreach (var action in actions) Take(valuation, action, NoLimits);
        var (tail, measures) = (valuation.Tail, valuation.Measure());
        valuation.Apply(new Recalculated(Now));
        var scale = 1 + Math.Abs(valuation.Tail!.Value.ExpectedShortfall);
        return Math.Abs(tail!.Value.ValueAtRisk - valuation.Tail.Value.ValueAtRisk) <= 1e-9 * scale
            && Math.Abs(tail.Value.ExpectedShortfall - valuation.Tail.Value.ExpectedShortfall) <= 1e-9 * scale
            && measures!.GrossExposure == valuation.Measure()!.GrossExposure
            && measures.NetExposure == valuation.Measure()!.NetExposure
            && measures.SectorWeight == valuation.Measure()!.SectorWeight;
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
        var valuation = BookValuation(allowShort: true, Symbols.Select((symbol, i) => Market.Walk(symbol, 20m, sector: i % 2 == 0 ? "even" : "odd")).ToArray());
        var approvals = 0;
        foreach (var action in actions)
        {
            approvals += Take(valuation, action, limits) ? 1 : 0;
            var book = valuation.Measure()!;
            book.PositionWeight!.Value.ShouldBeLessThanOrEqualTo(0.2);
            book.SectorWeight!.Value.ShouldBeLessThanOrEqualTo(0.4);
            book.GrossExposure.ShouldBeLessThanOrEqualTo(50_000m);
            Math.Abs(book.NetExposure).ShouldBeLessThanOrEqualTo(30_000m);
            valuation.Book.Exposures.Values.Sum(exposure => 20m * Math.Abs(exposure.Quantity)).ShouldBeLessThanOrEqualTo(50_000m);
            Math.Abs(valuation.Book.Exposures.Values.Sum(exposure => 20m * exposure.Quantity)).ShouldBeLessThanOrEqualTo(30_000m);
            (valuation.Book.Cash - valuation.Book.ReservedCash).ShouldBeGreaterThanOrEqualTo(70_000m);
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

    static bool Take(BookValuation valuation, TradeAction action, RiskLimits limits)
    {
        var symbol = Symbols[action.Symbol];
        if (action.Kind <= 4) return Decide(valuation, Order(action.Side, action.Quantity, symbol: symbol), limits).Decision.Approved;
        if (valuation.Book.Reservations.FirstOrDefault(open => open.Symbol == symbol) is not { } reservation) return false;
        if (action.Kind == 8) valuation.Apply(new Released(reservation, "", Now));
        else Apply(valuation, OfReservation($"{valuation.Book.Sequence}", reservation, Math.Min(action.Quantity, reservation.Remaining), 20));
        return false;
    }

    static BookValuation BookValuation(params PriceSeries[] series) => BookValuation(allowShort: false, series);

    static BookValuation BookValuation(bool allowShort, PriceSeries[] series)
    {
        var valuation = new BookValuation(Opened(allowShort: allowShort), new PortfolioOptions());
        valuation.Reprice(series.Select(one => (one.Symbol, Market.Update(one))), Now);
        return valuation;
    }

    static SignalDecided Decide(BookValuation valuation, Order order, RiskLimits? limits = null)
    {
        var decided = PreTradeCheck.Decide(valuation, order, new LimitsVersion(1, limits ?? NoLimits, "", Now, ""), Now);
        valuation.Apply(decided);
        return decided;
    }

    static void Apply(BookValuation valuation, Fill fill) => valuation.Apply(FillRules.Post(valuation.Book, fill, Now));

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
