namespace Trading.MarketData;

/// <summary>When the bars of the synthetic market begin and end: every interval of every day, or of weekdays
/// only.</summary>
sealed class SyntheticGrid
{
    const int WeekdaysAYear = 261, DaysAYear = 365;

    /// <summary>A daily bar of weekdays ends with the session, at New York's close by standard time.</summary>
    static readonly TimeSpan Close = TimeSpan.FromHours(21);

    readonly DateOnly _origin;
    readonly int _offset;
    readonly bool _alwaysOpen;
    readonly TimeSpan _step;
    readonly TimeSpan _length;

    public SyntheticGrid(DateOnly start, BarInterval interval, bool alwaysOpen)
    {
        _alwaysOpen = alwaysOpen;
        _step = interval.Length();
        _length = interval == BarInterval.OneDay && !alwaysOpen ? Close : _step;
        BarsPerDay = (int)(TimeSpan.FromDays(1) / _step);
        BarsPerYear = BarsPerDay * (alwaysOpen ? DaysAYear : WeekdaysAYear);
        var weekday = ((int)start.DayOfWeek + 6) % 7; // Monday is 0
        (_origin, _offset) = alwaysOpen ? (start, 0) : (start.AddDays(-weekday), Math.Min(weekday, 5));
    }

    public int BarsPerDay { get; }
    public int BarsPerYear { get; }

    /// <summary>The start of the bar of that index, from 0 on.</summary>
    public DateTimeOffset Start(int bar)
    {
        var day = bar / BarsPerDay + _offset;
        var date = _origin.AddDays(_alwaysOpen ? day : day / 5 * 7 + day % 5);
        return new DateTimeOffset(date, default, TimeSpan.Zero) + bar % BarsPerDay * _step;
    }

    public DateTimeOffset End(int bar) => Start(bar) + _length;

    /// <summary>How many bars have ended, at most <see cref="SyntheticOptions.MaxBars"/>.</summary>
    public int Ended(DateTimeOffset now)
    {
        var (low, high) = (0, SyntheticOptions.MaxBars);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (End(middle) <= now) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
