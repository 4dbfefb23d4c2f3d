using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What one unit of a currency is worth in a book's.</summary>
/// <param name="Used">The rate, with its age and what is doubted of it.</param>
/// <param name="Series">The prices that it is made of; null where it never changes.</param>
/// <param name="IsInverse">Whether it is the inverse of those prices.</param>
/// <param name="Units">Of the pair's currency in one unit of this one: 0.01 for pence.</param>
sealed record ExchangeRate(RateUsed Used, Instrument? Series, bool IsInverse, decimal Units)
{
    public decimal Rate => Used.Rate!.Value;

    public double At(double close) => Money.ToDouble(Units) * (IsInverse ? 1 / close : close);

    /// <summary>A whole history of prices in the book's currency, over the sessions that the rate has too.</summary>
    public PriceSeries Convert(PriceSeries prices, PriceSeries? rates)
    {
        var closes = prices.Dates.Zip(prices.Closes).ToDictionary(day => day.First, day => day.Second);
        return rates is null
            ? prices with { Closes = [.. prices.Closes.Select(close => close * Rate)] }
            : prices with
            {
                Dates = [.. rates.Dates.Where(closes.ContainsKey)],
                Closes =
                [
                    .. rates.Dates.Zip(rates.Closes).Where(day => closes.ContainsKey(day.First))
                        .Select(day => closes[day.First] * Units * (IsInverse ? 1 / day.Second : day.Second)),
                ],
            };
    }
}

/// <summary>Exchange rates by the pairs whose prices a book was told: EURUSD is the price of one euro in dollars, and
/// its inverse that of a dollar in euro.</summary>
/// <param name="quoted">The prices of a symbol as its source quotes them.</param>
/// <param name="pegs">Currencies that count as others: a pegged one has their pairs and none of its own.</param>
sealed class ExchangeRates(
    Book book, Func<string, Instrument?> quoted, ImmutableSortedDictionary<string, string> pegs)
{
    readonly Dictionary<string, ExchangeRate?> _rates = [];

    string Own => book.Terms?.Currency ?? "";

    /// <summary>A currency where it is not the book's, else null.</summary>
    public string? Foreign(string? currency) => currency == Own ? null : currency;

    /// <summary>Null where it is not known.</summary>
    public ExchangeRate? Of(string currency)
    {
        if (!_rates.TryGetValue(currency, out var rate)) _rates[currency] = rate = Find(currency);
        return rate;
    }

    /// <summary>The symbols that the rate may be made of: the price of the currency in the book's, and the price of the
    /// book's in it; none where it never changes.</summary>
    public string[] PairsOf(string currency)
    {
        var (from, to) = (Major(currency).Currency, Major(Own).Currency);
        return from == to ? [] : [from + to, to + from];
    }

    /// <summary>The pair that is priced; both where none is.</summary>
    public IEnumerable<string> Wanted(string currency) => Of(currency) switch
    {
        null => PairsOf(currency),
        { Used.Pair: { } pair } => [pair],
        _ => [],
    };

    /// <summary>Takes that a pair may have another price.</summary>
    public void Forget(string pair)
    {
        foreach (var currency in _rates.Keys)
            if (PairsOf(currency).Contains(pair)) _rates.Remove(currency);
    }

    /// <summary>Of two pairs the one that is not doubted, then the newer one.</summary>
    ExchangeRate? Find(string currency)
    {
        var (from, units) = Major(currency);
        var (to, own) = Major(Own);
        var peg = PegOf(currency);
        if (from == to)
            return new(new(currency, null, units / own, null, null) { Peg = peg }, null, false, units / own);
        var (direct, inverse) = (Pair(from, to), Pair(to, from));
        var isInverse = direct is null
            || (inverse is not null && Worth(direct).CompareTo(Worth(inverse)) < 0);
        if ((isInverse ? inverse : direct) is not { Price: > 0 } series) return null;
        var rate = units / own * (isInverse ? 1 / series.Price : series.Price);
        return new(
            new(currency, series.Symbol, rate, series.PricedAt, series.Doubt) { Peg = peg }, series, isInverse,
            units / own);
    }

    /// <summary>What a currency counts as, or else what the book's does; null where neither is pegged.</summary>
    public string? PegOf(string currency) => pegs.GetValueOrDefault(currency) ?? pegs.GetValueOrDefault(Own);

    (string Currency, decimal Units) Major(string code) => CurrencyCodes.Major(pegs.GetValueOrDefault(code, code));

    /// <summary>A series that says that it is priced in something else is no rate.</summary>
    Instrument? Pair(string from, string to) =>
        quoted(from + to) is { } series && (series.Currency ?? to) == to ? series : null;

    static (bool IsSound, DateTimeOffset PricedAt) Worth(Instrument pair) => (pair.Doubt is null, pair.PricedAt);
}
