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
    DateTimeOffset At) : BookEvent;
