namespace Trading.MarketData;

/// <summary>A calendar whose sessions lie each within one day of UTC. All days are laid out once, with the bars of
/// every interval that start before each, so that counting between two instants costs the same for a minute and for
/// twenty years.</summary>
abstract class TradingCalendar : ITradingCalendar
{
    const int MinutesOfDay = 1440;
    static readonly BarInterval[] Intervals = Enum.GetValues<BarInterval>();
    readonly short[] _open, _close;
    readonly int[][] _barsBefore;
    readonly int _first;

    /// <summary>Lays the days out from the hours that <see cref="MinutesUtc"/> of the derived calendar gives.</summary>
    protected TradingCalendar(string name, DateOnly first, DateOnly last)
    {
        (Name, First, Last, _first) = (name, first, last, first.DayNumber);
        var days = last.DayNumber - _first + 1;
        (_open, _close) = (new short[days], new short[days]);
        _barsBefore = [.. Intervals.Select(_ => new int[days + 1])];
        for (var day = 0; day < days; day++)
        {
            var (open, close) = MinutesUtc(first.AddDays(day));
            (_open[day], _close[day]) = ((short)open, (short)close);
            foreach (var interval in Intervals)
                _barsBefore[(int)interval][day + 1] = _barsBefore[(int)interval][day] + Bars(day, interval);
        }
    }

    public string Name { get; }
    public DateOnly First { get; }
    public DateOnly Last { get; }

    /// <summary>Opening and close in minutes after midnight UTC of the date; equal where there is no session. It is
    /// called by the constructor and must depend on the date alone.</summary>
    protected abstract (int Open, int Close) MinutesUtc(DateOnly date);

    public virtual TradingDay DayOf(DateTimeOffset time)
    {
        var start = new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero);
        return new(DateOnly.FromDateTime(time.UtcDateTime), start, End(start));
    }

    public bool IsSession(DateOnly date) => Index(date) is >= 0 and var day && _close[day] > _open[day];

    public (DateTimeOffset Open, DateTimeOffset Close)? Hours(DateOnly date)
    {
        if (!IsSession(date)) return null;
        var (day, midnight) = (Index(date), new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero));
        return (midnight.AddMinutes(_open[day]), midnight.AddMinutes(_close[day]));
    }

    public long? Expected(DateTimeOffset from, DateTimeOffset to, BarInterval interval) =>
        to <= from ? 0 : Before(to.UtcTicks, interval) - Before(from.UtcTicks, interval);

    /// <summary>The next midnight, or the end of time.</summary>
    protected static DateTimeOffset End(DateTimeOffset start) =>
        start > DateTimeOffset.MaxValue.AddDays(-1) ? DateTimeOffset.MaxValue : start.AddDays(1);

    /// <summary>Bars that start before an instant, since the first known day.</summary>
    long? Before(long utcTicks, BarInterval interval)
    {
        var day = (int)(utcTicks / TimeSpan.TicksPerDay) - _first;
        if (day < 0 || day >= _open.Length) return null;
        var within = utcTicks % TimeSpan.TicksPerDay;
        var started = interval == BarInterval.OneDay
            ? within > 0 ? 1 : 0
            : (within - (_open[day] * TimeSpan.TicksPerMinute) + interval.Length().Ticks - 1) / interval.Length().Ticks;
        return _barsBefore[(int)interval][day] + Math.Clamp(started, 0, Bars(day, interval));
    }

    int Bars(int day, BarInterval interval)
    {
        var minutes = _close[day] - _open[day];
        return interval == BarInterval.OneDay
            ? Math.Min(minutes, 1) : (minutes + interval.Minutes() - 1) / interval.Minutes();
    }

    int Index(DateOnly date) => date >= First && date <= Last ? date.DayNumber - _first : -1;

    /// <summary>A market that never closes within a date.</summary>
    protected static (int Open, int Close) AllDay => (0, MinutesOfDay);
}
