using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The exchange rates of the moment at which an execution is booked. Null is not known: the execution is
/// booked all the same, and its money waits for a rate.</summary>
/// <param name="Currency">Of the instrument; null for the book's.</param>
/// <param name="Rate">What one unit of it is worth in the book's; <paramref name="Fee"/> likewise of the currency of
/// the fee, where that is another one.</param>
/// <param name="RateAt">The instant for which the rate is current.</param>
public readonly record struct FillRates(string? Currency, decimal? Rate, DateTimeOffset? RateAt, decimal? Fee)
{
    /// <summary>What a currency counts as in the rate, by a setting; null where markets say all of it. <see
    /// cref="FeePeg"/> likewise.</summary>
    public string? Peg { get; init; }

    public string? FeePeg { get; init; }

    internal static FillRates Of(BookValuation valuation, string symbol, string? feeCurrency)
    {
        var prices = valuation.Prices;
        var rate = prices.ForeignCurrencyOf(symbol) is { } currency ? prices.RateOf(currency) : null;
        var fee = feeCurrency is null ? null : prices.RateOf(CurrencyCodes.Normalize(feeCurrency));
        return new(rate?.Currency, rate?.Rate, rate?.PricedAt, fee?.Rate) { Peg = rate?.Peg, FeePeg = fee?.Peg };
    }

    /// <summary>A receipt with its amounts: in the currency of the instrument, and what they are in the
    /// book's.</summary>
    internal FillReceipt Value(Book book, FillReceipt receipt, string? feeCurrency)
    {
        var own = book.Terms!.Currency;
        var currency = CurrencyOf(book, receipt.Symbol);
        var code = feeCurrency is null ? own : CurrencyCodes.Normalize(feeCurrency);
        var (isUnits, rate) = FeeRate(book, receipt.Symbol, receipt.Price, receipt.Fees == 0 ? own : code);
        var value = receipt.Quantity * receipt.Price;
        var beside = Math.Max(book.Size, value);
        return receipt with
        {
            Value = Money.Fit(value, beside),
            Currency = currency,
            FxRate = currency is null ? null : Rate,
            FxRateAt = currency is null ? null : RateAt,
            FeeCurrency = code == own ? null : code,
            FeeUnits = isUnits ? receipt.Fees : null,
            FeeRate = code == own || receipt.Fees == 0 ? null : rate,
            FeesBooked = rate is { } known ? Money.Fit(receipt.Fees * known, beside) : null,
            FxPeg = (currency is null ? null : Peg) ?? (code == own || isUnits || receipt.Fees == 0 ? null : FeePeg),
        };
    }

    /// <summary>What an execution breaks of its form at these rates: an amount in the book's currency that is too large
    /// to be booked. Empty for nothing.</summary>
    internal ImmutableArray<FieldError> Check(Book book, Fill fill)
    {
        var rate = CurrencyOf(book, fill.Symbol) is null ? 1 : Rate ?? 1;
        var code = fill.FeeCurrency is null ? book.Terms!.Currency : CurrencyCodes.Normalize(fill.FeeCurrency);
        var (isUnits, feeRate) = FeeRate(book, fill.Symbol, fill.Price, code);
        return FieldErrors.Collect(
        [
            IsWithin(fill.Price, rate, OrderValidator.MaxPrice) ? null
                : new("price", "range", Inexpressible("price", "1e12", fill.Price, rate)),
            IsWithin(fill.Quantity * fill.Price, rate, Money.MaxAmount) ? null
                : new(
                    "price", "amount",
                    Inexpressible("price times quantity", "1e15", fill.Quantity * fill.Price, rate)),
            IsWithin(fill.Fees, feeRate ?? (isUnits ? fill.Price : 1), Money.MaxAmount) ? null
                : new("fees", "range", Inexpressible("fees", "1e15", fill.Fees, feeRate)),
        ]);
    }

    /// <summary>Without a product that no decimal can hold.</summary>
    static bool IsWithin(decimal amount, decimal rate, decimal most) =>
        rate > 1 ? amount <= most / rate : amount * rate <= most;

    static string Inexpressible(string field, string most, decimal amount, decimal? rate) =>
        FormattableString.Invariant(
            $"{field} must be at most {most} in the book's currency; it is {amount} at a rate of {rate ?? 1}.");

    /// <summary>Of the instrument; null for the book's.</summary>
    string? CurrencyOf(Book book, string symbol) =>
        (Currency ?? book.CurrencyOf(symbol)) is { } currency && currency != book.Terms!.Currency ? currency : null;

    /// <summary>Whether a fee takes units of what is traded, and what one unit of it is worth in the book's
    /// currency.</summary>
    (bool IsUnits, decimal? Rate) FeeRate(Book book, string symbol, decimal price, string code)
    {
        var (own, currency) = (book.Terms!.Currency, CurrencyOf(book, symbol));
        if (code == own) return (false, 1);
        if (code == currency) return (false, Rate);
        return CurrencyCodes.IsBase(symbol, code, currency, own)
            ? (true, currency is null ? price : price * Rate)
            : (false, Fee);
    }
}

/// <summary>When amounts that wait for a rate get it.</summary>
static class ConversionRules
{
    public static BookEvent[] Due(BookValuation valuation, DateTimeOffset now) => valuation.Book.IsConverted ? [] :
    [
        .. from cash in valuation.Book.Awaiting
           let known = valuation.Prices.RateOf(cash.Currency)
           where known.Rate is not null
           select new Converted(cash.Currency, known.Rate!.Value, known.Pair, known.PricedAt, now)
           {
               FxPeg = known.Peg,
           },
    ];
}
