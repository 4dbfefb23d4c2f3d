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

/// <summary>A symbol that the rate of a currency may be made of.</summary>
/// <param name="Peg">What a side of it counts as, which is not the currency itself; null where a market says all of
/// the rate.</param>
/// <param name="IsOfHeads">Whether both sides are currencies that others count as, and none that counts as one.</param>
readonly record struct RatePair(string From, string To, bool IsInverse, string? Peg, bool IsOfHeads)
{
    public string Symbol => From + To;
}

/// <summary>Exchange rates by the pairs whose prices a book was told: EURUSD is the price of one euro in dollars, and
/// its inverse that of a dollar in euro.</summary>
/// <param name="quoted">The prices of a symbol as its source quotes them.</param>
/// <param name="pegs">Currencies that count as others: a pegged one has the pairs of what it counts as, and where
/// those are not priced, its own and those of its like.</param>
/// <param name="pegPairs">Whether those of its own are any; in journals from before that they are none.</param>
sealed class ExchangeRates(
    Book book, Func<string, Instrument?> quoted, ImmutableSortedDictionary<string, string> pegs, bool pegPairs)
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
    /// book's in it; then those of what counts as one of both. None where it never changes.</summary>
    public IEnumerable<string> PairsOf(string currency) => All(currency).Select(pair => pair.Symbol);

    /// <summary>Those of them that are asked for first: others are needed only where none of these is priced.</summary>
    public IEnumerable<string> FirstPairsOf(string currency) =>
        All(currency).Where(pair => pair.IsOfHeads).Select(pair => pair.Symbol);

    /// <summary>The pair that is priced; the first ones where none is.</summary>
    public IEnumerable<string> Wanted(string currency) => Of(currency) switch
    {
        null => FirstPairsOf(currency),
        { Used.Pair: { } pair } => [pair],
        _ => [],
    };

    /// <summary>Takes that a pair may have another price.</summary>
    public void Forget(string pair)
    {
        foreach (var currency in _rates.Keys)
            if (PairsOf(currency).Contains(pair)) _rates.Remove(currency);
    }

    /// <summary>Of the pairs that are priced one that is not doubted, then one without a peg of its own, then the
    /// newest.</summary>
    ExchangeRate? Find(string currency)
    {
        var units = Major(currency).Units / Major(Own).Units;
        if (Major(currency).Currency == Major(Own).Currency)
            return new(new(currency, null, units, null, null) { Peg = PegOf(currency) }, null, false, units);
        var best = (from pair in All(currency)
                    let series = Priced(pair)
                    where series is { Price: > 0 }
                    orderby series.Doubt is null descending, pair.IsOfHeads descending, series.PricedAt descending
                    select (Pair: pair, Series: series)).FirstOrDefault();
        if (best.Series is not { } used) return null;
        var rate = units * (best.Pair.IsInverse ? 1 / used.Price : used.Price);
        return new(
            new(currency, used.Symbol, rate, used.PricedAt, used.Doubt) { Peg = best.Pair.Peg }, used,
            best.Pair.IsInverse, units);
    }

    /// <summary>What a currency counts as, or else what the book's does; null where neither is pegged.</summary>
    public string? PegOf(string currency) => pegs.GetValueOrDefault(currency) ?? pegs.GetValueOrDefault(Own);

    (string Currency, decimal Units) Major(string code) => CurrencyCodes.Major(pegs.GetValueOrDefault(code, code));

    IEnumerable<RatePair> All(string currency)
    {
        var (from, to) = (Major(currency).Currency, Major(Own).Currency);
        if (from == to) yield break;
        foreach (var one in Alike(from))
            foreach (var other in Alike(to))
            {
                var peg = one != CurrencyCodes.Major(currency).Currency ? from
                    : other != CurrencyCodes.Major(Own).Currency ? to : null;
                yield return new(one, other, IsInverse: false, peg, one == from && other == to);
                yield return new(other, one, IsInverse: true, peg, one == from && other == to);
            }
    }

    /// <summary>A currency, and those that count as it.</summary>
    IEnumerable<string> Alike(string head) => !pegPairs ? [head]
        : pegs.Where(peg => peg.Value == head).Select(peg => peg.Key).Prepend(head);

    /// <summary>A series that says that it is priced in something else is no rate.</summary>
    Instrument? Priced(RatePair pair) =>
        quoted(pair.Symbol) is { } series && (series.Currency ?? pair.To) == pair.To ? series : null;
}
