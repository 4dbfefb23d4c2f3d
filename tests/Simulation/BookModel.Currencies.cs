using System.Text.Json;

namespace Trading.Simulation.Tests;

/// <summary>One foreign currency, by the prices of its pair.</summary>
sealed partial class BookModel
{
    readonly Dictionary<string, string> _currencies = [];

    /// <summary>Whether money waits for a rate: then nothing that is made of it is known.</summary>
    public bool IsWaiting => _waitingFees.Count > 0 || _moves.Values.Any(moves => moves.Any(move => move.Rate is null));

    /// <summary>In the currency of the instrument.</summary>
    public decimal? QuoteOf(string symbol) => _prices.TryGetValue(symbol, out var known) ? known.Price : null;

    /// <summary>What a unit of the instrument's currency is worth; null while it is not known.</summary>
    public decimal? RateOf(string symbol) => PairOf(symbol) is not { } pair ? 1 : QuoteOf(pair);

    public string? PairOf(string symbol) =>
        _currencies.TryGetValue(symbol, out var currency) && currency != "USD" ? currency + "USD" : null;

    /// <summary>The part of the profit that the rate made; null while it is not known.</summary>
    public decimal? FxPnl => IsWaiting ? null : Holdings.Sum(held => held.Value.FxRealised
        + (PairOf(held.Key) is null || held.Value.Quantity == 0 ? 0 : (held.Value.Local * RateOf(held.Key)) - held.Value.Cost));

    void Learn(JsonElement priced)
    {
        if (priced.TryGetProperty("terms", out var terms) && Text(terms, "currency") is { } currency)
            _currencies[Text(priced, "symbol")!] = currency;
    }

    /// <summary>The rate that a fill or an action was booked at, which must be the one that the book was told last.</summary>
    decimal? RateAt(string symbol, JsonElement booked)
    {
        var rate = Number(booked, "fx_rate");
        if (PairOf(symbol) is null) Ensure.That(rate is null, $"{Name}: {symbol} is converted, and is of the book's currency");
        else Ensure.That(rate == RateOf(symbol), $"{Name}: {symbol} is converted at {rate}, the book knows {RateOf(symbol)}");
        return PairOf(symbol) is null ? 1 : rate;
    }

    void Convert(JsonElement converted)
    {
        var (currency, rate) = (Text(converted, "currency")!, converted.GetProperty("rate").GetDecimal());
        Ensure.That(rate == FeeRateOf(currency), $"{Name}: {currency} is converted at {rate}, the book knows {FeeRateOf(currency)}");
        ConvertFees(currency, rate);
        foreach (var (symbol, moves) in _moves.Where(moves => _currencies.GetValueOrDefault(moves.Key) == currency))
        {
            var first = moves.FindIndex(move => move.Rate is null);
            if (first < 0) continue;
            var before = Walk(moves, StartOf(symbol)).Paid;
            for (var i = first; i < moves.Count; i++)
            {
                if (moves[i].Kind is null) Cash -= moves[i].Quantity * moves[i].Price * rate;
                moves[i] = moves[i] with { Rate = rate };
            }

            (Holdings[symbol], var paid) = Walk(moves, StartOf(symbol));
            Cash += paid - before;
        }
    }
}
