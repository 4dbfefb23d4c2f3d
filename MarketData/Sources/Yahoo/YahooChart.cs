using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>A row of a chart as Yahoo wrote it.</summary>
/// <param name="Session">The date of the exchange that it belongs to.</param>
readonly record struct YahooRow(Bar Bar, DateOnly Session);

/// <summary>What a chart answer says, taken back to what traded.
/// <para>Yahoo divides every price, and every dividend, by the splits that came after it, and multiplies volumes. Its
/// answers reach to the present here, so every such split is in them, and prices are multiplied back, where they were
/// divided at all (<see cref="YahooSplits"/>). They are kept in single precision, 7 digits: a price that was divided and
/// multiplied back is right to 7 digits too. A split that Yahoo itself does not list cannot be undone.</para></summary>
static class YahooChart
{
    const decimal MostRatio = 1_000_000, MostUnits = 1_000_000_000_000_000;

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
        var (market, dropped) = (YahooMarket.Of(meta), new DroppedRows());
        var rows = Rows(result, market, request.Interval, dropped);
        var (events, inUnits) = (Splits(result, market), Cash(result, market, dropped));
        var splits = new YahooSplits(events, rows);
        var bars = rows.Where(row => HasEnded(row, market, request.Interval, now))
            .Where(row => !(row.Bar.Time < request.From) && !(row.Bar.Time >= request.To))
            .Select(row => Undo(row.Bar, splits.Factor(row.Session))).ToImmutableArray();
        var actions = inUnits
            .Select(cash => cash with { Value = SevenDigits(cash.Value * splits.Factor(cash.ExDate)) }).Concat(events)
            .OrderBy(action => action.ExDate).ThenBy(action => action.Kind);
        return dropped.In(new(
            true, bars, [.. actions], AsOf(bars, market, request.Interval), meta.Find("currency")?.Text(), null));
    }

    /// <summary>Every row with all of its prices, in order. Of rows of one session, or of one time, the later one is the
    /// newer state of the same bar, as a session is written twice while it goes on and for a while after.</summary>
    static List<YahooRow> Rows(JsonField result, YahooMarket market, BarInterval interval, DroppedRows dropped)
    {
        if (result.Find("timestamp") is not { } times) return []; // nothing traded in all this time
        var quote = result["indicators"]["quote"][0];
        JsonField[] columns = [quote["open"], quote["high"], quote["low"], quote["close"], quote["volume"]];
        foreach (var column in columns)
            if (column.Count != times.Count) throw column.Wrong($"as long as timestamp, {times.Count}");
        var daily = interval == BarInterval.OneDay;
        var rows = new List<YahooRow>(times.Count);
        var before = DateTimeOffset.MinValue;
        foreach (var (index, field) in times.Items().Index())
        {
            var time = field.UnixSeconds();
            if (time < before) throw field.Wrong("after the row before it");
            before = time;
            var session = market.DateOf(time);
            if (!daily && !market.IsInGrid(time)) continue;
            if (columns.Take(4).Any(column => column[index].IsNull)) continue; // no trade, or none that is known whole
            var start = daily ? new(session, default, TimeSpan.Zero) : time;
            if (dropped.Read(field, _ => Row(start, columns, index)) is not { } bar) continue;
            if (rows.Count > 0 && rows[^1].Bar.Time == start) rows[^1] = new(bar, session);
            else rows.Add(new(bar, session));
        }

        dropped.ThrowIfMost(rows.Count);
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

    static bool HasEnded(in YahooRow row, YahooMarket market, BarInterval interval, DateTimeOffset now) =>
        interval == BarInterval.OneDay
            ? market.HasEnded(row.Session, now) : row.Bar.Time + interval.Length() <= now;

    /// <summary>A split that cannot be read makes every price before it doubtful, and so the answer.</summary>
    static List<CorporateAction> Splits(JsonField result, YahooMarket market) =>
    [
        .. Entries(result, "splits").Select(split => new CorporateAction(
            market.DateOf(split["date"].UnixSeconds()), CorporateActionKind.Split,
            Positive(split["numerator"]) / Positive(split["denominator"]))),
    ];

    /// <summary>What was paid for one unit on each date, dividends and the capital gains that funds distribute; several
    /// payments of one kind and date are one.</summary>
    static IEnumerable<CorporateAction> Cash(JsonField result, YahooMarket market, DroppedRows dropped) =>
        Paid(result, "dividends", CorporateActionKind.Dividend, market, dropped)
            .Concat(Paid(result, "capitalGains", CorporateActionKind.CapitalGain, market, dropped));

    static IEnumerable<CorporateAction> Paid(
        JsonField result, string member, CorporateActionKind kind, YahooMarket market, DroppedRows dropped) =>
        from payment in Entries(result, member)
        let paid = dropped.Read(
            payment, entry => (Date: market.DateOf(entry["date"].UnixSeconds()), Amount: Positive(entry["amount"])))
        where paid is not null
        group paid.Value.Amount by paid.Value.Date into day
        select new CorporateAction(day.Key, kind, day.Sum());

    static IEnumerable<JsonField> Entries(JsonField result, string kind) =>
        (result.Find("events")?.Find(kind)?.Properties() ?? []).Select(entry => entry.Value);

    static decimal Positive(JsonField field) =>
        field.Number() is >= 1 / MostRatio and <= MostRatio and var number
            ? number : throw field.Wrong("a positive number");

    static Bar Undo(Bar bar, decimal factor) => factor == 1 ? bar : new(
        bar.Time, SevenDigits(bar.Open * factor), SevenDigits(bar.High * factor), SevenDigits(bar.Low * factor),
        SevenDigits(bar.Close * factor),
        bar.Volume is { } volume ? Math.Round(volume / factor) : null);

    static decimal SevenDigits(decimal number) => (decimal)(float)number;

    static DateTimeOffset? AsOf(ImmutableArray<Bar> bars, YahooMarket market, BarInterval interval)
    {
        if (bars.Length == 0) return null;
        var last = bars[^1].Time;
        var end = interval == BarInterval.OneDay
            ? market.EndOf(DateOnly.FromDateTime(last.UtcDateTime)) : last + interval.Length();
        return market.LastTrade < end ? market.LastTrade : end;
    }
}
