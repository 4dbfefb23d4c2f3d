using System.Globalization;

namespace Trading.MarketData;

/// <summary>When the interval of a bar from a file has ended.</summary>
static class BarTimes
{
    /// <summary>New York's close by standard time, from which a daily bar of a file is complete.</summary>
    static readonly TimeSpan Close = TimeSpan.FromHours(21);

    static readonly (string Name, BarInterval Interval, TimeSpan Length)[] Intervals =
    [
        ("1m", BarInterval.OneMinute, TimeSpan.FromMinutes(1)), ("5m", BarInterval.FiveMinutes, TimeSpan.FromMinutes(5)),
        ("15m", BarInterval.FifteenMinutes, TimeSpan.FromMinutes(15)), ("1h", BarInterval.OneHour, TimeSpan.FromHours(1)),
        ("1d", BarInterval.OneDay, Close),
    ];

    public static DateTimeOffset End(DateTimeOffset start, BarInterval interval) =>
        start + Intervals.First(known => known.Interval == interval).Length;

    public static BarInterval? Parse(string name) =>
        Intervals.FirstOrDefault(known => known.Name == name) is { Name: not null } found ? found.Interval : null;

    /// <summary>A date, or a date and time of ISO 8601; without a zone it is UTC.</summary>
    public static bool TryParse(string cell, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(cell, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    static readonly string[] Forms =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];
}
