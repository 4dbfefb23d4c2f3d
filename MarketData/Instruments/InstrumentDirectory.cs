using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What is known of an instrument besides its prices; null is not known.</summary>
sealed record ListedInstrument(string Symbol, string? Company, string? Sector, InstrumentTerms? Terms);

/// <summary>What is known of instruments besides their prices.</summary>
interface IInstrumentDirectory
{
    /// <summary>Every listing, by ticker.</summary>
    ImmutableArray<ListedInstrument> Listings { get; }

    /// <param name="symbol">The ticker in upper case.</param>
    ListedInstrument? Find(string symbol);
}

/// <summary>A directory that never changes.</summary>
sealed class InstrumentDirectory : IInstrumentDirectory
{
    readonly FrozenDictionary<string, ListedInstrument> _listings;

    /// <exception cref="ArgumentException">A ticker stands twice.</exception>
    public InstrumentDirectory(IEnumerable<ListedInstrument> listings)
    {
        Listings = [.. listings.OrderBy(listing => listing.Symbol, StringComparer.Ordinal)];
        _listings = Listings.ToFrozenDictionary(listing => listing.Symbol, StringComparer.Ordinal);
    }

    public static InstrumentDirectory Empty { get; } = new([]);

    public ImmutableArray<ListedInstrument> Listings { get; }

    public ListedInstrument? Find(string symbol) => _listings.GetValueOrDefault(symbol);

    /// <summary>Joins the file of sectors with the file of instruments.</summary>
    /// <param name="sectors">Path of the file with symbol, company and sector; null or empty for none.</param>
    /// <param name="instruments">Path of the file of <see cref="InstrumentFile"/>; null or empty for none.</param>
    /// <exception cref="MarketDataFormatException">A file cannot be read or breaks a rule.</exception>
    public static InstrumentDirectory Read(string? sectors, string? instruments)
    {
        var named = string.IsNullOrEmpty(sectors)
            ? FrozenDictionary<string, ListedInstrument>.Empty : SectorFile.ReadListings(sectors);
        var terms = string.IsNullOrEmpty(instruments)
            ? FrozenDictionary<string, InstrumentTerms>.Empty : InstrumentFile.Read(instruments);
        return new(named.Keys.Union(terms.Keys).Select(symbol =>
            (named.GetValueOrDefault(symbol)
                ?? new(symbol, null, null, null)) with { Terms = terms.GetValueOrDefault(symbol) }));
    }
}
