using System.Collections.Immutable;
using System.Globalization;

namespace Trading.Risk;

/// <summary>The form of an order, judged without any book. Field names are those of the request.</summary>
public static class OrderValidator
{
    /// <summary>The largest quantity of one order, in units.</summary>
    public const decimal MaxQuantity = 1e12m;

    /// <summary>The highest price, per unit; with <see cref="MaxQuantity"/> it keeps every product within a
    /// decimal.</summary>
    public const decimal MaxPrice = 1e12m;

    /// <summary>The finest fraction of a unit, in decimal places.</summary>
    public const int MaxQuantityDecimals = 18;

    /// <summary>Every rule of form that the order breaks, in the order of its fields; empty for a well-formed
    /// one.</summary>
    public static ImmutableArray<FieldError> Check(Order order)
    {
        ReadOnlySpan<FieldError?> findings =
        [
            Unless(GrainKeys.IsSymbol(order.Symbol), "symbol", "form",
                "1 to 64 letters, digits or any of . - / = ^", order.Symbol),
            Unless(order.Action is Side.Buy or Side.Sell, "action", "one_of", "BUY or SELL", order.Action),
            Unless(order.Quantity > 0m, "position_size", "positive", "more than zero units", order.Quantity),
            Unless(order.Quantity <= MaxQuantity, "position_size", "max", "at most 1e12 units", order.Quantity),
            Unless(HasAtMost(MaxQuantityDecimals, order.Quantity), "position_size", "decimals",
                "a number with at most 18 decimal places", order.Quantity),
            Unless(
                order.Confidence is null or (>= 0 and <= 1), "confidence", "range", "a number from 0 to 1",
                order.Confidence),
            Unless(
                order.ClientOrderId is null || GrainKeys.IsClientOrderId(order.ClientOrderId), "client_order_id",
                "form",
                "1 to 64 printable ASCII characters without spaces", order.ClientOrderId),
            Unless(order.LimitPrice is null or > 0m, "limit_price", "positive", "more than zero", order.LimitPrice),
            Unless(order.LimitPrice is null or <= MaxPrice, "limit_price", "max", "at most 1e12", order.LimitPrice),
            Unless(order.Strategy is null || GrainKeys.IsClientOrderId(order.Strategy), "strategy", "form",
                "1 to 64 printable ASCII characters without spaces", order.Strategy),
        ];
        return FieldErrors.Collect(findings);
    }

    /// <summary>The same order with its ticker in the form in which it is a key.</summary>
    public static Order Normalised(Order order) =>
        GrainKeys.Symbol(order.Symbol) is var key && key == order.Symbol ? order : order with { Symbol = key };

    static bool HasAtMost(int decimals, decimal value) =>
        value.Scale <= decimals || decimal.Round(value, decimals) == value;

    static FieldError? Unless<T>(bool holds, string field, string rule, string words, T value) => holds
        ? null
        : new(field, rule, $"{field} must be {words}; it is {Shown(value)}.");

    static string Shown<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) switch
    {
        null or "" => "missing",
        { Length: > GrainKeys.MaxLength } text => text[..GrainKeys.MaxLength] + "…",
        var text => text,
    };
}
