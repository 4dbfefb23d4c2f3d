using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Daily closes of one symbol of a price file.</summary>
/// <param name="Closes">One for each of <paramref name="Sessions"/>.</param>
public sealed record DailyCloses(string Symbol, ImmutableArray<DateOnly> Sessions, ImmutableArray<decimal> Closes)
{
    /// <summary>Every symbol of a file in wide form, wholly read and checked, by ticker.</summary>
    /// <param name="today">No session can be later.</param>
    /// <exception cref="MarketDataFormatException">The file is missing or breaks a rule; the exception lists every
    /// one.</exception>
    public static ImmutableArray<DailyCloses> Read(string path, DateOnly today)
    {
        var prices = PriceFile.Read(path, FrozenDictionary<string, string>.Empty, today);
        return [.. prices.Symbols.Values.OrderBy(symbol => symbol.Symbol, StringComparer.Ordinal)
            .Select(symbol => new DailyCloses(symbol.Symbol, prices.Sessions, symbol.Closes))];
    }
}
