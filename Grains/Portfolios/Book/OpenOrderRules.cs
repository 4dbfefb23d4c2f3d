using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Which open orders a position leaves no room for.</summary>
static class OpenOrderRules
{
    /// <summary>The cut that makes the open orders of a symbol fit a position; null where they do. An order that only
    /// reduces fits up to the position, each for itself, since the venue enforces it. In a book that may not go short
    /// sales fit up to what is held, together; the latest approval gives way first.</summary>
    /// <param name="filled">The reservation just filled, of which <paramref name="left"/> remains; null for none.</param>
    public static ReservationsCut? Fit(
        Book book, string symbol, decimal position, string reason, DateTimeOffset now, string? filled = null,
        decimal left = 0)
    {
        var exposure = book.ExposureOf(symbol);
        var room = book.Terms!.AllowShort ? decimal.MaxValue : Math.Max(0, position);
        if (exposure is { ReducingBuys: 0, ReducingSells: 0 } && exposure.OpenSells <= room) return null;

        var cuts = ImmutableArray.CreateBuilder<ReservationCut>();
        foreach (var open in book.ReservationsOf(symbol))
        {
            var remaining = open.ReservationId == filled ? left : open.Remaining;
            var fits = remaining;
            if (open.ReduceOnly)
            {
                fits = Math.Min(remaining, OrderFacts.ClosableBy(open.Action, position, 0, 0));
            }
            else if (open.Action == Side.Sell)
            {
                fits = Math.Min(remaining, room);
                room -= fits;
            }

            if (fits < remaining) cuts.Add(new(open.ReservationId, remaining - fits, fits));
        }

        return cuts.Count == 0 ? null : new(symbol, cuts.ToImmutable(), reason, now);
    }
}
