using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <param name="Quantity">Taken off, in units; <paramref name="Remaining"/> is what it still holds, zero where it
/// ends.</param>
public sealed record ReservationCut(string ReservationId, decimal Quantity, decimal Remaining);

/// <summary>Open orders that no longer fit were cut down; what was cut off is given back.</summary>
/// <param name="Reason">The fill or the corporate action that left no room for them.</param>
public sealed record ReservationsCut(
    string Symbol, ImmutableArray<ReservationCut> Cuts, string Reason, DateTimeOffset At) : BookEvent;
