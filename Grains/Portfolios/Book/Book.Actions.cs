using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>How corporate actions move the book.</summary>
public sealed partial class Book
{
    readonly SortedDictionary<string, HoldingHistory> _histories = new(StringComparer.Ordinal);

    /// <summary>The latest changes of a holding; null for a symbol that was never traded.</summary>
    public HoldingHistory? HistoryOf(string symbol) => _histories.GetValueOrDefault(symbol);

    /// <summary>Before anything of the fill is booked.</summary>
    void Note(Filled filled)
    {
        var receipt = filled.Receipt;
        if (receipt.Quantity == 0) return;
        var sign = receipt.Action == Side.Buy ? 1 : -1;
        var value = receipt.Value is { } exact
            ? (exact * sign) - FeeValue(receipt)
            : Money.Round(receipt.Quantity * receipt.Price) * sign;
        Historied(receipt.Symbol).Add(new(
            SessionDays.TradeDate(Activity.MarketOf(Terms), receipt.BookedAt), filled.Session, receipt.Units(), value, null,
            receipt.Price, false)
        {
            Currency = receipt.Currency,
            Rate = receipt.FxRate,
            Beside = Money.Beside(Math.Max(Size, receipt.Value ?? 0)),
            Rounded = receipt.Value is null,
        });
    }

    void Take(CorporateActionTaken taken)
    {
        foreach (var moved in taken.Reservations) Close(_reservations[moved.ReservationId]);
        if (taken.Action.Kind == CorporateActionKind.Split)
            Activity.Rescale(taken.Symbol, SplitRatio.Of(taken.Action.Value));
        Historied(taken.Symbol).Add(new(taken.Action.ExDate, null, 0, 0, taken.Action, taken.Price, taken.Whole)
        {
            Currency = taken.Currency,
            Rate = taken.FxRate,
            Beside = Money.Beside(Size),
        });
        Cash += taken.Cash;
        Hold(taken.After);
        Expose(taken.Symbol, ExposureOf(taken.Symbol) with { Quantity = taken.After.Quantity });
        foreach (var moved in taken.Reservations)
            if (moved.Remaining > 0) Hold(moved);
    }

    void Take(SymbolChanged changed)
    {
        GiveBack(changed.Reservations);
        Activity.Rename(changed.Symbol, changed.NewSymbol);
        foreach (var holding in (ReadOnlySpan<Holding>)[changed.After, changed.Successor])
        {
            Hold(holding);
            // What was taken of the successor before the change was told is not taken of it once more.
            var acted = Historied(holding.Symbol).Acted;
            _histories[holding.Symbol] = HoldingHistory.After(holding, acted > changed.ExDate ? acted : changed.ExDate);
            Expose(holding.Symbol, ExposureOf(holding.Symbol) with { Quantity = holding.Quantity });
        }
    }

    /// <summary>Of a program that kept none: what is held is as it was at the last event.</summary>
    void RestoreHistories(BookState state)
    {
        foreach (var history in state.Histories ?? []) _histories[history.Base.Symbol] = new(history);
        if (state.Histories is not null) return;
        var since = DateOnly.FromDateTime(new DateTime(state.Activity?.Now ?? 0, DateTimeKind.Utc));
        foreach (var holding in state.Holdings) _histories[holding.Symbol] = HoldingHistory.After(holding, since);
    }

    HoldingHistory Historied(string symbol) => _histories.TryGetValue(symbol, out var known)
        ? known
        : _histories[symbol] = HoldingHistory.Of(symbol);
}
