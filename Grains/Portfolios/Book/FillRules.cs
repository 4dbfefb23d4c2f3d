using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What is known of the order of a fill besides the fill.</summary>
public sealed record KnownOrder(string Symbol, Side Action, string? Strategy, bool ReduceOnly)
{
    /// <summary>Executed where nobody held it to the position.</summary>
    public bool Elsewhere { get; init; }

    public static KnownOrder Of(Reservation open) => new(open.Symbol, open.Action, open.Strategy, open.ReduceOnly);

    public static KnownOrder Of(SignalDecision decided) =>
        new(decided.Symbol, decided.Action, decided.Strategy, decided.ReduceOnly);
}

/// <summary>What executions do to a book. They have happened: every one that is well formed is booked, with what it
/// broke, and open orders that it leaves no room for are cut down. Nothing here changes the book.</summary>
public static class FillRules
{
    const string Units = "units";

    /// <summary>The fill, and the cut that follows from it.</summary>
    /// <remarks>Reservations that have expired by <paramref name="now"/> must be gone from the book already.</remarks>
    /// <param name="order">What is known of the order, also where its approval is not open any more; null for
    /// nothing.</param>
    /// <param name="rates">Where they are missing the execution is booked all the same.</param>
    public static ImmutableArray<BookEvent> Take(
        Book book, Fill fill, DateTimeOffset now, KnownOrder? order = null, FillRates rates = default)
    {
        var filled = Post(book, fill, now, order, rates);
        var receipt = filled.Receipt;
        var cut = OpenOrderRules.Fit(
            book, receipt.Symbol, receipt.PositionQuantity, "fill " + fill.FillId, now, receipt.ReservationId,
            receipt.RemainingReserved ?? 0);
        return cut is null ? [filled] : [filled, cut];
    }

    /// <summary>Finds the reservation of an execution and holds the one against the other.</summary>
    /// <remarks>The fills of an order that only reduces end at the position, as at a venue that enforces it: what is
    /// reported beyond is recorded and not booked, so that no such order turns a book around. Where it was executed
    /// beyond all the same, that is told as a trade made elsewhere, and booked whole.</remarks>
    public static Filled Post(
        Book book, Fill fill, DateTimeOffset now, KnownOrder? order = null, FillRates rates = default)
    {
        var named = FindReservation(book, fill);
        var contradiction = named is null ? null : Contradiction(fill, named);
        var reservation = contradiction is null ? named : null;
        var known = order is not null && order.Symbol == fill.Symbol && order.Action == fill.Action ? order : null;
        var reduces = reservation?.ReduceOnly ?? known?.ReduceOnly ?? false;
        var before = book.HoldingOf(fill.Symbol);
        var closable = OrderFacts.ClosableBy(fill.Action, before.Quantity, 0, 0);
        var quantity = reduces && known is not { Elsewhere: true } ? Math.Min(fill.Quantity, closable) : fill.Quantity;

        ReadOnlySpan<FillViolation?> found =
        [
            named is null && !fill.External ? NoReservation(fill) : null,
            contradiction,
            fill.Quantity > reservation?.Remaining ? Exceeds(fill, reservation.Remaining) : null,
            reduces ? null : ShortSale(book, fill, reservation),
            reduces && closable < fill.Quantity ? Beyond(fill, closable, quantity) : null,
        ];
        var receipt = rates.Value(book, new FillReceipt(
            fill.FillId, book.Sequence + 1, reservation?.ReservationId, fill.Symbol, fill.Action, quantity, fill.Price,
            fill.Fees, null, reservation is null ? null : Math.Max(0, reservation.Remaining - quantity), 0, 0, now)
        {
            Violations = Broken(found),
        }, fill.FeeCurrency);
        return new Filled(fill, Settled(book, receipt))
        {
            Strategy = reservation is null ? known?.Strategy : null,
        };
    }

    /// <summary>With what it makes of the book.</summary>
    static FillReceipt Settled(Book book, FillReceipt receipt)
    {
        var before = book.HoldingOf(receipt.Symbol);
        var after = book.Trade(receipt, out var paid);
        var waits = after.Foreign?.Awaiting is not null;
        return receipt with
        {
            RealisedPnl = waits ? null : after.Realised - before.Realised,
            FxPnl = waits ? null : after.Foreign?.FxRealised - (before.Foreign?.FxRealised ?? 0),
            PositionQuantity = after.Quantity,
            Cash = book.Cash - paid - (receipt.FeesBooked ?? 0),
        };
    }

    /// <summary>The open approval that a fill names; null for none.</summary>
    internal static Reservation? FindReservation(Book book, Fill fill) => fill switch
    {
        { External: true } => null,
        { ReservationId: { } id } => book.FindReservation(id),
        { ClientOrderId: { } order } => book.FindReservationOf(order),
        _ => null,
    };

    static FillViolation NoReservation(Fill fill) => Violation(
        FillRule.NoReservation, fill, null, (fill.ReservationId ?? fill.ClientOrderId) is { } order
            ? $"There is no open reservation '{order}': it was never made, is filled, was released or has expired."
            : (FormattableString)$"The fill names no reservation.");

    static FillViolation? Contradiction(Fill fill, Reservation reservation)
    {
        if (fill.ClientOrderId is { } order && order != reservation.ClientOrderId)
            return Differs(order, reservation.ClientOrderId);
        if (fill.Symbol != reservation.Symbol) return Differs(fill.Symbol, reservation.Symbol);
        return fill.Action == reservation.Action ? null : Differs(fill.Action, reservation.Action);

        FillViolation Differs(object? given, object? reserved) => Violation(
            FillRule.DiffersFromReservation, fill, null,
            $"The fill says {given}, its reservation {reserved ?? "none"}; the reservation stays as it is.");
    }

    static FillViolation Exceeds(Fill fill, decimal reserved) => Violation(
        FillRule.ExceedsReservation, fill, reserved,
        $"{fill.Quantity} units were filled and {reserved} were reserved.");

    /// <summary>Units that are promised to other approved sales are not free for this one.</summary>
    static FillViolation? ShortSale(Book book, Fill fill, Reservation? own)
    {
        if (book.Terms!.AllowShort || fill.Action == Side.Buy) return null;
        var exposure = book.ExposureOf(fill.Symbol);
        var promised = exposure.OpenSells - (own is { ReduceOnly: false } ? own.Remaining : 0);
        var free = Math.Max(0, exposure.Quantity - promised);
        return fill.Quantity <= free ? null : Violation(
            FillRule.ShortSale, fill, free,
            $"{fill.Quantity} units were sold and {free} were held and not promised to open sales; the book may not go short.");
    }

    static FillViolation Beyond(Fill fill, decimal closable, decimal booked) => Violation(
        FillRule.ReduceOnly, fill, closable,
        $"{fill.Quantity} units are reported of an order that only reduces, and {closable} were left; {booked} are booked.");

    static FillViolation Violation(FillRule code, Fill fill, decimal? limit, FormattableString detail) =>
        new(code, fill.Quantity, limit, Units, FormattableString.Invariant(detail));

    static ImmutableArray<FillViolation>? Broken(ReadOnlySpan<FillViolation?> found)
    {
        ImmutableArray<FillViolation>.Builder? known = null;
        foreach (var violation in found)
            if (violation is not null) (known ??= ImmutableArray.CreateBuilder<FillViolation>()).Add(violation);
        return known?.ToImmutable();
    }
}
