namespace Trading.MarketData;

/// <summary>Regular sessions of the New York Stock Exchange, 09:30 to 16:00 New York time, by the rules of its
/// holidays (NYSE Rule 7.2) since 1990 (Martin Luther King Day joined them in 1998; early closes are known from then
/// on), and by the list of the closures and early closes that no rule foresees. A closure that is announced after this
/// was written is not known.</summary>
sealed class NyseCalendar : TradingCalendar
{
    const int OpenMinute = (9 * 60) + 30, CloseMinute = 16 * 60, EarlyMinute = 13 * 60;

    /// <summary>The mourning of President Nixon, September 11, the mourning of Presidents Reagan, Ford, Bush and
    /// Carter, and hurricane Sandy.</summary>
    static readonly DateOnly[] Closures =
    [
        new(1994, 4, 27), new(2001, 9, 11), new(2001, 9, 12), new(2001, 9, 13), new(2001, 9, 14), new(2004, 6, 11),
        new(2007, 1, 2),
        new(2012, 10, 29), new(2012, 10, 30), new(2018, 12, 5), new(2025, 1, 9),
    ];

    NyseCalendar() : base("nyse", new(1990, 1, 1), new(2079, 12, 31))
    {
    }

    public static NyseCalendar Instance { get; } = new();

    /// <summary>Whether the session of a date ends at 13:00.</summary>
    public bool ClosesEarly(DateOnly date) => IsSession(date) && IsEarly(date);

    /// <summary>The day by New York's clock, with the trading before and after the session.</summary>
    public override TradingDay DayOf(DateTimeOffset time)
    {
        var offset = NewYorkTime.OffsetAt(time);
        if (time.UtcTicks + offset.Ticks < 0) return base.DayOf(time);
        var date = DateOnly.FromDateTime(new DateTime(time.UtcTicks + offset.Ticks, DateTimeKind.Unspecified));
        return date == DateOnly.MaxValue
            ? base.DayOf(time)
            : new(date, NewYorkTime.At(date.ToDateTime(TimeOnly.MinValue)),
                NewYorkTime.At(date.AddDays(1).ToDateTime(TimeOnly.MinValue)));
    }

    protected override (int Open, int Close) MinutesUtc(DateOnly date)
    {
        if (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || IsHoliday(date) || Closures.Contains(date))
            return (0, 0);
        var toUtc = -(int)NewYorkTime.At(date.ToDateTime(new(12, 0))).Offset.TotalMinutes;
        return (OpenMinute + toUtc, (IsEarly(date) ? EarlyMinute : CloseMinute) + toUtc);
    }

    static bool IsHoliday(DateOnly date) => (date.Month, date.DayOfWeek) switch
    {
        (1, DayOfWeek.Monday) when Nth(date) == 3 => date.Year >= 1998,
        (2, DayOfWeek.Monday) when Nth(date) == 3 => true,
        (5, DayOfWeek.Monday) when date.Day > 24 => true,
        (9, DayOfWeek.Monday) when date.Day <= 7 => true,
        (11, DayOfWeek.Thursday) when Nth(date) == 4 => true,
        _ => date == Easter(date.Year).AddDays(-2) || IsObserved(date, 7, 4) || IsObserved(date, 12, 25)
            || (date.Year >= 2022 && IsObserved(date, 6, 19)) || IsNewYear(date),
    };

    /// <summary>A fixed holiday; of a Saturday the Friday before is free, of a Sunday the Monday after.</summary>
    static bool IsObserved(DateOnly date, int month, int day) => date.Month == month && date.DayOfWeek switch
    {
        DayOfWeek.Friday => date.Day == day || date.Day == day - 1,
        DayOfWeek.Monday => date.Day == day || date.Day == day + 1,
        _ => date.Day == day,
    };

    /// <summary>New Year's Day on a Saturday is not observed: the Friday before ends the year's accounts.</summary>
    static bool IsNewYear(DateOnly date) =>
        date.Month == 1 && (date.Day == 1 || (date.Day == 2 && date.DayOfWeek == DayOfWeek.Monday));

    /// <summary>The day after Thanksgiving; Christmas Eve; the eve of Independence Day, or until 2012, where the
    /// Fourth was a Thursday, the Friday after it; and 26 December 2003.</summary>
    static bool IsEarly(DateOnly date) => date switch
    {
        { Year: < 1998 } => false,
        { Month: 11, DayOfWeek: DayOfWeek.Friday } => Nth(date.AddDays(-1)) == 4,
        { Month: 12, Day: 24, DayOfWeek: not DayOfWeek.Friday } => true,
        { Month: 7, Day: 3, DayOfWeek: DayOfWeek.Wednesday } => date.Year > 2012,
        { Month: 7, Day: 3, DayOfWeek: not DayOfWeek.Friday } => true,
        { Month: 7, Day: 5, DayOfWeek: DayOfWeek.Friday } => date.Year <= 2012,
        _ => date == new DateOnly(2003, 12, 26),
    };

    /// <summary>1 for the first Monday (Tuesday, …) of a month.</summary>
    static int Nth(DateOnly date) => ((date.Day - 1) / 7) + 1;

    /// <summary>Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter
    /// 8).</summary>
    static DateOnly Easter(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        var h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        var l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var sum = h + l - (7 * m) + 114;
        return new(year, sum / 31, (sum % 31) + 1);
    }
}
