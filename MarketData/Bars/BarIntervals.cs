namespace Trading.MarketData;

/// <summary>Lengths of bars in time.</summary>
public static class BarIntervals
{
    public static TimeSpan Length(this BarInterval interval) => interval switch
    {
        BarInterval.OneMinute => TimeSpan.FromMinutes(1),
        BarInterval.FiveMinutes => TimeSpan.FromMinutes(5),
        BarInterval.FifteenMinutes => TimeSpan.FromMinutes(15),
        BarInterval.OneHour => TimeSpan.FromHours(1),
        BarInterval.OneDay => TimeSpan.FromDays(1),
        _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, null),
    };

    /// <summary>As Binance and Yahoo both write it, for example <c>15m</c>.</summary>
    public static string Code(this BarInterval interval) => interval switch
    {
        BarInterval.OneMinute => "1m",
        BarInterval.FiveMinutes => "5m",
        BarInterval.FifteenMinutes => "15m",
        BarInterval.OneHour => "1h",
        BarInterval.OneDay => "1d",
        _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, null),
    };

    /// <summary>The interval of a code; null for none.</summary>
    public static BarInterval? Parse(string code)
    {
        foreach (var interval in Enum.GetValues<BarInterval>())
            if (interval.Code() == code) return interval;
        return null;
    }
}
