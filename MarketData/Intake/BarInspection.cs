using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Judges the bars of any number of series, one after another, and counts. Nothing is known of what was
/// before.</summary>
sealed class BarInspection(BarInterval interval)
{
    /// <summary>Findings of all symbols together that a report shows, as long as each shows one.</summary>
    const int MaxFindings = 1_000;

    readonly SortedDictionary<string, Series> _sorted = new(StringComparer.Ordinal);
    readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);

    /// <summary>Judges rows series by series.</summary>
    /// <param name="actions">The corporate actions of a symbol.</param>
    public static async Task<ValidationReport> RunAsync(
        IBarRows rows,
        BarInterval interval,
        AssetClasses classes,
        Func<string, Task<ImmutableArray<CorporateAction>>> actions,
        CancellationToken cancellation)
    {
        var inspection = new BarInspection(interval);
        await foreach (var batch in rows.ReadAsync(cancellation))
            for (var i = 0; i < batch.Length; i++)
            {
                var symbol = batch.Span[i].Symbol!;
                if (!inspection.Knows(symbol))
                    inspection.Begin(symbol, classes.Of(symbol), SeriesViews.Plausible(await actions(symbol), []));
                inspection.Take(symbol, batch.Span[i].Bar);
            }

        return inspection.Report(rows.Report());
    }

    public bool Knows(string symbol) => _series.ContainsKey(symbol);

    public void Begin(string symbol, AssetClass kind, ImmutableArray<CorporateAction> actions) =>
        _sorted[symbol] = _series[symbol] = new(new(kind, interval, actions, []));

    /// <summary>Takes the next bar of a series that has begun.</summary>
    public void Take(string symbol, in Bar bar) => _series[symbol].Take(bar);

    public ValidationReport Report(RowReport rows)
    {
        var shown = Math.Max(1, MaxFindings / Math.Max(1, _sorted.Count));
        ImmutableArray<SeriesInspection> all = [.. _sorted.Select(series => series.Value.Report(series.Key, shown))];
        return new(
            interval, rows, all.Sum(one => one.Accepted), all.Sum(one => one.Quarantined),
            all.Sum(one => one.Rejected), all);
    }

    sealed class Series(SeriesProfile profile)
    {
        readonly BarValidator _validator = new(profile);
        readonly Confirmations _confirmations = new();
        long _confirmed;

        public void Take(in Bar bar) => _confirmed += _confirmations.Take(bar, _validator.Check(bar)).Length;

        public SeriesInspection Report(string symbol, int shown)
        {
            var counts = _validator.Counts;
            return new(
                symbol, profile.Kind, counts.First, counts.Last,
                QualityReport.Scores(counts, _validator.Expected, null, TimeSpan.Zero),
                counts.Accepted, counts.Quarantined, counts.Rejected, _confirmed, counts.ByRule(),
                [.. counts.Latest().Take(shown)]);
        }
    }
}
