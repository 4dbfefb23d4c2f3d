using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What corporate actions do to a book: pure, once for each, also where one becomes known late.</summary>
public static class CorporateActionRules
{
    /// <summary>A holding after an action, and what is paid in cash, in the book's currency: a short position pays.
    /// What waits for a rate is paid with it.</summary>
    /// <param name="change">Where fractions are paid out, at which price and which rate.</param>
    internal static (Holding Holding, decimal Paid) Move(Holding held, CorporateAction action, HoldingChange change)
    {
        if (held is { Foreign: null, Quantity: not 0 } && change.Currency is { } currency)
            held = held with { Foreign = new(currency, held.Cost) }; // only now is it known that it is another one
        switch (action.Kind)
        {
            case CorporateActionKind.Split:
                var ratio = SplitRatio.Of(action.Value);
                var split = held with
                {
                    Quantity = ratio.Units(held.Quantity),
                    Average = held.Average is { } average ? Money.Plain(average * ratio.Old / ratio.New) : null,
                };
                var fraction = change.Whole ? split.Quantity - decimal.Truncate(split.Quantity) : 0;
                return fraction == 0 ? (split, 0) : PaidOut(split, fraction, change.Price, change);
            case CorporateActionKind.Delisting:
                return PaidOut(held, held.Quantity, action.Value, change);
            default:
                var beside = change.Beside ?? 0;
                var amount = Money.Plain(Money.Fit(held.Quantity * action.Value, beside));
                if (held.Foreign is { } foreign) return foreign.Receive(held, amount, change.Rate, beside);
                return (held with { Realised = held.Realised + amount }, amount);
        }
    }

    /// <summary>The events that a series brings: each of its actions that its prices contain, or whose day has come,
    /// and that the book has not taken or took at another value.</summary>
    /// <param name="known">The newest session that the book knew; null for none.</param>
    /// <param name="rates">Of the instrument's currency at this moment.</param>
    /// <param name="ratesOf">Of another symbol's; null while the symbol has no price: a position waits for that of its
    /// successor.</param>
    public static ImmutableArray<BookEvent> Due(
        Book book, PriceSeries series, DateOnly? known, DateTimeOffset now, FillRates rates = default,
        Func<string, FillRates?>? ratesOf = null)
    {
        if (series.Actions.IsEmpty) return [];
        var changes = ImmutableArray.CreateBuilder<BookEvent>();
        var today = SessionDays.TradeDate(Activity.MarketOf(book.Terms), now);
        var history = new HoldingHistory((book.HistoryOf(series.Symbol) ?? HoldingHistory.Of(series.Symbol)).Save());
        var held = book.HoldingOf(series.Symbol);
        ImmutableArray<Reservation>? asked = null; // nearly always nothing is due, and there may be tens of thousands
        ImmutableArray<Reservation> Open() => asked ??= [.. book.ReservationsOf(series.Symbol)];
        foreach (var action in series.Actions)
        {
            if (action.NewSymbol is not null)
            {
                // Where prices follow, the symbol may be another company's by now: only what was there before moves.
                var moves = series.LastSession < action.ExDate
                    || (action.ExDate > history.Since
                        && (known < action.ExDate || history.HasTradedBefore(action.ExDate)));
                var successor = ratesOf?.Invoke(action.NewSymbol);
                var isKnown = ratesOf is null || successor is not null; // without a price nobody knows its currency
                var renamed = moves && isKnown && IsEffective(action, series, today)
                    ? Renamed(
                        book, held, Open(), action, series.Provenance.Source, known >= action.ExDate, successor, now)
                    : null;
                if (renamed is null) continue;
                changes.Add(renamed);
                break; // what comes after is of the new symbol
            }

            var earlier = history.Taken(action);
            // A trade that is told after the end of a symbol is a fact of before it.
            var isLeft = action.Kind == CorporateActionKind.Delisting && series.LastSession < action.ExDate
                && (held.Quantity != 0 || !Open().IsEmpty);
            if (!IsEffective(action, series, today)
                || (!isLeft && (action.ExDate <= history.Since || earlier == action.Value)))
                continue;
            var price = PriceOn(series, action);
            var change = new HoldingChange(
                action.ExDate, null, 0, 0, action, price, IsWhole(series.Terms, held.Quantity))
            {
                Currency = rates.Currency ?? held.Foreign?.Currency,
                Rate = rates.Rate,
                Beside = Money.Beside(book.Size),
            };
            var (after, paid, before) = history.With(change);
            var cash = paid - history.Paid;
            var moved = earlier is null || isLeft ? Rescaled(Open(), action, price, known) : [];
            if (after == held && cash == 0 && moved.IsEmpty) continue;

            var isLate = earlier is not null || known >= action.ExDate || history.HasTradedSince(action.ExDate);
            changes.Add(new CorporateActionTaken(
                series.Symbol, action, series.Provenance.Source, earlier, isLate, before.Quantity, change.Whole, price,
                held, after, cash, moved, now) { Currency = change.Currency, FxRate = change.Rate });
            history.Add(change);
            held = after;
            asked = [.. Open()
                .Select(one => moved.FirstOrDefault(other => other.ReservationId == one.ReservationId) ?? one)
                .Where(one => one.Remaining > 0)];
        }

        return changes.ToImmutable();
    }

    /// <summary>The position under its new symbol; null where there is nothing to change, and while what it cost is
    /// not known in the new symbol's currency.</summary>
    static SymbolChanged? Renamed(
        Book book, Holding held, ImmutableArray<Reservation> open, CorporateAction action, string source, bool isLate,
        FillRates? rates, DateTimeOffset now)
    {
        if (held.Quantity == 0 && open.IsEmpty) return null;
        var other = book.HoldingOf(action.NewSymbol!);
        var moved = rates is null || held.Quantity == 0 ? held : held.In(rates.Value.Currency, rates.Value.Rate);
        if (moved is null) return null;
        moved = book.HistoryOf(other.Symbol)?.InUnitsOfNow(moved, action.ExDate) ?? moved;
        return new(
            held.Symbol, action.NewSymbol!, action.ExDate, source, isLate, held.MoveTo(other).After,
            moved.MoveTo(other).Successor,
            [.. open.Select(one => one.ReservationId)], now);
    }

    /// <summary>Whether a decision counted prices of after an action with units or cash of before it.</summary>
    /// <param name="valuation">As it was for the decision.</param>
    internal static bool IsUsedBy(CorporateActionTaken late, SignalDecision decision, BookValuation valuation) =>
        (late.Symbol == decision.Symbol || valuation.Book.Exposures.ContainsKey(late.Symbol))
        && valuation.Prices.Find(late.Symbol)?.LastSession >= late.Action.ExDate;

    static bool IsEffective(CorporateAction action, PriceSeries series, DateOnly today) =>
        action.ExDate <= series.LastSession
        || (IsEnd(action) && action.ExDate <= today);

    /// <summary>The ex-date of the action that an event is of.</summary>
    internal static DateOnly DayOf(BookEvent change) => change switch
    {
        CorporateActionTaken taken => taken.Action.ExDate,
        SymbolChanged changed => changed.ExDate,
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "It is of no action."),
    };

    /// <summary>Whether no price of the symbol follows it.</summary>
    internal static bool IsEnd(CorporateAction action) =>
        action.Kind is CorporateActionKind.Delisting or CorporateActionKind.SymbolChange;

    /// <summary>Where the lot is a whole unit or more, or is not known and whole units are held.</summary>
    static bool IsWhole(InstrumentTerms? terms, decimal held) =>
        terms?.LotSize is { } lot ? lot >= 1 : decimal.Truncate(held) == held;

    /// <summary>The close of the first session without it, in the units of that session.</summary>
    static decimal PriceOn(PriceSeries series, CorporateAction action)
    {
        var at = series.Dates.BinarySearch(action.ExDate);
        var close = series.Closes[Math.Min(at < 0 ? ~at : at, series.Closes.Length - 1)];
        foreach (var later in series.Actions)
            if (later.Kind == CorporateActionKind.Split && later.ExDate > action.ExDate
                && later.ExDate <= series.LastSession)
                close *= later.Value;
        return Money.Round(close, close < 1 ? Money.ExactDecimals : Money.Decimals);
    }

    /// <summary>Open orders in old units as they are in new ones, whole units only: one of less ends. A delisting ends
    /// all of them.</summary>
    /// <param name="known">The newest session that the book knew: where it may be one of after the split, the price of
    /// each order tells.</param>
    static ImmutableArray<Reservation> Rescaled(
        ImmutableArray<Reservation> open, CorporateAction action, decimal price, DateOnly? known)
    {
        if (action.Kind == CorporateActionKind.Delisting) return [.. open.Select(one => one with { Remaining = 0 })];
        if (action.Kind != CorporateActionKind.Split) return [];
        var ratio = SplitRatio.Of(action.Value);
        return
        [
            .. from one in open
               where known < action.ExDate || ratio.IsOld(one.ReferencePrice, price)
               let whole = decimal.Truncate(one.Quantity) == one.Quantity
               let filled = ratio.Units(one.Quantity - one.Remaining)
               let remaining = whole ? decimal.Truncate(ratio.Units(one.Remaining)) : ratio.Units(one.Remaining)
               select one with
               {
                   Quantity = filled + remaining,
                   Remaining = remaining,
                   ReferencePrice = ratio.Price(one.ReferencePrice),
                   LimitPrice = one.LimitPrice is { } limit ? ratio.Price(limit) : null,
               },
        ];
    }

    static (Holding Holding, decimal Paid) PaidOut(
        Holding held, decimal quantity, decimal price, HoldingChange change)
    {
        if (quantity == 0) return (held, 0);
        var beside = change.Beside ?? 0;
        var value = Money.Fit(quantity * price, beside);
        var after = held.Trade(new(-quantity, -value, price, change.Currency, change.Rate, beside), out var paid);
        return (after, -paid);
    }
}
