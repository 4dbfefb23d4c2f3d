namespace Trading.MarketData;

/// <summary>Trades at all hours of all days; a day is a day of UTC.</summary>
sealed class ContinuousCalendar : TradingCalendar
{
    ContinuousCalendar() : base("always", new(1998, 1, 1), new(2079, 12, 31))
    {
    }

    public static ContinuousCalendar Instance { get; } = new();

    protected override (int Open, int Close) MinutesUtc(DateOnly date) => AllDay;
}

/// <summary>Currencies: from Sunday 17:00 to Friday 17:00, New York time. A daily bar is a day of UTC, and there are
/// six a week: Sunday's evening has one of its own. No holidays: makers of markets differ in which they
/// keep.</summary>
sealed class FxCalendar : TradingCalendar
{
    FxCalendar() : base("fx_week", new(1998, 1, 1), new(2079, 12, 31))
    {
    }

    public static FxCalendar Instance { get; } = new();

    protected override (int Open, int Close) MinutesUtc(DateOnly date) => date.DayOfWeek switch
    {
        DayOfWeek.Saturday => (0, 0),
        DayOfWeek.Sunday => (Turn(date), AllDay.Close),
        DayOfWeek.Friday => (0, Turn(date)),
        _ => AllDay,
    };

    static int Turn(DateOnly date) => (17 * 60) - (int)NewYorkTime.At(date.ToDateTime(new(17, 0))).Offset.TotalMinutes;
}

static class TradingCalendars
{
    public static ITradingCalendar Of(AssetClass kind) => kind switch
    {
        AssetClass.Equity => NyseCalendar.Instance,
        AssetClass.Fx => FxCalendar.Instance,
        _ => ContinuousCalendar.Instance,
    };
}
