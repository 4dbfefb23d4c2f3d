using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Trading.MarketData;
using Trading.Portfolios;

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
    const int Cases = 10_000;

    /// <summary>Checks a property on thousands of cases, the same on every run.</summary>
    public static void Check(Func<RiskCase, bool> property) =>
        Prop.ForAll(All.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20260105), FSharpOption<int>.None))));

    static readonly Gen<bool> Bool = Gen.Elements(false, true);

    static readonly Gen<InstrumentTerms?> Terms = Sometimes<InstrumentTerms?>(null,
        from tradable in Rarely(true, Gen.Constant(false))
        from lot in Gen.Elements<decimal?>(null, 0.5m, 10m, 100m)
        from tick in Gen.Elements<decimal?>(null, 0.01m, 7m)
        from least in Gen.Elements<decimal?>(null, 1_000m, 50_000m)
        from volume in Gen.Elements<decimal?>(null, 1_000m, 100_000m)
        select (InstrumentTerms?)new InstrumentTerms(tradable, lot, tick, least, volume));

    static readonly Gen<OrderActivity> Activities =
        from messages in Gen.Choose(0, 100)
        from same in Gen.OneOf(Gen.Constant<double?>(null), Gen.Choose(0, 100).Select(seconds => (double?)seconds))
        from crosses in Bool
        from quantity in Gen.Choose(0, 1_000)
        from notional in Gen.Choose(0, 100_000)
        from executions in Gen.Choose(0, 20)
        from disabled in Rarely(false, Gen.Constant(true))
        from net in Gen.Choose(-5_000, 5_000)
        from session in Gen.Elements<SessionStatus?>(null, new(true, 30, ExampleBook.Now), new(false, 30, ExampleBook.Now.AddSeconds(-40)))
        select new OrderActivity(messages, same, crosses, quantity, notional, executions, disabled && executions > 10, net, session);

    static readonly Gen<BudgetAmounts?> Budgets =
        from gross in Gen.Elements<decimal?>(null, 0m, 200_000m, 1_000_000m)
        from net in Gen.Elements<decimal?>(null, 0m, 100_000m, 500_000m)
        from shortfall in Gen.Elements<decimal?>(null, 0m, 10_000m, 50_000m)
        select (BudgetAmounts?)new BudgetAmounts(gross, net, shortfall);

    /// <summary>Every mode, with and without breakers that hold trading or are half open.</summary>
    static readonly Gen<Guard?> Guards =
        from mode in Gen.Elements(Enum.GetValues<TradingMode>())
        from breaker in Gen.Elements(null, "drawdown", "daily_loss, volatility")
        from observed in Gen.Elements<double?>(null, 0.2, 3)
        from halfOpen in Bool
        from cap in Gen.Elements<decimal?>(null, 0m, 10_000m, 200_000m)
        select (Guard?)new Guard(mode, breaker, observed, 0.15, breaker is not null && halfOpen, cap);

    static readonly Gen<ExampleBook> Books =
        from book in PlainBooks
        from terms in Terms
        from activity in Activities
        from earlier in Sometimes<decimal?>(100m, Gen.Elements<decimal?>(null, 50m))
        from strategy in Gen.Choose(0, 5_000)
        from loss in Sometimes<double?>(0.01, Gen.Elements<double?>(null, 0.1))
        from rates in Rarely([], Rates)
        select book with { Terms = terms, Activity = activity, EarlierPrice = earlier, InStrategy = strategy, DailyLoss = loss, Rates = rates };

    static Gen<ImmutableArray<RateUsed>> Rates => Gen.Elements<ImmutableArray<RateUsed>>(
        [new("EUR", "EURUSD", null, null, null)],
        [new("EUR", "EURUSD", 1.25m, ExampleBook.Now.AddSeconds(-90), null)],
        [new("EUR", "EURUSD", 1.25m, ExampleBook.Now, "reduce only")]);

    static Gen<ExampleBook> PlainBooks =>
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
        from guard in Gen.Frequency((3, Gen.Constant<Guard?>(null)), (1, Guards))
        from budget in Rarely<BudgetAmounts?>(null, Budgets)
        from doubt in Rarely<string?>(null, Gen.Constant<string?>("reduce only"))
        select new ExampleBook(cash * 1_000m, held * 10m, openBuys * 10m, openSells * 10m, price, other * 1_000m, otherInSector,
            correlation / 10.0, allowShort, high * 1_000m, symbol, sectorKnown, sessions) { PriceAge = TimeSpan.FromSeconds(age), Guard = guard, Budget = budget, Doubt = doubt };

    static readonly Gen<Order> Orders =
        from side in Gen.Elements(Side.Buy, Side.Sell)
        from quantity in Gen.Choose(1, 8_000)
        from fraction in Rarely(1m, Gen.Constant(8m))
        from limitPrice in Sometimes<decimal?>(null, Gen.Choose(1, 300).Select(price => (decimal?)price))
        from confidence in Gen.Elements<double?>(null, 0.2, 0.9)
        from reduceOnly in Rarely(false, Gen.Constant(true))
        select new Order("ACME", side, quantity / fraction, null, confidence, limitPrice) { ReduceOnly = reduceOnly };

    static Gen<RiskLimits> PlainLimits =>
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

    static readonly Gen<RiskLimits> Gates =
        from restricted in Seldom<ImmutableArray<string>>([], ["ACME"])
        from hours in Seldom<TradingHours?>(null, new("UTC", new(9, 0), new(10, 0), [Weekday.Monday]), new("UTC", new(9, 0), new(17, 0), [Weekday.Monday]))
        from heartbeat in Seldom(10, 60)
        from executions in Seldom(1, 20)
        from confidence in Seldom(0, 100)
        from messages in Seldom(1, 100)
        from duplicate in Seldom(1, 100)
        from match in Seldom(false, true)
        from deviation in Seldom(0, 100)
        from move in Seldom(0, 100)
        select new RiskLimits
        {
            RestrictedSymbols = restricted,
            TradingHours = hours,
            HeartbeatSeconds = heartbeat,
            MaxRepeatedExecutions = executions,
            MinConfidence = confidence / 100.0,
            MaxMessages = messages,
            DuplicateWindowSeconds = duplicate,
            PreventSelfMatch = match,
            MaxPriceDeviation = deviation / 100.0,
            MaxPriceMove = move / 100.0,
        };

    static readonly Gen<RiskLimits> Amounts =
        from quantity in Seldom(0, 8_000)
        from least in Seldom(0, 500)
        from windowQuantity in Seldom(0, 8_000)
        from windowNotional in Seldom(0, 800)
        from share in Seldom(0, 100)
        from longest in Seldom(0, 10_000)
        from shortest in Seldom(0, 10_000)
        from intraday in Seldom(0, 10_000)
        from concentration in Seldom(0, 100)
        from strategy in Seldom(0, 100)
        from margin in Seldom(0, 200)
        from tail in Seldom(0, 80)
        from growth in Seldom(0, 20)
        from correlation in Seldom(-10, 10)
        from free in Gen.Choose(0, 20)
        from loss in Seldom(0, 20)
        select new RiskLimits
        {
            MaxOrderQuantity = quantity,
            MinOrderNotional = least * 1_000m,
            MaxWindowQuantity = windowQuantity,
            MaxWindowNotional = windowNotional * 1_000m,
            MaxVolumeShare = share / 100.0,
            MaxLongPosition = longest,
            MaxShortPosition = shortest,
            MaxIntradayPosition = intraday,
            MaxConcentration = concentration / 100.0,
            MaxStrategyExposure = strategy / 100.0,
            InitialMargin = margin / 100.0,
            MaxValueAtRisk99 = tail / 1_000.0,
            MaxIncrementalValueAtRisk = growth / 1_000.0,
            CorrelationThreshold = correlation / 10.0,
            CorrelationFreeWeight = free / 100.0,
            MaxDailyLoss = loss / 100.0,
        };

    static readonly Gen<RiskLimits> Limits =
        from plain in PlainLimits
        from gates in Gates
        from amounts in Amounts
        select plain with
        {
            RestrictedSymbols = gates.RestrictedSymbols,
            TradingHours = gates.TradingHours,
            HeartbeatSeconds = gates.HeartbeatSeconds,
            MaxRepeatedExecutions = gates.MaxRepeatedExecutions,
            MinConfidence = gates.MinConfidence,
            MaxMessages = gates.MaxMessages,
            DuplicateWindowSeconds = gates.DuplicateWindowSeconds,
            PreventSelfMatch = gates.PreventSelfMatch,
            MaxPriceDeviation = gates.MaxPriceDeviation,
            MaxPriceMove = gates.MaxPriceMove,
            MaxOrderQuantity = amounts.MaxOrderQuantity,
            MinOrderNotional = amounts.MinOrderNotional,
            MaxWindowQuantity = amounts.MaxWindowQuantity,
            MaxWindowNotional = amounts.MaxWindowNotional,
            MaxVolumeShare = amounts.MaxVolumeShare,
            MaxLongPosition = amounts.MaxLongPosition,
            MaxShortPosition = amounts.MaxShortPosition,
            MaxIntradayPosition = amounts.MaxIntradayPosition,
            MaxConcentration = amounts.MaxConcentration,
            MaxStrategyExposure = amounts.MaxStrategyExposure,
            InitialMargin = amounts.InitialMargin,
            MaxValueAtRisk99 = amounts.MaxValueAtRisk99,
            MaxIncrementalValueAtRisk = amounts.MaxIncrementalValueAtRisk,
            CorrelationThreshold = amounts.CorrelationThreshold,
            CorrelationFreeWeight = amounts.CorrelationFreeWeight,
            MaxDailyLoss = amounts.MaxDailyLoss,
        };

    static readonly Gen<RiskCase> All =
        from book in Books
        from order in Orders
        from limits in Limits
        from otherLimits in Limits
        select new RiskCase(book, order, limits, otherLimits);

    static Gen<T> Sometimes<T>(T usual, Gen<T> other) => Gen.Frequency((2, Gen.Constant(usual)), (1, other));

    static Gen<T> Rarely<T>(T usual, Gen<T> rare) => Gen.Frequency((8, Gen.Constant(usual)), (1, rare));

    static Gen<T> Seldom<T>(T usual, params T[] seldom) => Gen.Frequency((12, Gen.Constant(usual)), (1, Gen.Elements(seldom)));

    static Gen<int?> Seldom(int least, int most) =>
        Gen.Frequency((12, Gen.Constant<int?>(null)), (1, Gen.Choose(least, most).Select(value => (int?)value)));

    static Gen<int?> Limit(int least, int most) =>
        Gen.Frequency((1, Gen.Constant<int?>(null)), (3, Gen.Choose(least, most).Select(value => (int?)value)));
}
