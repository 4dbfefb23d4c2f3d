using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What a chart answer says, taken back to what traded.
/// <para>Yahoo divides every price, and every dividend, by the splits that came after it, and multiplies volumes. Its
/// answers reach to the present here, so every such split is in them, and prices are multiplied back. They are kept in
/// single precision, 7 digits: a price that was divided and multiplied back is right to 7 digits too. A split that
/// Yahoo itself does not list cannot be undone.</para></summary>
static class YahooChart
{
    /// <summary>Quotes may be late by up to this, so the last session counts as over only then.</summary>
    static readonly TimeSpan QuoteDelay = TimeSpan.FromMinutes(20);

    const decimal LeastFactor = 0.000000000001m, MostFactor = 1_000_000_000_000m, MostRatio = 1_000_000,
        MostUnits = 1_000_000_000_000_000;

    /// <param name="result">One result of a chart answer.</param>
    /// <param name="now">What has ended by then has ended.</param>
    public static BarAnswer Read(JsonField result, string symbol, BarRequest request, DateTimeOffset now)
    {
        var meta = result["meta"];
        if (!meta["symbol"].Text().Equals(symbol, StringComparison.OrdinalIgnoreCase))
            throw meta["symbol"].Wrong(symbol);
        var granularity = meta["dataGranularity"];
        if (granularity.Text() is var code && code != request.Interval.Code()
            && (code, request.Interval) != ("60m", BarInterval.OneHour))
            throw granularity.Wrong(request.Interval.Code());
        var market = Market.Of(meta);
        var events = Events(result, market);
        var splits = events.Where(action => action.Kind == CorporateActionKind.Split).ToArray();
        var actions = events.Select(action => action.Kind == CorporateActionKind.Split ? action
            : action with { Value = SevenDigits(action.Value * Factor(splits, action.ExDate)) });
        var bars = Rows(result, market, request.Interval, now)
            .Where(row => !(row.Bar.Time < request.From) && !(row.Bar.Time >= request.To))
            .Select(row => Undo(row.Bar, Factor(splits, row.Session))).ToImmutableArray();
        return new(true, bars, [.. actions], AsOf(bars, market, request.Interval), meta.Find("currency")?.Text(), null);
    }

    static IEnumerable<(Bar Bar, DateOnly Session)> Rows(
        JsonField result, Market market, BarInterval interval, DateTimeOffset now)
    {
        if (result.Find("timestamp") is not { } times) return []; // nothing traded in all this time
        var daily = interval == BarInterval.OneDay;
        var quote = result["indicators"]["quote"][0];
        JsonField[] columns = [quote["open"], quote["high"], quote["low"], quote["close"], quote["volume"]];
        foreach (var column in columns)
            if (column.Count != times.Count) throw column.Wrong($"as long as timestamp, {times.Count}");
        var rows = new List<(Bar Bar, DateOnly Session)>(times.Count);
        var before = DateTimeOffset.MinValue;
        foreach (var (index, field) in times.Items().Index())
        {
            var time = field.UnixSeconds();
            if (time <= before) throw field.Wrong("after the row before it");
            before = time;
            var session = market.DateOf(time);
            if (daily && rows.Count > 0 && rows[^1].Session == session)
            {
                rows.RemoveAt(rows.Count - 1); // written twice, as a session is while it goes on
                continue;
            }

            if (daily ? !market.HasEnded(session, now) : time + interval.Length() > now || !market.IsInGrid(time))
                continue;
            if (columns.Take(4).Any(column => column[index].IsNull)) continue; // no trade, or none that is known whole
            rows.Add((Row(daily ? new(session, default, TimeSpan.Zero) : time, columns, index), session));
        }

        return rows;
    }

    static Bar Row(DateTimeOffset time, JsonField[] columns, int index)
    {
        return new(
            time, Price(0), Price(1), Price(2), Price(3),
            columns[4][index] is { IsNull: false } volume ? Units(volume) : null);

        static decimal Units(JsonField field) =>
            Math.Abs(field.Number()) < MostUnits ? field.Number() : throw field.Wrong("a volume");

        decimal Price(int column)
        {
            var field = columns[column][index];
            return Math.Abs(field.Single()) < (float)MostUnits ? (decimal)field.Single() : throw field.Wrong("a price");
        }
    }

    static List<CorporateAction> Events(JsonField result, Market market)
    {
        var actions = new List<CorporateAction>();
        if (result.Find("events") is not { } events) return actions;
        foreach (var (_, dividend) in events.Find("dividends")?.Properties() ?? [])
            actions.Add(
                new(market.DateOf(dividend["date"].UnixSeconds()), CorporateActionKind.Dividend,
                    Positive(dividend["amount"])));
        foreach (var (_, gain) in events.Find("capitalGains")?.Properties() ?? [])
            actions.Add(
                new(market.DateOf(gain["date"].UnixSeconds()), CorporateActionKind.CapitalGain,
                    Positive(gain["amount"])));
        foreach (var (_, split) in events.Find("splits")?.Properties() ?? [])
            actions.Add(new(market.DateOf(split["date"].UnixSeconds()), CorporateActionKind.Split, Ratio(split)));
        actions.Sort((left, right) => (left.ExDate, left.Kind).CompareTo((right.ExDate, right.Kind)));
        return actions;

        static decimal Ratio(JsonField split) => Positive(split["numerator"]) / Positive(split["denominator"]);

        static decimal Positive(JsonField field) =>
            field.Number() is >= 1 / MostRatio and <= MostRatio and var number
                ? number : throw field.Wrong("a positive number");
    }

    /// <summary>The product of all splits after a session.</summary>
    static decimal Factor(CorporateAction[] splits, DateOnly session)
    {
        var factor = 1m;
        foreach (var split in splits)
        {
            if (split.ExDate <= session) continue;
            factor *= split.Value;
            if (factor is < LeastFactor or > MostFactor)
                throw new SourceException(
                    YahooSource.SourceName, SourceFailure.Nonsense, $"the splits after {session:O} cannot be");
        }

        return factor;
    }

    static Bar Undo(Bar bar, decimal factor) => factor == 1 ? bar : new(
        bar.Time, SevenDigits(bar.Open * factor), SevenDigits(bar.High * factor), SevenDigits(bar.Low * factor),
        SevenDigits(bar.Close * factor),
        bar.Volume is { } volume ? Math.Round(volume / factor) : null);

    static decimal SevenDigits(decimal number) => (decimal)(float)number;

    static DateTimeOffset? AsOf(ImmutableArray<Bar> bars, Market market, BarInterval interval)
    {
        if (bars.Length == 0) return null;
        var last = bars[^1].Time;
        var end = interval == BarInterval.OneDay
            ? market.EndOf(DateOnly.FromDateTime(last.UtcDateTime)) : last + interval.Length();
        return market.LastTrade < end ? market.LastTrade : end;
    }

    /// <summary>The hours and the clock of the listing's exchange.</summary>
    sealed record Market(TimeZoneInfo Zone, DateTimeOffset Opens, DateTimeOffset Closes, DateTimeOffset LastTrade)
    {
        public static Market Of(JsonField meta)
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
}
