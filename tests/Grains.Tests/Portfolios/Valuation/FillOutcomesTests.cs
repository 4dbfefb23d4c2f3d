using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Trading.MarketData;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Tail limits over all ways in which open orders may fill or not, against sorting by hand.</summary>
public sealed class FillOutcomesTests
{
    const decimal Equity = 1_000_000m;
    static readonly ConditionalWeakTable<BookValuation, Dictionary<string, PriceSeries>> SeriesOf = [];
    static readonly string[] Symbols = ["AA", "BA", "CAT", "DD", "EE"];

    [Theory]
    [InlineData(2_000)]
    [InlineData(3_999)]
    public void SaleOutOfALongPosition_ThatLeavesAHedgeUncovered_IsRefusedByTheTail(int quantity)
    {
        var (valuation, limits) = Pair();
        var before = valuation.Tail!.Value;
        var refused = Decide(valuation, Order(Side.Sell, quantity, symbol: "PRA"), limits);
        refused.Approved.ShouldBeFalse();
        refused.Violations.Select(violation => violation.Code).ShouldBe(
            [RiskRule.ValueAtRisk95, RiskRule.ExpectedShortfall975], ignoreOrder: true);
        refused.Before!.ValueAtRisk95!.Value.ShouldBe(before.ValueAtRisk / (double)Equity, 1e-12);
        refused.After!.ValueAtRisk95!.Value.ShouldBe(Naive(valuation, ("PRA", -quantity)).ValueAtRisk, 1e-12);
        refused.After.ExpectedShortfall975!.Value.ShouldBe(Naive(valuation, ("PRA", -quantity)).Shortfall, 1e-12);
    }

    [Theory]
    [InlineData(2_000, 0.004890)]
    [InlineData(3_999, 0.007510)]
    public void SaleOfAHedge_IsMeasuredWithTheHedgeGone_AndRefused(int quantity, double afterTheFill)
    {
        var valuation = Correlated();
        var held = Naive(valuation);
        var limits = new RiskLimits { MaxValueAtRisk95 = 1.05 * held.ValueAtRisk, MaxExpectedShortfall975 = 1.05 * held.Shortfall };
        var refused = Decide(valuation, Order(Side.Sell, quantity, symbol: "PRA"), limits, apply: false);
        refused.Approved.ShouldBeFalse();
        Math.Round(refused.Before!.ValueAtRisk95!.Value, 6).ShouldBe(0.002527);
        Math.Round(refused.After!.ValueAtRisk95!.Value, 6).ShouldBe(afterTheFill);

        Fill(valuation, "PRA", -quantity, 50m);
        (valuation.Tail!.Value.ValueAtRisk / (double)Equity).ShouldBe(refused.After.ValueAtRisk95.Value, 1e-12);
    }

    [Fact]
    public void LargestSaleThatPasses_Passes_AndOneMoreUnitDoesNot()
    {
        var (valuation, limits) = Pair();
        var allowed = (int)Decide(valuation, Order(Side.Sell, 3_999, symbol: "PRA"), limits).MaxAllowedQuantity!.Value;
        allowed.ShouldBeInRange(1, 1_999);
        Passes(allowed).ShouldBeTrue();
        Passes(allowed + 1).ShouldBeFalse();
        Decide(valuation, Order(Side.Sell, allowed, symbol: "PRA"), limits).Approved.ShouldBeTrue();

        bool Passes(int quantity) => Naive(valuation, ("PRA", -quantity)) is var tail
            && tail.ValueAtRisk <= limits.MaxValueAtRisk95 && tail.Shortfall <= limits.MaxExpectedShortfall975;
    }

    [Fact]
    public void SaleThatMakesTheTailSmaller_PassesABrokenLimit()
    {
        var valuation = Valuation(Market.Walk("AA", 100m));
        Fill(valuation, "AA", 1_000, 100m);
        var limits = new RiskLimits { MaxValueAtRisk95 = 1e-6, MaxExpectedShortfall975 = 1e-6 };
        Decide(valuation, Order(Side.Sell, 1_000), limits).Approved.ShouldBeTrue();
    }

    [Fact]
    public void OrderThatHidesBehindAnOpenOne_IsHeldToWhatItDoesAlone()
    {
        var valuation = Valuation(Market.Walk("AA", 100m), Market.Walk("BA", 100m));
        Fill(valuation, "BA", 10, 100m);
        Decide(valuation, Order(Side.Buy, 5_000), new RiskLimits()).Approved.ShouldBeTrue();
        // The open purchase alone is over this limit; a sale of as much looks small beside it, and is not by itself.
        var limits = new RiskLimits { MaxValueAtRisk95 = 1e-4 };
        var refused = Decide(valuation, Order(Side.Sell, 2_000), limits);
        refused.After!.ValueAtRisk95.ShouldBe(refused.Before!.ValueAtRisk95);
        refused.Violations.ShouldHaveSingleItem().Code.ShouldBe(RiskRule.ValueAtRisk95);
    }

    /// <summary>Up to the named number of symbols the measures after the trade are the largest of every corner, the positions booked, and
    /// the order alone on them; beyond, no less than any.</summary>
    [Fact]
    public void Measures_AreTheLargestOfEveryWayToFill_UpToTheNumberOfSymbols_AndNoLessBeyond() => Prop.ForAll(Cases, @case =>
    {
        var valuation = Book(@case);
        var order = Order(@case.Side, @case.Quantity, symbol: Symbols[@case.Symbol]);
        var facts = valuation.Facts(order);
        var exact = valuation.Book.Exposures.Where(pair => pair.Value.IsOpen).Select(pair => pair.Key).Append(order.Symbol)
            .Distinct().Count() <= FillOutcomes.MaxOpenSymbols;
        var (before, after) = (Largest(valuation, null), Largest(valuation, order));
        Holds(facts.Before!, before);
        Holds(facts.After!, after);

        void Holds(BookMeasures measures, Losses naive)
        {
            var scale = 1e-9 * (1 + Math.Abs(naive.Shortfall));
            (measures.ValueAtRisk95!.Value - naive.ValueAtRisk).ShouldBeGreaterThan(-scale);
            (measures.ExpectedShortfall975!.Value - naive.Shortfall).ShouldBeGreaterThan(-scale);
            if (!exact) return;
            measures.ValueAtRisk95.Value.ShouldBe(naive.ValueAtRisk, scale);
            measures.ExpectedShortfall975.Value.ShouldBe(naive.Shortfall, scale);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ApprovedOrder_FilledAloneOnTheBookedPositions_BreaksNoTailLimit() => Prop.ForAll(Cases, @case =>
    {
        var valuation = Book(@case);
        var limits = Limits(valuation, @case.Tightness);
        var order = Order(@case.Side, @case.Quantity, symbol: Symbols[@case.Symbol]);
        var (was, becomes) = (Naive(valuation), Naive(valuation, (order.Symbol, Signed(order))));
        if (!Decide(valuation, order, limits, apply: false).Approved) return Prop.Collect(true, "refused");
        Within(was.ValueAtRisk, becomes.ValueAtRisk, limits.MaxValueAtRisk95!.Value).ShouldBeTrue();
        Within(was.Shortfall, becomes.Shortfall, limits.MaxExpectedShortfall975!.Value).ShouldBeTrue();
        return Prop.Collect(true, "approved");

        static bool Within(double before, double after, double most) => after <= most * (1 + 1e-9) || after <= before * (1 + 1e-9);
    }).QuickCheckThrowOnFailure();

    /// <summary>From a book that is within its limit, whatever is approved and however much of it is filled, in any order.</summary>
    [Fact]
    public void ApprovedOrders_FilledInAnyOrderAndInParts_NeverBreakTheShortfallLimit() => Prop.ForAll(Runs, actions =>
    {
        var valuation = Valuation([.. Symbols.Select((symbol, i) => Market.Walk(symbol, 20m, seed: i + 1))]);
        var limits = new RiskLimits { MaxExpectedShortfall975 = 0.004 };
        foreach (var (kind, side, symbol, quantity) in actions)
        {
            if (kind < 5) Decide(valuation, Order(side, quantity, symbol: Symbols[symbol]), limits);
            else if (valuation.Book.Reservations.FirstOrDefault(open => open.Symbol == Symbols[symbol]) is { } open)
                valuation.Apply(FillRules.Post(
                    valuation.Book, OfReservation($"{valuation.Book.Sequence}", open, Math.Min(quantity, open.Remaining), 20m), Now));
            Naive(valuation).Shortfall.ShouldBeLessThanOrEqualTo(0.004 * (1 + 1e-9));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void TighteningATailLimit_NeverTurnsARefusalIntoAnApproval() => Prop.ForAll(Cases, @case =>
    {
        var valuation = Book(@case);
        var order = Order(@case.Side, @case.Quantity, symbol: Symbols[@case.Symbol]);
        var loose = Decide(valuation, order, Limits(valuation, @case.Tightness), apply: false);
        var tight = Decide(valuation, order, Limits(valuation, @case.Tightness * 0.8), apply: false);
        (tight.Approved && !loose.Approved).ShouldBeFalse();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void LargestQuantityThatPasses_PassesItself() => Prop.ForAll(Cases, @case =>
    {
        var valuation = Book(@case);
        var (limits, order) = (Limits(valuation, @case.Tightness), Order(@case.Side, @case.Quantity, symbol: Symbols[@case.Symbol]));
        if (Decide(valuation, order, limits, apply: false).MaxAllowedQuantity is not (> 0 and { } allowed)) return;
        Decide(valuation, order with { Quantity = allowed }, limits, apply: false).Approved.ShouldBeTrue();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decision_SaysWhichSessionsItsNumbersAreOf_AndThatTheyDependOnTheSymbol()
    {
        var valuation = Valuation(Market.Walk("AA", 100m), Market.Walk("NEW", 10m, sessions: 100), Market.Walk("IPO", 10m, sessions: 30));
        Fill(valuation, "AA", 100, 100m);
        var own = Decide(valuation, Order(Side.Buy, 1), new RiskLimits());
        own.RiskWindow.ShouldBe(new RiskWindow(252, new(2025, 4, 25), new(2026, 1, 1)));
        own.RiskWindowBefore.ShouldBeNull();
        var common = Decide(valuation, Order(Side.Buy, 1, symbol: "NEW"), new RiskLimits(), apply: false);
        common.RiskWindow!.Sample.ShouldBe(99);
        common.Before!.ValueAtRisk95.ShouldNotBe(own.Before!.ValueAtRisk95);
        var tooShort = Decide(valuation, Order(Side.Buy, 1, symbol: "IPO"), new RiskLimits(), apply: false);
        tooShort.After!.ValueAtRisk95.ShouldBeNull();
        tooShort.RiskWindow.ShouldBe(own.RiskWindow);
    }

    sealed record Case(int[] Held, int[] Bought, int[] Sold, Side Side, int Symbol, int Quantity, double Tightness);

    static readonly Arbitrary<Case> Cases = (
        from held in Gen.Choose(-2_000, 2_000).ArrayOf(Symbols.Length)
        from bought in Gen.Elements(0, 0, 300, 2_500).ArrayOf(Symbols.Length)
        from sold in Gen.Elements(0, 0, 200, 3_000).ArrayOf(Symbols.Length)
        from side in Gen.Elements(Side.Buy, Side.Sell)
        from symbol in Gen.Choose(0, Symbols.Length - 1)
        from quantity in Gen.Choose(1, 4_000)
        from tightness in Gen.Elements(0.5, 0.9, 1.0, 1.1, 1.5)
        select new Case(held, bought, sold, side, symbol, quantity, tightness)).ToArbitrary();

    static readonly Arbitrary<(int, Side, int, int)[]> Runs = (
        from kind in Gen.Choose(0, 7)
        from side in Gen.Elements(Side.Buy, Side.Sell)
        from symbol in Gen.Choose(0, Symbols.Length - 1)
        from quantity in Gen.Choose(1, 3_000)
        select (kind, side, symbol, quantity)).ArrayOf().Resize(40).ToArbitrary();

    static BookValuation Book(Case @case)
    {
        var valuation = Valuation([.. Symbols.Select((symbol, i) => Market.Walk(symbol, 20m, seed: i + 1))]);
        for (var i = 0; i < Symbols.Length; i++)
        {
            if (@case.Held[i] != 0) Fill(valuation, Symbols[i], @case.Held[i], 20m);
            if (@case.Bought[i] > 0) Decide(valuation, Order(Side.Buy, @case.Bought[i], symbol: Symbols[i]), new RiskLimits());
            if (@case.Sold[i] > 0) Decide(valuation, Order(Side.Sell, @case.Sold[i], symbol: Symbols[i]), new RiskLimits());
        }

        return valuation;
    }

    static RiskLimits Limits(BookValuation valuation, double tightness)
    {
        var tail = valuation.Tail!.Value;
        return new()
        {
            MaxValueAtRisk95 = tightness * tail.ValueAtRisk / (double)Equity,
            MaxExpectedShortfall975 = tightness * tail.ExpectedShortfall / (double)Equity,
        };
    }

    /// <summary>Long and short of two symbols that move together with a correlation of 0.8, and limits just above their tail.</summary>
    static (BookValuation Valuation, RiskLimits Limits) Pair()
    {
        var random = new System.Random(20260105);
        var (first, second) = (new decimal[300], new decimal[300]);
        (first[^1], second[^1]) = (50m, 80m);
        for (var i = first.Length - 2; i >= 0; i--)
        {
            var (common, own) = (random.NextDouble() - 0.5, random.NextDouble() - 0.5);
            first[i] = Math.Round(first[i + 1] / (1 + 0.04m * (decimal)common), 6);
            second[i] = Math.Round(second[i + 1] / (1 + 0.04m * (decimal)(0.8 * common + 0.6 * own)), 6);
        }

        var valuation = Valuation(Series("PRA", first), Series("PRB", second));
        Fill(valuation, "PRA", 2_000, 50m);
        Fill(valuation, "PRB", -1_250, 80m);
        var tail = valuation.Tail!.Value;
        return (valuation, new()
        {
            MaxValueAtRisk95 = 1.05 * tail.ValueAtRisk / (double)Equity,
            MaxExpectedShortfall975 = 1.05 * tail.ExpectedShortfall / (double)Equity,
        });
    }

    /// <summary>Long 2000 at 50 against short 1250 at 80; the returns of the two have a correlation of exactly 0.8.</summary>
    static BookValuation Correlated()
    {
        const int Sample = 252;
        var state = 1_068L;
        var (common, own) = (new double[Sample], new double[Sample]);
        for (var i = 0; i < Sample; i++) (common[i], own[i]) = (Next() + Next() + Next() - 1.5, Next() + Next() + Next() - 1.5);
        common = [.. common.Select(value => value - common.Average())];
        own = [.. own.Select(value => value - own.Average())];
        var shared = common.Zip(own, (x, y) => x * y).Sum() / common.Sum(x => x * x);
        own = [.. own.Zip(common, (y, x) => y - (shared * x))];
        var scale = Math.Sqrt(common.Sum(x => x * x) / own.Sum(y => y * y));

        var (first, second) = (new decimal[Sample + 1], new decimal[Sample + 1]);
        (first[^1], second[^1]) = (50m, 80m);
        for (var i = Sample - 1; i >= 0; i--)
        {
            var (x, y) = (0.0558425 * common[i], 0.0558425 * scale * own[i]);
            first[i] = Math.Round(first[i + 1] / (1 + (decimal)(0.87375 * ((0.8 * x) + (0.6 * y)))), 12);
            second[i] = Math.Round(second[i + 1] / (1 + (decimal)x), 12);
        }

        var valuation = Valuation(Series("PRA", first), Series("PRB", second));
        Fill(valuation, "PRA", 2_000, 50m);
        Fill(valuation, "PRB", -1_250, 80m);
        return valuation;

        double Next() => (state = state * 16_807 % int.MaxValue) / (double)int.MaxValue;
    }

    static PriceSeries Series(string symbol, decimal[] closes) => Market.Series(
        symbol, [.. Enumerable.Range(1 - closes.Length, closes.Length).Select(day => new DateOnly(2026, 1, 1).AddDays(day))], [.. closes]);

    static BookValuation Valuation(params PriceSeries[] series)
    {
        var valuation = new BookValuation(Opened(Equity, allowShort: true), new PortfolioOptions());
        valuation.Reprice(series.Select(one => (one.Symbol, Market.Update(one))), Now);
        SeriesOf.Add(valuation, series.ToDictionary(one => one.Symbol));
        return valuation;
    }

    static void Fill(BookValuation valuation, string symbol, decimal quantity, decimal price) => valuation.Apply(FillRules.Post(
        valuation.Book,
        External($"x{valuation.Book.Sequence}", quantity > 0 ? Side.Buy : Side.Sell, Math.Abs(quantity), price, symbol: symbol), Now));

    static SignalDecision Decide(BookValuation valuation, Order order, RiskLimits limits, bool apply = true)
    {
        var decided = PreTradeCheck.Decide(valuation, order, new LimitsVersion(1, limits, "", Now, ""), Now);
        if (apply) valuation.Apply(decided);
        return decided.Decision;
    }

    static decimal Signed(Order order) => order.Action == Side.Buy ? order.Quantity : -order.Quantity;

    readonly record struct Losses(double ValueAtRisk, double Shortfall);

    /// <summary>Of the positions booked and trades on them.</summary>
    static Losses Naive(BookValuation valuation, params (string Symbol, decimal Quantity)[] trades)
    {
        var positions = valuation.Book.Exposures.ToDictionary(pair => pair.Key, pair => pair.Value.Quantity);
        foreach (var (symbol, quantity) in trades) positions[symbol] = positions.GetValueOrDefault(symbol) + quantity;
        return Naive(valuation, positions);
    }

    static Losses Largest(BookValuation valuation, Order? order)
    {
        var found = Naive(valuation);
        if (order is not null) found = Larger(found, Naive(valuation, (order.Symbol, Signed(order))));
        var boxes = valuation.Book.Exposures.ToDictionary(pair => pair.Key, pair => (pair.Value.Lowest, pair.Value.Highest));
        foreach (var box in order is null ? [boxes] : new[] { boxes, With(boxes, order) })
        {
            var symbols = box.Keys.ToArray();
            for (var corner = 0; corner < 1 << symbols.Length; corner++)
                found = Larger(found, Naive(valuation, symbols.Select((symbol, i) =>
                    (symbol, (corner >> i & 1) == 0 ? box[symbol].Lowest : box[symbol].Highest)).ToDictionary()));
        }

        return found;
    }

    static Dictionary<string, (decimal Lowest, decimal Highest)> With(Dictionary<string, (decimal Lowest, decimal Highest)> boxes, Order order)
    {
        var (lowest, highest) = boxes.GetValueOrDefault(order.Symbol);
        return new(boxes)
        {
            [order.Symbol] = (Math.Min(lowest, lowest + Signed(order)), Math.Max(highest, highest + Signed(order))),
        };
    }

    static Losses Larger(Losses one, Losses other) =>
        new(Math.Max(one.ValueAtRisk, other.ValueAtRisk), Math.Max(one.Shortfall, other.Shortfall));

    static Losses Naive(BookValuation valuation, Dictionary<string, decimal> positions)
    {
        var pnl = new double[252];
        foreach (var (symbol, quantity) in positions)
        {
            var series = SeriesOf.GetValue(valuation, _ => throw new InvalidOperationException())[symbol];
            for (var i = 0; i < pnl.Length; i++)
                pnl[i] += (double)(quantity * series.LastPrice) * Return(series, pnl.Length - i);
        }

        Array.Sort(pnl);
        var mass = 252 * 0.025;
        var shortfall = -(pnl[..6].Sum() + (mass - 6) * pnl[6]) / mass;
        return new(-pnl[12] / (double)Equity, shortfall / (double)Equity);
    }

    static double Return(PriceSeries series, int fromLast) =>
        (double)series.Closes[^fromLast] / (double)series.Closes[^(fromLast + 1)] - 1;
}
