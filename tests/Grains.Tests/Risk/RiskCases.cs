using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Trading.Risk.Tests;

/// <summary>A question to the rules, and a second set of limits to compare with.</summary>
public sealed record RiskCase(ExampleBook Book, Order Order, RiskLimits Limits, RiskLimits OtherLimits)
{
    public OrderFacts Facts => Book.Facts(Order);

    public RiskViolation[] Judge() => Book.Judge(Order, Limits);
}

/// <summary>Books, orders and limits of every kind: levered and ruined, short and long, with known and unknown numbers.</summary>
static class RiskCases
{
    const int Cases = 3_000;

    /// <summary>Checks a property on thousands of cases, the same on every run.</summary>
    public static void Check(Func<RiskCase, bool> property) =>
        Prop.ForAll(All.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20260105), FSharpOption<int>.None))));

    static readonly Gen<bool> Bool = Gen.Elements(false, true);

    static readonly Gen<ExampleBook> Books =
        from cash in Gen.Choose(-200, 2_000)
        from held in Gen.Choose(-500, 500)
        from openBuys in Rarely(0, Gen.Choose(0, 100))
        from openSells in Rarely(0, Gen.Choose(0, 100))
        from price in Rarely<decimal?>(100m, Gen.OneOf(Gen.Constant<decimal?>(null), Gen.Choose(1, 5_000).Select(tenths => (decimal?)(tenths / 10m))))
        from other in Gen.Choose(-800, 800)
        from otherInSector in Bool
        from correlation in Gen.Choose(-10, 10)
        from allowShort in Bool
        from high in Gen.Choose(0, 3_000)
        from symbol in Rarely(SymbolKnowledge.Known, Gen.Elements(SymbolKnowledge.Unknown, SymbolKnowledge.Unavailable))
        from sectorKnown in Rarely(true, Gen.Constant(false))
        from sessions in Rarely<int?>(252, Gen.Elements<int?>(null, 0, 99))
        from age in Gen.Choose(0, 600)
        select new ExampleBook(cash * 1_000m, held * 10m, openBuys * 10m, openSells * 10m, price, other * 1_000m, otherInSector,
            correlation / 10.0, allowShort, high * 1_000m, symbol, sectorKnown, sessions) { PriceAge = TimeSpan.FromSeconds(age) };

    static readonly Gen<Order> Orders =
        from side in Gen.Elements(Side.Buy, Side.Sell)
        from quantity in Gen.Choose(1, 8_000)
        from fraction in Rarely(1m, Gen.Constant(8m))
        from limitPrice in Rarely<decimal?>(null, Gen.Choose(1, 300).Select(price => (decimal?)price))
        select new Order("ACME", side, quantity / fraction, null, null, limitPrice);

    static readonly Gen<RiskLimits> Limits =
        from halted in Rarely(false, Gen.Constant(true))
        from notional in Limit(0, 1_000)
        from weight in Limit(0, 150)
        from gross in Limit(0, 300)
        from net in Limit(0, 200)
        from sector in Limit(0, 150)
        from valueAtRisk in Limit(0, 60)
        from shortfall in Limit(0, 80)
        from drawdown in Limit(0, 100)
        from cash in Limit(-200, 1_000)
        from age in Limit(1, 600)
        select new RiskLimits
        {
            Halted = halted,
            MaxOrderNotional = notional * 1_000m,
            MaxPositionWeight = weight / 100.0,
            MaxGrossExposure = gross / 100.0,
            MaxNetExposure = net / 100.0,
            MaxSectorExposure = sector / 100.0,
            MaxValueAtRisk95 = valueAtRisk / 1_000.0,
            MaxExpectedShortfall975 = shortfall / 1_000.0,
            MaxDrawdown = drawdown / 100.0,
            MinCash = cash * 1_000m,
            MaxPriceAgeSeconds = age,
        };

    static readonly Gen<RiskCase> All =
        from book in Books
        from order in Orders
        from limits in Limits
        from otherLimits in Limits
        select new RiskCase(book, order, limits, otherLimits);

    static Gen<T> Rarely<T>(T usual, Gen<T> rare) => Gen.Frequency((8, Gen.Constant(usual)), (1, rare));

    static Gen<int?> Limit(int least, int most) =>
        Gen.Frequency((1, Gen.Constant<int?>(null)), (3, Gen.Choose(least, most).Select(value => (int?)value)));
}
