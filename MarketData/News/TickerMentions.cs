using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Trading.MarketData;

/// <summary>Finds the tickers that a text speaks of: <c>$AAPL</c>, <c>(NYSE: IBM)</c>, and the names of the companies
/// of a directory.</summary>
sealed partial class TickerMentions
{
    public const int MostOfOneItem = 20;

    /// <summary>Names shorter than this are words of the language too often.</summary>
    const int ShortestName = 3;

    static readonly string[] Endings =
        [" Incorporated", " Corporation", " Company", " Inc.", " Inc", " Corp.", " Corp", " Co.", " Ltd.", " Ltd",
            " plc", " PLC", " AG", " SE", " N.V.", " S.A.", ","];

    readonly FrozenDictionary<string, string> _byName;

    /// <summary>Of all names, the longest first. A directory may have thousands of them: they are looked up, not put
    /// into one expression, which has a size that it must not pass.</summary>
    readonly int[] _lengths;

    public TickerMentions(IInstrumentDirectory directory)
    {
        _byName = directory.Listings.Where(listing => listing.Company is not null)
            .Select(listing => (Name: Bare(listing.Company!), listing.Symbol))
            .Where(known => known.Name.Length >= ShortestName)
            // a name that two tickers share names neither
            .GroupBy(known => known.Name).Where(group => group.Count() == 1)
            .ToFrozenDictionary(group => group.Key, group => group.Single().Symbol, StringComparer.Ordinal);
        _lengths = [.. _byName.Keys.Select(name => name.Length).Distinct().OrderDescending()];
    }

    /// <param name="listed">The tickers that the feed itself names.</param>
    /// <param name="title">Plain text; companies are looked for here only, since a summary mentions many in
    /// passing.</param>
    /// <param name="text">Plain text.</param>
    /// <returns>Tickers in upper case, each once, at most <see cref="MostOfOneItem"/>.</returns>
    public IEnumerable<string> Find(IEnumerable<string> listed, string title, string text) =>
        listed.Concat(Written(title)).Concat(Written(text)).Concat(Named(title)).Distinct(StringComparer.Ordinal)
            .Take(MostOfOneItem);

    /// <summary>The tickers of a list with commas or spaces between them; what is none is left out.</summary>
    public static IEnumerable<string> Listed(string list) =>
        list.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(entry => entry.TrimStart('$')).Where(Ticker.IsValid).Select(Ticker.Normalize);

    static IEnumerable<string> Written(string text) =>
        CashTag().Matches(text).Concat(Exchange().Matches(text)).OrderBy(match => match.Index)
            .Select(match => Ticker.Normalize(match.Groups[1].Value));

    IEnumerable<string> Named(string title)
    {
        for (var at = 0; at < title.Length;)
            if (NameAt(title, at) is (var symbol, var length))
            {
                yield return symbol;
                at += length;
            }
            else at++;
    }

    /// <summary>The longest name that stands there as a word or words of its own.</summary>
    (string Symbol, int Length)? NameAt(string title, int at)
    {
        if (at > 0 && IsOfWord(title[at - 1])) return null;
        var names = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var length in _lengths)
            if (at + length <= title.Length && (at + length == title.Length || !IsOfWord(title[at + length]))
                && names.TryGetValue(title.AsSpan(at, length), out var symbol))
                return (symbol, length);
        return null;
    }

    static bool IsOfWord(char one) => char.IsLetterOrDigit(one) || one == '_';

    static string Bare(string company)
    {
        var name = company.Trim();
        for (var found = true; found;)
        {
            found = false;
            foreach (var ending in Endings)
                if (name.EndsWith(ending, StringComparison.Ordinal))
                    (name, found) = (name[..^ending.Length].TrimEnd(), true);
        }

        return name;
    }

    [GeneratedRegex(@"(?<![\w$])\$([A-Za-z]{1,5}(?:[.\-][A-Za-z]{1,2})?)(?![\w$])", RegexOptions.CultureInvariant)]
    private static partial Regex CashTag();

    [GeneratedRegex(
        @"\((?:NYSE|NASDAQ|Nasdaq|NasdaqGS|NasdaqCM|AMEX|NYSE American|NYSE Arca|NYSEAMERICAN|TSX|LSE|OTC|OTCQB|OTCQX)\s*:\s*([A-Z]{1,5}(?:[.\-][A-Z]{1,2})?)\s*[,;)]",
        RegexOptions.CultureInvariant)]
    private static partial Regex Exchange();
}
