using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A command that comes again under its idempotency key: the same content gets the same answer, other content
/// is a conflict that names the field.</summary>
public static class Idempotency
{
    /// <summary>Null where the order is the one decided.</summary>
    public static Outcome<T>? Conflict<T>(Order order, SignalDecision known) =>
        Differing(order, OrderOf(known)) is { } field
            ? Refuse<T>("client_order_id", order.ClientOrderId!, field)
            : null;

    /// <summary>What is wrong with one order of a list, which is named with its place; null where it is the same as the
    /// one that its id was used for.</summary>
    public static FieldError? Conflict(int index, Order order, Order known) => Differing(order, known) is { } field
        ? new(
            FormattableString.Invariant($"[{index}].client_order_id"), "differs_from_first",
            Reused("client_order_id", order.ClientOrderId!, field))
        : null;

    /// <summary>The order that was decided.</summary>
    public static Order OrderOf(SignalDecision known) => new(
        known.Symbol, known.Action, known.Quantity, known.ClientOrderId, known.Confidence, known.LimitPrice)
    {
        Strategy = known.Strategy,
        ReduceOnly = known.ReduceOnly,
        By = known.By,
    };

    /// <summary>The first field in which an order is another one; null where it is the same.</summary>
    static string? Differing(Order order, Order known) => Differing(
        ("symbol", order.Symbol == known.Symbol),
        ("action", order.Action == known.Action),
        ("position_size", order.Quantity == known.Quantity),
        ("confidence", order.Confidence == known.Confidence),
        ("limit_price", order.LimitPrice == known.LimitPrice),
        ("strategy", order.Strategy == known.Strategy),
        ("reduce_only", order.ReduceOnly == known.ReduceOnly));

    /// <summary>Null where the terms are the same: the answer is the book as it is now.</summary>
    public static Outcome<PortfolioSnapshot>? Conflict(PortfolioTerms terms, PortfolioTerms known) => Differing(
        ("currency", terms.Currency == known.Currency),
        ("cash", terms.Cash == known.Cash),
        ("allow_short", terms.AllowShort == known.AllowShort),
        ("market", terms.Market is null || terms.Market == Activity.MarketOf(known))) is { } field
        ? Outcome.Conflict<PortfolioSnapshot>(field, "exists", $"The portfolio exists with another {field}.")
        : null;

    /// <summary>Null where the payment is the same: the answer is the book as it is now.</summary>
    public static Outcome<PortfolioSnapshot>? Conflict(CashTransfer transfer, BookEvent earlier) =>
        transfer.Amount == Expect<CashTransferred>(earlier).Transfer.Amount
            ? null
            : Refuse<PortfolioSnapshot>("transfer_id", transfer.TransferId, "amount");

    public static Outcome<FillReceipt> Of(Fill fill, BookEvent earlier)
    {
        var filled = Expect<Filled>(earlier);
        var known = filled.Fill;
        return Differing(
            ("client_order_id", fill.ClientOrderId == known.ClientOrderId),
            ("reservation_id", fill.ReservationId == known.ReservationId),
            ("symbol", fill.Symbol == known.Symbol),
            ("action", fill.Action == known.Action),
            ("quantity", fill.Quantity == known.Quantity),
            ("price", fill.Price == known.Price),
            ("fees", fill.Fees == known.Fees),
            ("fee_currency", fill.FeeCurrency == known.FeeCurrency),
            ("external", fill.External == known.External)) is { } field
            ? Refuse<FillReceipt>("fill_id", fill.FillId, field)
            : Outcome.Done(filled.Answer);
    }

    /// <summary>A reservation that was given back stays given back.</summary>
    public static Reservation OfRelease(BookEvent earlier) =>
        Expect<Released>(earlier).Reservation with { Remaining = 0 };

    static string? Differing(params ReadOnlySpan<(string Field, bool Same)> fields)
    {
        foreach (var (field, same) in fields)
            if (!same) return field;
        return null;
    }

    static Outcome<T> Refuse<T>(string key, string id, string field) =>
        Outcome.Conflict<T>(field, "differs_from_first", Reused(key, id, field));

    static string Reused(string key, string id, string field) => $"{key} '{id}' was used before with another {field}.";

    static T Expect<T>(BookEvent earlier) where T : BookEvent => earlier as T
        ?? throw new InvalidDataException(
            $"The journal has a {earlier.GetType().Name} under the key of a {typeof(T).Name}.");
}
