using System.Globalization;

namespace Trading.MarketData;

/// <summary>When the interval of a bar from a file has ended.</summary>
static class BarTimes
{
    /// <summary>New York's close by standard time, from which a daily bar of a file is complete.</summary>
    static readonly TimeSpan Close = TimeSpan.FromHours(21);

    public static DateTimeOffset End(DateTimeOffset start, BarInterval interval) =>
        start + (interval == BarInterval.OneDay ? Close : interval.Length());

    /// <summary>A date, or a date and time of ISO 8601; without a zone it is UTC.</summary>
    public static bool TryParse(string cell, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            cell, Forms, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    static readonly string[] Forms =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-dd HH:mm:ssK",
            "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];
}
