namespace Trading.MarketData;

/// <summary>The hours and the clock of a listing's exchange, by the <c>meta</c> of its chart.</summary>
sealed record YahooMarket(TimeZoneInfo Zone, DateTimeOffset Opens, DateTimeOffset Closes, DateTimeOffset LastTrade)
{
    /// <summary>Quotes may be late by up to this, so the last session counts as over only then.</summary>
    static readonly TimeSpan QuoteDelay = TimeSpan.FromMinutes(20);

    public static YahooMarket Of(JsonField meta)
    {
        var regular = meta["currentTradingPeriod"]["regular"];
        var (opens, closes) = (regular["start"].UnixSeconds(), regular["end"].UnixSeconds());
        if (closes <= opens) throw regular["end"].Wrong("after the start");
        var name = meta["exchangeTimezoneName"];
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(name.Text(), out var found)
            ? found : throw name.Wrong("a known time zone");
        return new(zone, opens, closes, meta["regularMarketTime"].UnixSeconds());
    }

    public DateOnly DateOf(DateTimeOffset time) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, Zone).DateTime);

    /// <summary>True once the regular hours of a session are over, and its last trades are told.</summary>
    public bool HasEnded(DateOnly session, DateTimeOffset now)
    {
        var current = DateOf(Opens);
        return session < current || (session == current && (LastTrade >= Closes || now >= Closes + QuoteDelay));
    }

    /// <summary>False for the row at the time of the last trade, which Yahoo adds to the bars of minutes and
    /// hours.</summary>
    public bool IsInGrid(DateTimeOffset time) => time.Second == 0 && time != Closes && time != LastTrade;

    /// <summary>When a session closed, where it kept the hours of the current one.</summary>
    public DateTimeOffset EndOf(DateOnly session)
    {
        var local = session.ToDateTime(
            TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(Closes, Zone).DateTime), DateTimeKind.Unspecified);
        return new(local, Zone.GetUtcOffset(local));
    }
}
