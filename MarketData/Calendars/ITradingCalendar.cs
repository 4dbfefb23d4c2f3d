namespace Trading.MarketData;

/// <summary>The day that an instant belongs to by the market's own clock.</summary>
/// <param name="End">Exclusive.</param>
readonly record struct TradingDay(DateOnly Date, DateTimeOffset Start, DateTimeOffset End);

/// <summary>When a market trades, and so which bars there ought to be.</summary>
interface ITradingCalendar
{
    /// <summary>A short stable name, for example <c>nyse</c>.</summary>
    string Name { get; }

    /// <summary>The first and the last date that the rules are known for.</summary>
    DateOnly First { get; }
    DateOnly Last { get; }

    /// <summary>Whether the market trades on a date at all; false outside the known dates.</summary>
    bool IsSession(DateOnly date);

    /// <summary>The regular session of a date, in UTC; null where there is none, or none is known.</summary>
    (DateTimeOffset Open, DateTimeOffset Close)? Hours(DateOnly date);

    TradingDay DayOf(DateTimeOffset time);

    /// <summary>How many bars start in <c>[from, to)</c>: of one day, one at midnight UTC of each session's date;
    /// shorter ones, from the opening to the close of the regular session. Null where a date is not known. Costs a few
    /// array reads, however long the span.</summary>
    long? Expected(DateTimeOffset from, DateTimeOffset to, BarInterval interval);
}

/// <summary>Lengths of bars in minutes.</summary>
static class BarMinutes
{
    public static int Minutes(this BarInterval interval) => interval switch
    {
        BarInterval.OneMinute => 1,
        BarInterval.FiveMinutes => 5,
        BarInterval.FifteenMinutes => 15,
        BarInterval.OneHour => 60,
        _ => 1440,
    };
}
