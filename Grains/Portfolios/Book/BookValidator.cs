using System.Collections.Immutable;
using System.Globalization;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The form of what is booked, judged without any book: every broken rule at once. Field names are those of
/// the request.</summary>
public static class BookValidator
{
    /// <summary>The finest fraction of an amount of money, in decimal places.</summary>
    const int MaxAmountDecimals = Money.ExactDecimals;

    /// <summary>The longest reason that is recorded with a release, in characters.</summary>
    const int MaxReasonLength = 200;

    public static ImmutableArray<FieldError> CheckReason(string reason) => FieldErrors.Collect(
        [
            Unless(
                reason is { Length: <= MaxReasonLength }, "reason",
                "length", $"at most {MaxReasonLength} characters", reason?.Length)
        ]);

    public static ImmutableArray<FieldError> CheckEnabling(
        string symbol, string by, string reason) => FieldErrors.Collect(
    [
        Unless(
            GrainKeys.IsSymbol(symbol), "symbol", "form",
            $"1 to {GrainKeys.MaxLength} letters, digits or any of . - / = ^", symbol),
        Unless(
            !string.IsNullOrWhiteSpace(by) && by.Length <= GrainKeys.MaxLength, "by", "length",
            $"1 to {GrainKeys.MaxLength} characters", by?.Length),
        Unless(
            !string.IsNullOrWhiteSpace(reason) && reason.Length <= MaxReasonLength, "reason", "length",
            $"1 to {MaxReasonLength} characters", reason?.Length),
    ]);

    public static ImmutableArray<FieldError> Check(PortfolioTerms terms)
    {
        ReadOnlySpan<FieldError?> findings =
        [
            Unless(
                terms.Currency is { Length: 3 } code && code.All(char.IsAsciiLetterUpper), "currency", "form",
                "three capital letters (ISO 4217)", terms.Currency),
            Unless(terms.Cash >= 0, "cash", "not_negative", "zero or more", terms.Cash),
            .. Amount("cash", terms.Cash),
        ];
        return FieldErrors.Collect(findings);
    }

    public static ImmutableArray<FieldError> Check(CashTransfer transfer)
    {
        ReadOnlySpan<FieldError?> findings =
        [
            Identifier("transfer_id", transfer.TransferId),
            Unless(
                transfer.Amount != 0, "amount", "not_zero", "positive to pay in or negative to pay out",
                transfer.Amount),
            .. Amount("amount", transfer.Amount),
        ];
        return FieldErrors.Collect(findings);
    }

    public static ImmutableArray<FieldError> Check(Fill fill)
    {
        var quantified = fill.Quantity is > 0 and <= OrderValidator.MaxQuantity;
        var priced = fill.Price is > 0 and <= OrderValidator.MaxPrice;
        ReadOnlySpan<FieldError?> findings =
        [
            Identifier("fill_id", fill.FillId),
            fill.ClientOrderId is null ? null : Identifier("client_order_id", fill.ClientOrderId),
            Unless(
                !fill.External || fill.ReservationId is null, "reservation_id", "absent",
                "absent for an external trade", fill.ReservationId),
            Unless(
                GrainKeys.IsSymbol(fill.Symbol), "symbol", "form",
                $"1 to {GrainKeys.MaxLength} letters, digits or any of . - / = ^", fill.Symbol),
            Unless(fill.Action is Side.Buy or Side.Sell, "action", "one_of", "BUY or SELL", fill.Action),
            Unless(quantified, "quantity", "range", "more than zero and at most 1e12 units", fill.Quantity),
            Unless(
                decimal.Round(fill.Quantity, OrderValidator.MaxQuantityDecimals) == fill.Quantity, "quantity",
                "decimals",
                $"of at most {OrderValidator.MaxQuantityDecimals} decimal places", fill.Quantity),
            Unless(priced, "price", "range", "more than zero and at most 1e12", fill.Price),
            Unless(
                !quantified || !priced || fill.Quantity * fill.Price <= Money.MaxAmount, "price", "amount",
                "at most 1e15 in all, times the quantity", fill.Price),
            Unless(fill.Fees >= 0, "fees", "not_negative", "zero or more", fill.Fees),
            .. Amount("fees", fill.Fees),
            Unless(
                fill.FeeCurrency is null || CurrencyCodes.IsValid(fill.FeeCurrency), "fee_currency", "form",
                "the code of a currency or coin, 2 to 16 letters or digits", fill.FeeCurrency),
        ];
        return FieldErrors.Collect(findings);
    }

    static FieldError? Identifier(string field, string value) => Unless(
        GrainKeys.IsClientOrderId(value), field, "form",
        $"1 to {GrainKeys.MaxLength} printable ASCII characters without spaces", value);

    static FieldError?[] Amount(string field, decimal amount) =>
    [
        Unless(Math.Abs(amount) <= Money.MaxAmount, field, "range", "at most 1e15", amount),
        Unless(
            Money.Round(amount, MaxAmountDecimals) == amount, field, "decimals",
            $"of at most {MaxAmountDecimals} decimal places", amount),
    ];

    static FieldError? Unless<T>(bool holds, string field, string rule, string words, T value) => holds
        ? null
        : new(
            field, rule,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{field} must be {words}; it is {value?.ToString() ?? "missing"}."));
}
