namespace Trading.MarketData;

/// <summary>When the interval of a bar from a file has ended.</summary>
static class BarTimes
{
    /// <summary>New York's close by standard time, from which a daily bar of a file is complete.</summary>
    static readonly TimeSpan Close = TimeSpan.FromHours(21);

    public static DateTimeOffset End(DateTimeOffset start, BarInterval interval) =>
        start + (interval == BarInterval.OneDay ? Close : interval.Length());
}
