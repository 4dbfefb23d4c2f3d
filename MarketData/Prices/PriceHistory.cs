using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>One symbol of a price file.</summary>
/// <param name="Closes">One for each of <see cref="PriceHistory.Sessions"/>.</param>
/// <param name="Sector">Null where no sector is known.</param>
sealed record SymbolHistory(string Symbol, string? Sector, ImmutableArray<decimal> Closes)
{
    /// <summary>The closes as daily bars.</summary>
    internal ImmutableArray<Bar> Bars(ImmutableArray<DateOnly> sessions) =>
        [.. Closes.Select((close, session) => Bar.OfClose(new(sessions[session], default, TimeSpan.Zero), close))];
}

/// <summary>A price file with its sectors, wholly read and checked. Every symbol has a close in every
/// session.</summary>
sealed class PriceHistory
{
    internal PriceHistory(ImmutableArray<DateOnly> sessions, IEnumerable<SymbolHistory> symbols)
    {
        Sessions = sessions;
        Symbols = symbols.ToFrozenDictionary(symbol => symbol.Symbol, StringComparer.Ordinal);
    }

    public ImmutableArray<DateOnly> Sessions { get; }

    /// <summary>By ticker in upper case.</summary>
    public FrozenDictionary<string, SymbolHistory> Symbols { get; }

    /// <summary>Reads and checks both files.</summary>
    /// <param name="sectors">Path of the sector file; null for none.</param>
    /// <param name="today">No session can be later.</param>
    /// <exception cref="MarketDataFormatException">A file is missing or breaks a rule; the exception lists every
    /// one.</exception>
    public static PriceHistory Load(string prices, string? sectors, DateOnly today)
    {
        var known = string.IsNullOrEmpty(sectors) ? FrozenDictionary<string, string>.Empty : SectorFile.Read(sectors);
        return PriceFile.Read(prices, known, today);
    }
}
