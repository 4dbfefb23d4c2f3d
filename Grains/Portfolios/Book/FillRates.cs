using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>The exchange rates of the moment at which an execution is booked. Null is not known: the execution is
/// booked all the same, and its money waits for a rate.</summary>
/// <param name="Currency">Of the instrument; null for the book's.</param>
/// <param name="Rate">What one unit of it is worth in the book's; <paramref name="Fee"/> likewise of the currency of
/// the fee, where that is another one.</param>
/// <param name="RateAt">The instant for which the rate is current.</param>
public readonly record struct FillRates(string? Currency, decimal? Rate, DateTimeOffset? RateAt, decimal? Fee)
{
    internal static FillRates Of(BookValuation valuation, string symbol, string? feeCurrency)
    {
        var prices = valuation.Prices;
        var rate = prices.ForeignCurrencyOf(symbol) is { } currency ? prices.RateOf(currency) : null;
        return new(
            rate?.Currency, rate?.Rate, rate?.PricedAt,
            feeCurrency is null ? null : prices.RateOf(CurrencyCodes.Normalize(feeCurrency)).Rate);
    }

    /// <summary>A receipt with its amounts: in the currency of the instrument, and what they are in the
    /// book's.</summary>
    internal FillReceipt Value(Book book, FillReceipt receipt, string? feeCurrency)
    {
        var own = book.Terms!.Currency;
        var currency = Currency ?? book.CurrencyOf(receipt.Symbol);
        if (currency == own) currency = null;
        var code = feeCurrency is null ? own : CurrencyCodes.Normalize(feeCurrency);
        var value = receipt.Quantity * receipt.Price;
        var valued = receipt with
        {
            Value = Money.Fit(value, Math.Max(book.Size, value)),
            Currency = currency,
            FxRate = currency is null ? null : Rate,
            FxRateAt = currency is null ? null : RateAt,
            FeeCurrency = code == own ? null : code,
        };
        var rate = currency is null ? 1 : Rate;
        if (code == own || receipt.Fees == 0) return Booked(valued, null, 1);
        if (code == currency) return Booked(valued, Rate, Rate);
        return CurrencyCodes.IsBase(receipt.Symbol, code, currency, own)
            ? Booked(valued with { FeeUnits = receipt.Fees }, receipt.Price * rate, receipt.Price * rate)
            : Booked(valued, Fee, Fee);

        FillReceipt Booked(FillReceipt fee, decimal? feeRate, decimal? by) => fee with
        {
            FeeRate = feeRate,
            FeesBooked = by is { } known ? Money.Fit(receipt.Fees * known, Math.Max(book.Size, value)) : null,
        };
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
           select new Converted(cash.Currency, known.Rate!.Value, known.Pair, known.PricedAt, now),
    ];
}
