using System.Globalization;

namespace Trading.Portfolios;

/// <summary>What may happen to a book: each rule turns a well-formed command into the event to record, or says why not.
/// Nothing here changes the book.</summary>
public static class BookRules
{
    /// <param name="equity">Before the payment; null while it is unknown.</param>
    public static Outcome<CashTransferred> Transfer(
        Book book, CashTransfer transfer, decimal? equity, DateTimeOffset now)
    {
        var free = book.Cash - book.ReservedCash;
        if (transfer.Amount < 0 && free + transfer.Amount < 0)
            return Conflict<CashTransferred>("amount", "insufficient_cash",
                $"{-transfer.Amount} cannot be paid out: {free} is free of {book.Cash} in cash, the rest is reserved for open purchases.");
        return Outcome.Done(new CashTransferred(transfer, Math.Max(0, Mark(book, equity, transfer.Amount)), now));
    }

    /// <summary>The high-water mark after a payment. The drawdown is a fraction: money that comes or goes is neither a
    /// profit nor a loss. A book that had lost all but dust cannot keep it: its mark would be beyond all
    /// amounts.</summary>
    static decimal Mark(Book book, decimal? equity, decimal amount)
    {
        var moved = book.HighWaterMark + amount;
        if (equity is not > 0) return moved;
        var most = Math.Max(moved, Money.MaxAmount);
        var after = equity.Value + amount;
        return Money.ToDouble(book.HighWaterMark) / Money.ToDouble(equity.Value) * Money.ToDouble(after)
            >= Money.ToDouble(most)
            ? most
            : Money.Round(book.HighWaterMark * (after / equity.Value));
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
