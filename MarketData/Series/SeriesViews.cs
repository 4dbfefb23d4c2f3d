using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>A series in the forms in which others read it.</summary>
static class SeriesViews
{
    /// <summary>Corporate actions that a series tells of.</summary>
    const int MaxActions = 64;

    /// <summary>The bars that count, with what takes splits and dividends out of them.</summary>
    public static (ImmutableArray<Bar> Bars, PriceAdjustment Adjustment) Accepted(
        IEnumerable<BarRecord> records, ImmutableArray<CorporateAction> actions)
    {
        var bars = Accepted(records);
        return (bars, PriceAdjustment.FromActions(Plausible(actions, bars), bars));
    }

    /// <summary>Actions that can be: positive, and a dividend less than the price that it was paid from.</summary>
    public static ImmutableArray<CorporateAction> Plausible(
        IEnumerable<CorporateAction> actions, IEnumerable<BarRecord> records) =>
        Plausible(actions, Accepted(records));

    static ImmutableArray<CorporateAction> Plausible(IEnumerable<CorporateAction> actions, ImmutableArray<Bar> bars) =>
    [
        .. actions.Where(
            action => (action.Value > 0 || action.Kind == CorporateActionKind.Delisting)
                && (!IsPaid(action) || !(CloseBefore(action.ExDate, bars) <= action.Value)))
            .OrderBy(action => action.ExDate).ThenBy(action => action.Kind),
    ];

    /// <summary>Out of the price: what is paid cannot be more than it was.</summary>
    static bool IsPaid(CorporateAction action) =>
        action.Kind is CorporateActionKind.Dividend or CorporateActionKind.CapitalGain;

    /// <summary>The adjusted closes as a series; null where no bar counts.</summary>
    /// <param name="currency">As the source says it; the listing, which a person wrote, comes before it.</param>
    public static PriceSeries? Series(
        string symbol, BarSeries daily, ListedInstrument? listing, InstrumentTerms? terms, string? currency,
        Provenance provenance, long version)
    {
        var (dates, closes) = Closes(daily);
        if (dates.IsEmpty) return null;
        return new(symbol, listing?.Sector, dates, closes, provenance, version)
        {
            Terms = Priced(terms ?? listing?.Terms, listing?.Terms?.Currency ?? currency),
            Actions =
            [
                .. daily.Profile.Actions.OrderBy(action => action.ExDate).ThenBy(action => action.Kind)
                    .TakeLast(MaxActions),
            ],
        };
    }

    /// <summary>Made anew with every bar that comes: of the bars nothing is copied but what it takes.</summary>
    static (ImmutableArray<DateOnly> Dates, ImmutableArray<decimal> Closes) Closes(BarSeries daily)
    {
        var actions = daily.Profile.Actions;
        var adjustment = actions.IsEmpty ? null : Accepted(daily.Records, actions).Adjustment;
        var count = daily.Records.Count;
        var (dates, closes) = (ImmutableArray.CreateBuilder<DateOnly>(count), ImmutableArray.CreateBuilder<decimal>(count));
        foreach (var record in daily.Records)
        {
            if (record.Verdict != Verdict.Accept) continue;
            var date = DateOf(record.Bar);
            dates.Add(date);
            closes.Add(adjustment is null ? record.Bar.Close : adjustment.On(date).Apply(record.Bar.Close));
        }

        return (dates.DrainToImmutable(), closes.DrainToImmutable());
    }

    static InstrumentTerms? Priced(InstrumentTerms? terms, string? currency) =>
        currency is null ? terms : (terms ?? new()) with { Currency = CurrencyCodes.Normalize(currency) };

    /// <summary>The closes that counted at an earlier moment and count otherwise now.</summary>
    /// <param name="before">The newest records of that moment.</param>
    public static ImmutableArray<PriceCorrection> Corrections(
        string symbol, IEnumerable<BarRecord> before, Func<DateTimeOffset, BarRecord?> now) =>
    [
        .. from old in before
           where old.Verdict == Verdict.Accept
           let known = now(old.Bar.Time)
           let after = known is { Verdict: Verdict.Accept } ? known.Bar.Close : (decimal?)null
           where known is not null && after != old.Bar.Close
           orderby known.KnownAt
           select new PriceCorrection(symbol, DateOf(old.Bar), old.Bar.Close, after, old.KnownAt, known.KnownAt),
    ];

    /// <summary>Records with the adjusted bar beside each daily one that counts.</summary>
    public static ImmutableArray<BarVersion> Versions(
        BarInterval interval, IReadOnlyList<BarRecord> records, ImmutableArray<CorporateAction> actions)
    {
        if (interval != BarInterval.OneDay) return [.. records.Select(record => record.ToVersion())];
        var (_, adjustment) = Accepted(records, actions);
        return [.. records.Select(record =>
            record.ToVersion(
                record.Verdict == Verdict.Accept ? adjustment.On(DateOf(record.Bar)).Apply(record.Bar) : null))];
    }

    static ImmutableArray<Bar> Accepted(IEnumerable<BarRecord> records) =>
        [.. records.Where(record => record.Verdict == Verdict.Accept).Select(record => record.Bar)];

    static decimal? CloseBefore(DateOnly date, ImmutableArray<Bar> bars)
    {
        var (low, high) = (0, bars.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (DateOf(bars[middle]) < date) low = middle + 1;
            else high = middle;
        }

        return low > 0 ? bars[low - 1].Close : null;
    }

    static DateOnly DateOf(Bar bar) => DateOnly.FromDateTime(bar.Time.UtcDateTime);
}
