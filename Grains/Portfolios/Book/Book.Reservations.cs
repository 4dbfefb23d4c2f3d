using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>How approvals are held, used up and given back.</summary>
public sealed partial class Book
{
    void Open(Reservation reservation)
    {
        _expiries.Add(reservation.ReservationId, reservation.ExpiresAt);
        Hold(reservation);
    }

    void Hold(Reservation reservation)
    {
        Activity.Open(reservation);
        _reservations[reservation.ReservationId] = reservation;
        if (reservation.ClientOrderId is { } order) _byOrder[order] = reservation.ReservationId;
        ReservedCash = Money.Plain(ReservedCash + CostOf(reservation, reservation.Remaining));
        Expose(
            reservation.Symbol,
            ExposureOf(reservation.Symbol).With(
                reservation.Action, reservation.Remaining, reservation.ReduceOnly));
    }

    /// <summary>Ends reservations together: an exposure moves once for all that end of its symbol.</summary>
    void GiveBack(ImmutableArray<string> reservations)
    {
        var exposures = new Dictionary<string, Exposure>();
        foreach (var id in reservations)
        {
            if (!_reservations.Remove(id, out var ended)) continue;
            Activity.Reduce(ended, ended.Remaining);
            ReservedCash -= CostOf(ended, ended.Remaining);
            if (ended.ClientOrderId is { } order) _byOrder.Remove(order);
            var exposure = exposures.TryGetValue(ended.Symbol, out var moved) ? moved : ExposureOf(ended.Symbol);
            exposures[ended.Symbol] = exposure.With(ended.Action, -ended.Remaining, ended.ReduceOnly);
        }

        ReservedCash = Money.Plain(ReservedCash);
        foreach (var (symbol, exposure) in exposures) Expose(symbol, exposure);
    }

    void Close(Reservation reservation) => Reduce(reservation, reservation.Remaining);

    /// <summary>Takes units off what a reservation still holds, and ends it with the last of them.</summary>
    void Reduce(Reservation reservation, decimal quantity)
    {
        Activity.Reduce(reservation, quantity);
        var left = reservation with { Remaining = reservation.Remaining - quantity };
        ReservedCash = Money.Plain(
            ReservedCash + CostOf(left, left.Remaining) - CostOf(reservation, reservation.Remaining));
        Expose(
            reservation.Symbol,
            ExposureOf(reservation.Symbol).With(reservation.Action, -quantity, reservation.ReduceOnly));
        if (left.Remaining > 0)
        {
            _reservations[left.ReservationId] = left;
            return;
        }

        _reservations.Remove(left.ReservationId);
        if (left.ClientOrderId is { } order) _byOrder.Remove(order);
    }

    /// <summary>Takes units off an approval as if they had never been approved.</summary>
    void Cut(ReservationCut cut)
    {
        if (!_reservations.TryGetValue(cut.ReservationId, out var open)) return;
        Reduce(open, cut.Quantity);
        if (_reservations.TryGetValue(cut.ReservationId, out var left))
            _reservations[cut.ReservationId] = left with { Quantity = left.Quantity - cut.Quantity };
    }

    /// <summary>An id ends with the number of the event that approved it.</summary>
    static IEnumerable<Reservation> ByAge(IEnumerable<Reservation> reservations) => reservations
        .OrderBy(reservation => reservation.ReservationId.Length)
        .ThenBy(reservation => reservation.ReservationId, StringComparer.Ordinal);

    /// <summary>An order that only reduces reserves no cash, as it holds no exposure.</summary>
    static decimal CostOf(Reservation reservation, decimal quantity) =>
        reservation is { Action: Side.Buy, ReduceOnly: false }
            ? Money.Round(quantity * (reservation.BookPrice() ?? 0))
            : 0;
}
