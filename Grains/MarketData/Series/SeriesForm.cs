using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>A ledger in the forms in which others read it.</summary>
static class SeriesForm
{
    /// <summary>The bars that count, with what takes splits and dividends out of them.</summary>
    public static (ImmutableArray<Bar> Bars, PriceAdjustment Adjustment) Accepted(IEnumerable<BarRecord> records, ImmutableArray<CorporateAction> actions)
    {
        ImmutableArray<Bar> bars = [.. records.Where(record => record.Verdict == Verdict.Accept).Select(record => record.Bar)];
        return (bars, PriceAdjustment.FromActions(actions, bars));
    }

    /// <summary>Actions that can be: positive, and a dividend less than the price that it was paid from.</summary>
    public static ImmutableArray<CorporateAction> Plausible(IEnumerable<CorporateAction> actions, IList<BarRecord> records) =>
    [
        .. actions.Where(action => action.Value > 0 && (action.Kind == CorporateActionKind.Split || !(CloseBefore(action.ExDate, records) <= action.Value)))
            .OrderBy(action => action.ExDate).ThenBy(action => action.Kind),
    ];

    /// <summary>The adjusted closes as a series; null where no bar counts.</summary>
    public static PriceSeries? Series(
        string symbol, SeriesLedger daily, ListedInstrument? listing, InstrumentTerms? terms, Provenance provenance, long version)
    {
        var (bars, adjustment) = Accepted(daily.Records, daily.Profile.Actions);
        if (bars.IsEmpty) return null;
        ImmutableArray<DateOnly> dates = [.. bars.Select(DateOf)];
        return new(symbol, listing?.Sector, dates, [.. bars.Select((bar, day) => adjustment.On(dates[day]).Apply(bar.Close))], provenance, version)
        {
            Terms = terms ?? listing?.Terms,
        };
    }

    /// <summary>Records with the adjusted bar beside each daily one that counts.</summary>
    public static ImmutableArray<BarVersion> Versions(BarInterval interval, IReadOnlyList<BarRecord> records, ImmutableArray<CorporateAction> actions)
    {
        if (interval != BarInterval.OneDay) return [.. records.Select(record => Version(record, null))];
        var (_, adjustment) = Accepted(records, actions);
        return [.. records.Select(record => Version(record, record.Verdict == Verdict.Accept ? adjustment.On(DateOf(record.Bar)).Apply(record.Bar) : null))];
    }

    public static BarVersion Version(BarRecord record, Bar? adjusted) =>
        new(record.Bar, adjusted, record.Revision, record.Source, record.EventTime, record.KnownAt, record.Verdict, record.Rule, record.Note);

    static decimal? CloseBefore(DateOnly date, IList<BarRecord> records)
    {
        for (var i = records.Count - 1; i >= 0; i--)
            if (records[i].Verdict == Verdict.Accept && DateOf(records[i].Bar) < date) return records[i].Bar.Close;
        return null;
    }

    static DateOnly DateOf(Bar bar) => DateOnly.FromDateTime(bar.Time.UtcDateTime);
}
