using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What exchange rates do to the reports of a book.</summary>
static class RateReporting
{
    /// <summary>What keeps a rate from being known, current or the word of a market.</summary>
    public static void Warn(
        BookValuation valuation, RiskLimits limits, DateTimeOffset now, Action<string, string?, FormattableString> add)
    {
        var pegs = valuation.Options.PegsInForce();
        foreach (var rate in valuation.RatesWith())
        {
            var age = (now - rate.PricedAt)?.TotalSeconds;
            if (rate.Rate is null)
                add(
                    "no_rate", rate.Currency,
                    $"No exchange rate of {rate.Currency} is known: equity and risk are unknown, and only reductions may trade.");
            if (rate.Peg is { } peg) add("pegged_rate", rate.Currency, $"{Pegged(rate, peg, pegs)}");
            if (rate.Doubt is not null)
                add("doubtful_rate", rate.Pair, $"The exchange rate {rate.Pair} is doubtful: {rate.Doubt}.");
            if (age > limits.MaxPriceAgeSeconds)
                add(
                    "stale_rate", rate.Pair,
                    $"The exchange rate {rate.Pair} is {age:0} s old; the limit is {limits.MaxPriceAgeSeconds} s.");
        }

        foreach (var cash in valuation.Book.Awaiting)
            add(
                "awaiting_rate", cash.Currency,
                $"{cash.Amount} {cash.Currency} of fills and fees wait for an exchange rate: cash and equity are unknown.");
    }

    static string Pegged(RateUsed rate, string peg, ImmutableSortedDictionary<string, string> pegs)
    {
        var what = pegs.GetValueOrDefault(rate.Currency) == peg
            ? $"{rate.Currency} counts as {peg}"
            : $"The rate of {rate.Currency} is made of {rate.Pair}, and one of the currencies counts as {peg}";
        return $"{what}, unit for unit: a setting says so (portfolios:pegs), and no market.";
    }

    /// <summary>What keeps a position from having a value although its price is known: there is no rate, or price and
    /// rate together are absurd.</summary>
    /// <returns>Null for nothing.</returns>
    public static string? NoValue(BookValuation valuation, Instrument quoted)
    {
        var prices = valuation.Prices;
        if (prices.Find(quoted.Symbol) is not null || prices.ForeignCurrencyOf(quoted.Symbol) is not { } currency)
            return null;
        var reason = prices.RateOf(currency).Rate is { } rate
            ? FormattableString.Invariant(
                $"at a rate of {rate} is more than {OrderValidator.MaxPrice} {valuation.Book.Terms!.Currency}, which no price can be")
            : "has no exchange rate";
        return FormattableString.Invariant(
            $"The value of {quoted.Symbol} is unknown: its price of {quoted.Price} {currency} {reason}. Equity and risk are unknown.");
    }

    /// <summary>The parts of the profits that rates made, also of positions that are closed.</summary>
    public static decimal? FxPnl(BookValuation valuation, ImmutableArray<Position> positions)
    {
        var realised = valuation.Book.Holdings.Sum(holding => holding.Foreign?.FxRealised ?? 0);
        return positions.Any(position => position.Currency is not null && position.FxPnl is null)
            ? null
            : realised + positions.Sum(position => position.FxPnl ?? 0);
    }
}
