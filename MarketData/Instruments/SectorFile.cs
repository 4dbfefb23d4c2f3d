using System.Collections.Frozen;

namespace Trading.MarketData;

/// <summary>Reads the sectors: columns <c>symbol</c>, <c>company</c>, <c>sector</c>.</summary>
static class SectorFile
{
    static readonly string[] Columns = ["symbol", "company", "sector"];

    /// <summary>Sector by ticker in upper case.</summary>
    /// <exception cref="MarketDataFormatException">The file cannot be read or breaks a rule.</exception>
    public static FrozenDictionary<string, string> Read(string path) => Sectors(ReadListings(path));

    /// <summary>Sector by ticker in upper case.</summary>
    /// <exception cref="MarketDataFormatException">The content breaks a rule; the exception lists every
    /// one.</exception>
    public static FrozenDictionary<string, string> Parse(ReadOnlySpan<byte> content, string name) =>
        Sectors(ParseListings(content, name));

    /// <summary>Company and sector by ticker in upper case; an empty company is not known.</summary>
    /// <exception cref="MarketDataFormatException">The file cannot be read or breaks a rule.</exception>
    internal static FrozenDictionary<string, ListedInstrument> ReadListings(string path)
    {
        var findings = new FileFindings(path);
        var content = CsvTable.Load(path, findings);
        findings.ThrowIfAny();
        return ParseListings(content, path);
    }

    static FrozenDictionary<string, ListedInstrument> ParseListings(ReadOnlySpan<byte> content, string name)
    {
        var findings = new FileFindings(name);
        var csv = CsvTable.Open(content, findings);
        findings.ThrowIfAny();
        var places = Columns.Select(column => CheckColumn(csv!.Header, column, findings)).ToArray();
        findings.ThrowIfAny(); // without its columns no row can be judged
        var listings = new Dictionary<string, ListedInstrument>(StringComparer.Ordinal);
        while (csv!.Read())
        {
            var (symbol, company, sector) = (csv.Cells[places[0]], csv.Cells[places[1]].Trim(), csv.Cells[places[2]]);
            if (!Ticker.IsValid(symbol))
                findings.Add("symbol", "symbol", $"{FileFindings.Quote(symbol)} is not a ticker", csv.Line);
            else if (!listings.TryAdd(
                Ticker.Normalize(symbol),
                new(Ticker.Normalize(symbol), company.Length == 0 ? null : company, sector, null)))
                findings.Add("symbol", "duplicate", $"{FileFindings.Quote(symbol)} stands above already", csv.Line);
            if (string.IsNullOrWhiteSpace(sector))
                findings.Add("sector", "empty", "the cell is empty", csv.Line);
        }

        findings.ThrowIfAny();
        return listings.ToFrozenDictionary(StringComparer.Ordinal);
    }

    static FrozenDictionary<string, string> Sectors(FrozenDictionary<string, ListedInstrument> listings) =>
        listings.ToFrozenDictionary(listing => listing.Key, listing => listing.Value.Sector!, StringComparer.Ordinal);

    internal static int CheckColumn(string[] header, string column, FileFindings findings)
    {
        var place = Array.IndexOf(header, column);
        if (place < 0)
            findings.Add(column, "missing_column", $"there is no column '{column}'", 1);
        else if (Array.LastIndexOf(header, column) != place)
            findings.Add(column, "duplicate_column", $"the column '{column}' stands twice", 1);
        return place;
    }
}
