using System.Globalization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What may happen to a book: each rule turns a well-formed command into the event to record, or says why not.
/// Nothing here changes the book.</summary>
public static class BookRules
{
    /// <summary>Why an execution has no reservation, and what to do.</summary>
    const string NotOpen = "it was never made, is filled, was released or has expired. "
        + "Book a trade that happened all the same as external.";

    /// <param name="equity">Before the payment; null while it is unknown.</param>
    public static Outcome<CashTransferred> Transfer(
        Book book, CashTransfer transfer, decimal? equity, DateTimeOffset now)
    {
        var free = book.Cash - book.ReservedCash;
        if (transfer.Amount < 0 && free + transfer.Amount < 0)
            return Conflict<CashTransferred>("amount", "insufficient_cash",
                $"{-transfer.Amount} cannot be paid out: {free} is free of {book.Cash} in cash, the rest is reserved for open purchases.");
        // The drawdown is a fraction: money that comes or goes is neither a profit nor a loss.
        var mark = equity > 0
            ? Money.Round(book.HighWaterMark * ((equity.Value + transfer.Amount) / equity.Value))
            : book.HighWaterMark + transfer.Amount;
        return Outcome.Done(new CashTransferred(transfer, Math.Max(0, mark), now));
    }

    /// <summary>Finds the reservation of an execution and holds the one against the other.</summary>
    /// <remarks>Reservations that have expired by <paramref name="now"/> must be gone from the book already.</remarks>
    /// <param name="rates">Where they are missing the execution is booked all the same.</param>
    public static Outcome<Filled> Fill(Book book, Fill fill, DateTimeOffset now, FillRates rates = default)
    {
        var reservation = fill.External ? null : FindReservation(book, fill);
        var conflict = fill.External ? ShortSale(book, fill) : Mismatch(fill, reservation);
        if (conflict is not null) return conflict;

        var receipt = rates.Value(book, new FillReceipt(
            fill.FillId, book.Sequence + 1, reservation?.ReservationId, fill.Symbol, fill.Action, fill.Quantity,
            fill.Price, fill.Fees, null, reservation?.Remaining - fill.Quantity, 0, 0, now), fill.FeeCurrency);
        var before = book.HoldingOf(fill.Symbol);
        var after = book.Trade(receipt, out var paid);
        var waits = after.Foreign?.Awaiting is not null;
        return Outcome.Done(new Filled(fill, receipt with
        {
            RealisedPnl = waits ? null : after.Realised - before.Realised,
            FxPnl = waits ? null : after.Foreign?.FxRealised - (before.Foreign?.FxRealised ?? 0),
            PositionQuantity = after.Quantity,
            Cash = book.Cash - paid - (receipt.FeesBooked ?? 0),
        }));
    }

    public static Outcome<Released> Release(Book book, string reservationId, string reason, DateTimeOffset now) =>
        book.FindReservation(reservationId) is { } reservation
            ? Outcome.Done(new Released(reservation, reason, now))
            : Outcome.NotFound<Released>(
                "reservation_id",
                $"There is no open reservation '{reservationId}': it was never made, is filled or has expired.");

    /// <summary>The start of a day, where the equity from which its loss is counted is known.</summary>
    public static DayStarted? StartDay(Book book, decimal? equity, DateTimeOffset now) =>
        book.Activity.IsNewDay(now) && equity is { } known ? new DayStarted(known, now) : null;

    public static Outcome<SymbolEnabled> Enable(
        Book book, string symbol, string by, string reason, DateTimeOffset now) =>
        book.Activity.DisabledBy(symbol) is { } executions
            ? Outcome.Done(new SymbolEnabled(new(symbol, executions, by, reason, now)))
            : Outcome.NotFound<SymbolEnabled>("symbol", $"{symbol} is not disabled.");

    /// <summary>What a heartbeat changes; null where the session goes on as it is.</summary>
    public static SessionConnected? Hear(Book book, double? timeoutSeconds, DateTimeOffset now) =>
        book.Activity.Session is { Connected: true } session && session.TimeoutSeconds == timeoutSeconds
            ? null
            : new(timeoutSeconds, now);

    /// <summary>The end of a session that was silent for longer than its timeout, else null.</summary>
    /// <param name="heardAt">The last heartbeat, or the activation after it.</param>
    public static SessionLost? Silence(Book book, DateTimeOffset heardAt, DateTimeOffset now) =>
        book.Activity.Session is { Connected: true, TimeoutSeconds: { } timeout }
            && (now - heardAt).TotalSeconds > timeout
            ? new SessionLost(
                [.. book.Reservations.Select(open => open.ReservationId).Order(StringComparer.Ordinal)], heardAt, now)
            : null;

    static Reservation? FindReservation(Book book, Fill fill) => fill switch
    {
        { ReservationId: { } id } => book.FindReservation(id),
        { ClientOrderId: { } order } => book.FindReservationOf(order),
        _ => null,
    };

    static Outcome<Filled>? Mismatch(Fill fill, Reservation? reservation)
    {
        if (reservation is null)
            return Conflict<Filled>(
                fill.ReservationId is null ? "client_order_id" : "reservation_id", "no_reservation",
                $"There is no open reservation '{fill.ReservationId ?? fill.ClientOrderId}': {NotOpen}");
        if (fill.ClientOrderId is { } order && order != reservation.ClientOrderId)
            return Differs("client_order_id", order, reservation.ClientOrderId);
        if (fill.Symbol != reservation.Symbol) return Differs("symbol", fill.Symbol, reservation.Symbol);
        if (fill.Action != reservation.Action) return Differs("action", fill.Action, reservation.Action);
        return fill.Quantity <= reservation.Remaining ? null
            : Conflict<Filled>(
                "quantity", "exceeds_reservation",
                $"{fill.Quantity} units were filled and {reservation.Remaining} are reserved.");
    }

    /// <summary>Units that are promised to approved sales are not free for a sale made elsewhere.</summary>
    static Outcome<Filled>? ShortSale(Book book, Fill fill)
    {
        var free = book.ExposureOf(fill.Symbol).Lowest;
        return book.Terms!.AllowShort || fill.Action == Side.Buy || fill.Quantity <= Math.Max(0, free) ? null
            : Conflict<Filled>(
                "quantity", "short_sale",
                $"{fill.Quantity} units were sold and {free} are held and not promised to open sales; the book may not go short.");
    }

    static Outcome<Filled> Differs(string field, object? given, object? reserved) =>
        Conflict<Filled>(
            field, "differs_from_reservation", $"The fill says {given}, its reservation {reserved ?? "none"}.");

    static Outcome<T> Conflict<T>(string field, string rule, FormattableString message) =>
        Outcome.Conflict<T>(field, rule, message.ToString(CultureInfo.InvariantCulture));
}

static class Outcomes
{
    /// <summary>The same outcome with another value.</summary>
    public static Outcome<TTo> As<TFrom, TTo>(this Outcome<TFrom> outcome, Func<TFrom, TTo> convert) => outcome.IsDone
        ? Outcome.Done(convert(outcome.Value!))
        : new(outcome.Kind, default, outcome.Errors);
}
