using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <param name="Quantity">Taken off, in units; <paramref name="Remaining"/> is what it still holds, zero where it
/// ends.</param>
public sealed record ReservationCut(string ReservationId, decimal Quantity, decimal Remaining);

/// <summary>Open orders that no longer fit were cut down; what was cut off is given back.</summary>
/// <param name="Reason">The fill or the corporate action that left no room for them.</param>
public sealed record ReservationsCut(
    string Symbol, ImmutableArray<ReservationCut> Cuts, string Reason, DateTimeOffset At) : BookEvent;

/// <summary>A corporate action became part of the book. With the price in its new units it is one unit in the
/// journal.</summary>
/// <param name="Source">That said so.</param>
/// <param name="Earlier">The value at which it was taken before; null where it is new.</param>
/// <param name="IsLate">Whether the book had used prices or made trades of after it without it.</param>
/// <param name="Held">Units at the beginning of the ex-date.</param>
/// <param name="Whole">Whether fractions of a unit are paid out, at <paramref name="Price"/>.</param>
/// <param name="Cash">Paid to the book; negative where it pays.</param>
/// <param name="Reservations">Open orders as they are from here on; those of which nothing remains end.</param>
public sealed record CorporateActionTaken(
    string Symbol, CorporateAction Action, string Source, decimal? Earlier, bool IsLate, decimal Held, bool Whole,
    decimal Price, Holding Before, Holding After, decimal Cash, ImmutableArray<Reservation> Reservations,
    DateTimeOffset At) : BookEvent
{
    /// <summary>Of the instrument; null for the book's.</summary>
    public string? Currency { get; init; }

    /// <summary>What one unit of it was worth in the book's; null for the book's own, and where it was not known: then
    /// what is paid waits for a rate.</summary>
    public decimal? FxRate { get; init; }
}

/// <summary>What was held of a symbol is held of another one, unit for unit and at its cost. Open orders of the old symbol
/// end: the venue knows them no more.</summary>
/// <param name="Source">That said so.</param>
/// <param name="After">The old holding, which keeps its realised profit; <paramref name="Successor"/> is the new
/// one.</param>
/// <param name="Reservations">Given back.</param>
public sealed record SymbolChanged(
    string Symbol, string NewSymbol, DateOnly ExDate, string Source, bool IsLate, Holding After, Holding Successor,
    ImmutableArray<string> Reservations, DateTimeOffset At) : BookEvent;
