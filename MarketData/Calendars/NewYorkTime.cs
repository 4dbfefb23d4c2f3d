namespace Trading.MarketData;

/// <summary>The clock of New York by its rule, so that no time-zone file is needed: summer time from the second Sunday
/// of March to the first of November since 2007 (Energy Policy Act of 2005), and from the first Sunday of April to the
/// last of October from 1987 on.</summary>
static class NewYorkTime
{
    static readonly TimeSpan Summer = TimeSpan.FromHours(-4), Winter = TimeSpan.FromHours(-5);

    /// <summary>What is added to UTC at an instant.</summary>
    public static TimeSpan OffsetAt(DateTimeOffset time)
    {
        var (start, end) = Changes(time.UtcDateTime.Year);
        return time.UtcDateTime >= start.AddHours(7) && time.UtcDateTime < end.AddHours(6) ? Summer : Winter;
    }

    /// <summary>The instant of a wall-clock time. Of the hour that comes twice in autumn it takes the first,
    /// summer's.</summary>
    public static DateTimeOffset At(DateTime wall)
    {
        var (start, end) = Changes(wall.Year);
        var local = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        return new(local, local >= start.AddHours(2) && local < end.AddHours(2) ? Summer : Winter);
    }

    /// <summary>The dates, at midnight, of the two changes of a year.</summary>
    static (DateTime Start, DateTime End) Changes(int year) => year >= 2007
        ? (Sunday(year, 3, 8), Sunday(year, 11, 1))
        : (Sunday(year, 4, 1), Sunday(year, 10, 25));

    /// <summary>The first Sunday on or after a day.</summary>
    static DateTime Sunday(int year, int month, int day)
    {
        var date = new DateTime(year, month, day);
        return date.AddDays((7 - (int)date.DayOfWeek) % 7);
    }
}
