using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A command that comes again under its idempotency key: the same content gets the same answer, other content is a conflict
/// that names the field.</summary>
public static class Repeats
{
    public static Outcome<SignalDecision> Of(Order order, BookEvent earlier)
    {
        var (known, decision, _) = Expect<SignalDecided>(earlier);
        return Differing(
            ("symbol", order.Symbol == known.Symbol),
            ("action", order.Action == known.Action),
            ("position_size", order.Quantity == known.Quantity),
            ("confidence", order.Confidence == known.Confidence),
            ("limit_price", order.LimitPrice == known.LimitPrice)) is { } field
            ? Refuse<SignalDecision>("client_order_id", order.ClientOrderId!, field)
            : Outcome.Done(decision);
    }

    public static Outcome<FillReceipt> Of(Fill fill, BookEvent earlier)
    {
        var (known, receipt) = Expect<Filled>(earlier);
        return Differing(
            ("client_order_id", fill.ClientOrderId == known.ClientOrderId),
            ("reservation_id", fill.ReservationId == known.ReservationId),
            ("symbol", fill.Symbol == known.Symbol),
            ("action", fill.Action == known.Action),
            ("quantity", fill.Quantity == known.Quantity),
            ("price", fill.Price == known.Price),
            ("fees", fill.Fees == known.Fees),
            ("external", fill.External == known.External)) is { } field
            ? Refuse<FillReceipt>("fill_id", fill.FillId, field)
            : Outcome.Done(receipt);
    }

    /// <summary>Null where the repeat is the same payment: the answer is the book as it is now.</summary>
    public static Outcome<PortfolioSnapshot>? Of(CashTransfer transfer, BookEvent earlier) =>
        transfer.Amount == Expect<CashTransferred>(earlier).Transfer.Amount
            ? null
            : Refuse<PortfolioSnapshot>("transfer_id", transfer.TransferId, "amount");

    /// <summary>A reservation that was given back, on demand or by expiry, stays given back.</summary>
    public static Outcome<Reservation> OfRelease(BookEvent earlier) => Outcome.Done(earlier switch
    {
        Released released => released.Reservation with { Remaining = 0 },
        _ => Expect<Expired>(earlier).Reservation with { Remaining = 0 },
    });

    static string? Differing(params ReadOnlySpan<(string Field, bool Same)> fields)
    {
        foreach (var (field, same) in fields)
            if (!same) return field;
        return null;
    }

    static Outcome<T> Refuse<T>(string key, string id, string field) =>
        Outcome.Conflict<T>(field, "differs_from_first", $"{key} '{id}' was used before with another {field}.");

    static T Expect<T>(BookEvent earlier) where T : BookEvent => earlier as T
        ?? throw new InvalidDataException($"The journal has a {earlier.GetType().Name} under the key of a {typeof(T).Name}.");
}
