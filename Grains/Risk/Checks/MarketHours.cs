namespace Trading.Risk;

/// <summary>Reads <see cref="TradingHours"/>.</summary>
static class MarketHours
{
    public static bool Knows(string? timeZone) =>
        timeZone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _);

    /// <summary>Whether trading is open at an instant. A time zone that this machine does not know is closed.</summary>
    public static bool IsOpen(TradingHours hours, DateTimeOffset instant)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(hours.TimeZone, out var zone)) return false;
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (hours.Open < hours.Close)
            return time >= hours.Open && time < hours.Close && OpensOn(hours, local.DayOfWeek);
        return time >= hours.Open
            ? OpensOn(hours, local.DayOfWeek)
            : time < hours.Close && OpensOn(hours, local.AddDays(-1).DayOfWeek);
    }

    /// <summary>The days of both enumerations have the same numbers.</summary>
    static bool OpensOn(TradingHours hours, DayOfWeek day) => hours.Weekdays.Contains((Weekday)day);
}
