using System.Text.RegularExpressions;

namespace Trading.MarketData;

/// <summary>What the name of a file of bars says: <c>aapl.csv</c>, <c>aapl_1m.csv</c>, or as Binance's archive names
/// its files, <c>BTCUSDT-1m-2025-01.csv</c> for a month and <c>BTCUSDT-1m-2025-01-31.csv</c> for a day.</summary>
/// <param name="Symbol">Null where the name is no ticker: then each row has to name its own.</param>
/// <param name="Interval">Null where the name tells none.</param>
readonly partial record struct BarFileName(string? Symbol, BarInterval? Interval)
{
    /// <exception cref="MarketDataFormatException">It names an interval that no bars are kept of.</exception>
    public static BarFileName Of(string path)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        if (Archive().Match(stem) is { Success: true } archive)
            return new(
                Ticker.Normalize(archive.Groups["symbol"].Value), IntervalOf(path, archive.Groups["interval"].Value));
        var cut = stem.LastIndexOf('_');
        var interval = cut > 0 ? BarIntervals.Parse(stem[(cut + 1)..]) : null;
        var ticker = interval is null ? stem : stem[..cut];
        return new(Ticker.IsValid(ticker) ? Ticker.Normalize(ticker) : null, interval);
    }

    static BarInterval IntervalOf(string path, string code)
    {
        if (BarIntervals.Parse(code) is { } interval) return interval;
        var known = string.Join(", ", Enum.GetValues<BarInterval>().Select(BarIntervals.Code));
        throw new MarketDataFormatException(
            path, [new("file", "interval", $"its name says '{code}'; bars are kept of {known}")], 1);
    }

    [GeneratedRegex(
        @"^(?<symbol>[A-Za-z0-9]{2,20})-(?<interval>[0-9]+[A-Za-z]+)-[0-9]{4}(-[0-9]{2}){1,2}\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Archive();
}
