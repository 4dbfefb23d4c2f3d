namespace Trading.MarketData;

/// <summary>Which session an instant belongs to by the market's own clock: shares by the regular hours of their
/// exchange, currencies and futures by the day that ends at 17:00 in New York, coins by the day of UTC.</summary>
public static class SessionDays
{
    /// <summary>From New York's 17:00 to midnight.</summary>
    static readonly TimeSpan Evening = TimeSpan.FromHours(7);

    /// <summary>The date of the session; null where the market does not trade then.</summary>
    public static DateOnly? Of(string symbol, AssetClass kind, DateTimeOffset time)
    {
        if (kind == AssetClass.Crypto) return DateOnly.FromDateTime(time.UtcDateTime);
        if (EndsInTheEvening(symbol, kind))
        {
            var date = DateOnly.FromDateTime(time.UtcDateTime + NewYorkTime.OffsetAt(time) + Evening);
            return date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? null : date;
        }

        var day = NyseCalendar.Instance.DayOf(time).Date;
        return NyseCalendar.Instance.Hours(day) is { } hours && time >= hours.Open && time < hours.Close ? day : null;
    }

    /// <summary>The day to which what an account does at an instant belongs, whether or not its market trades then: of
    /// shares New York's, also before and after the session; of currencies the one that ends at 17:00 there, Monday's
    /// for the weekend; of coins the day of UTC.</summary>
    public static DateOnly TradeDate(AssetClass market, DateTimeOffset time)
    {
        if (market == AssetClass.Crypto) return DateOnly.FromDateTime(time.UtcDateTime);
        var local = time.UtcDateTime + NewYorkTime.OffsetAt(time);
        if (market == AssetClass.Equity) return DateOnly.FromDateTime(local);
        var date = DateOnly.FromDateTime(local + Evening);
        return date.DayOfWeek switch { DayOfWeek.Saturday => date.AddDays(2), DayOfWeek.Sunday => date.AddDays(1), _ => date };
    }

    /// <summary>When the session of a date is over.</summary>
    public static DateTimeOffset EndOf(string symbol, AssetClass kind, DateOnly date) => kind == AssetClass.Crypto
        ? new(date.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero)
        : EndsInTheEvening(symbol, kind) ? NewYorkTime.At(date.ToDateTime(new(17, 0))).ToUniversalTime()
        : NyseCalendar.Instance.Hours(date)?.Close ?? NewYorkTime.At(date.ToDateTime(new(16, 0))).ToUniversalTime();

    /// <summary>Futures are written as Yahoo writes them, <c>ES=F</c>.</summary>
    static bool EndsInTheEvening(string symbol, AssetClass kind) =>
        kind == AssetClass.Fx || symbol.EndsWith("=F", StringComparison.Ordinal);
}

/// <summary>Puts shorter bars of one symbol together into daily ones, each of a session of its market. What lies outside
/// of every session is left out.</summary>
public sealed class DailyBars(string symbol, AssetClass kind)
{
    readonly CandleBuilder _days = new(BarInterval.OneDay);

    /// <param name="finished">The bar of the session before, once a bar of a later one shows that it is over.</param>
    /// <returns>False where the bar is left out.</returns>
    public bool TryAdd(in Bar part, out Bar? finished)
    {
        finished = null;
        return SessionDays.Of(symbol, kind, part.Time) is { } date
            && _days.TryAdd(part with { Time = new(date, TimeOnly.MinValue, TimeSpan.Zero) }, out finished);
    }

    /// <summary>The bar of the last session, where that is over by then; null where it is not.</summary>
    public Bar? Complete(DateTimeOffset now) => _days.Current is { } open
        && SessionDays.EndOf(symbol, kind, DateOnly.FromDateTime(open.Time.UtcDateTime)) <= now ? _days.Complete() : null;
}
