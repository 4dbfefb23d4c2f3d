using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Trading.MarketData;

/// <summary>One symbol's way from the sources through the rules of quality into the store. What is held is never ahead
/// of the store: after a failure it is read again.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "Whose wait handle nobody asks for, a semaphore holds nothing to free.")]
sealed partial class BarFeed(
    string symbol, SourceChain chain, IBarStore store, ListedInstrument? listing, MarketDataOptions options,
    QualityOptions quality, TimeProvider clock) : ISymbolFeed
{
    const int MaxCorrections = 64;

    /// <summary>The newest bars that another source is asked about.</summary>
    const int SecondOpinions = 8;

    /// <summary>How long the newest bar waits in quarantine before another source is asked again.</summary>
    static readonly TimeSpan AskSecondAgain = TimeSpan.FromMinutes(1);

    /// <summary>How far back a start looks for corrections that the books may have missed.</summary>
    static readonly TimeSpan CorrectionMemory = TimeSpan.FromDays(7);

    /// <summary>Of the longest age of a price: how much newer the word of a source must be to be news without a new
    /// bar.</summary>
    const double RenewalShare = 0.25;

    readonly SemaphoreSlim _turn = new(1, 1);
    readonly Dictionary<BarInterval, BarSeries> _bars = [];
    readonly ModeHysteresis _gate = new(quality);
    ImmutableArray<PriceCorrection> _corrections = [];
    DateTimeOffset _askSecondAt;
    DateTimeOffset _lookBackAt = clock.GetUtcNow() + TimeSpan.FromSeconds(options.CorrectionInterval);

    public PriceSeries? Series { get; private set; }

    TimeSpan MaxAge => TimeSpan.FromSeconds(options.MaxPriceAge);

    public Task<SeriesStatus> RefreshAsync(CancellationToken cancellation) => InTurnAsync(async () =>
    {
        var daily = await BarsAsync(BarInterval.OneDay, cancellation);
        var request = new BarRequest(symbol, BarInterval.OneDay, AskFrom(daily), null) { Known = daily.LastAccepted };
        ChainAnswer asked;
        try
        {
            asked = await chain.FetchAsync(request, cancellation);
        }
        catch (Exception none) when (
            none is SourceChainException or OperationCanceledException && Series is null && daily.Last is not null)
        {
            return FromStore(daily, SeriesStatus.Unavailable);
        }

        return asked.Answer.Known
            ? await TakeAsync(daily, request, asked, cancellation) : FromStore(daily, SeriesStatus.Unknown);
    }, cancellation);

    public DataQuality Describe(DateTimeOffset now)
    {
        if (Series is not { } series) return DataQuality.Nothing(symbol, SeriesStatus.Unavailable);
        // none after a failure of the store, until it is read again
        var daily = _bars.GetValueOrDefault(BarInterval.OneDay);
        var report = daily is null ? null : QualityReport.Build(
            symbol, daily.Validator, now, series.Provenance.AsOf, MaxAge, quality, new ModeHysteresis(quality));
        if (series.Mode > report?.Mode) report = report with { Mode = series.Mode, Reasons = series.Doubts };
        return new(
            symbol, SeriesStatus.Updated, series.Sector, series.Dates.Length, series.Dates[0], series.LastSession,
            series.LastPrice,
            Math.Max(0, (now - series.Provenance.AsOf).TotalSeconds), series.Provenance, series.Version, report);
    }

    public async Task<BarPage> ReadAsync(BarQuery query, CancellationToken cancellation)
    {
        if (query.BrokenRules() is [var broken, ..]) throw new ArgumentException(broken.Message, nameof(query));
        var key = new SeriesKey(symbol, query.Interval);
        // What is newer than the part asked for still decides the factors of adjustment.
        var records = await store.ReadAsync(
            key, query.From, query.Interval == BarInterval.OneDay ? null : query.To, query.AsOf, cancellation);
        var actions = SeriesViews.Plausible(await store.ActionsAsync(symbol, query.AsOf, cancellation), records);
        var versions = SeriesViews.Versions(query.Interval, records, actions)
            .Where(version => query.To is null || version.Bar.Time < query.To).ToList();
        return new(
            symbol, query.Interval, query.AsOf, [.. versions.Skip(Math.Max(0, versions.Count - query.Limit))], actions,
            versions.Count > query.Limit);
    }

    public Task<IngestReceipt> IngestAsync(IngestedBars bars, CancellationToken cancellation) => InTurnAsync(async () =>
    {
        if (bars.BrokenRules() is [var broken, ..]) throw new ArgumentException(broken.Message, nameof(bars));
        var series = await BarsAsync(bars.Interval, cancellation);
        var change = await KeepAsync(
            bars.Interval, series, series.Take(bars.Bars, bars.Source, clock.GetUtcNow()), cancellation);
        if (bars.Interval == BarInterval.OneDay && !change.Records.IsEmpty) Publish(series, Provenance(series, null));
        return change.Receipt;
    }, cancellation);

    public Task<ReleaseResult> ReleaseAsync(BarRelease release, CancellationToken cancellation) =>
        InTurnAsync<ReleaseResult>(async () =>
    {
        var series = await BarsAsync(release.Interval, cancellation);
        if (series.Find(release.Time) is not { } held) return new(null, null);
        var note = $"released by {release.By}: {release.Reason}";
        if (series.Release(release.Time, note, clock.GetUtcNow()) is not { IsEmpty: false } released)
            return new(null, held.Verdict);
        await StoreAsync(release.Interval, series, released, cancellation);
        if (release.Interval == BarInterval.OneDay) Publish(series, Provenance(series, null));
        return new(series.Find(release.Time)!.ToVersion(), held.Verdict);
    }, cancellation);

    /// <summary>From the last bar on; now and then further back, where the past may have been put right.</summary>
    DateTimeOffset? AskFrom(BarSeries daily)
    {
        if (daily.Last is not { } last || clock.GetUtcNow() < _lookBackAt) return daily.Last?.Bar.Time;
        _lookBackAt = clock.GetUtcNow() + TimeSpan.FromSeconds(options.CorrectionInterval);
        return daily.Records[Math.Max(0, daily.Records.Count - 1 - options.CorrectionSessions)].Bar.Time;
    }

    async Task<SeriesStatus> TakeAsync(
        BarSeries daily, BarRequest request, ChainAnswer asked, CancellationToken cancellation)
    {
        await HearAsync(asked, cancellation);
        var learned = await LearnAsync(daily, asked.Answer.Actions, asked.ReceivedAt, cancellation);
        // A bar that counts is put right by the source that gave it; the word of another one is another opinion.
        var bars = asked.Answer.Bars.RemoveAll(
            bar => daily.Find(bar.Time) is { Verdict: Verdict.Accept } known && known.Source != asked.Source);
        var second = await SecondAsync(daily, request, asked, bars, cancellation);
        var change = await KeepAsync(
            BarInterval.OneDay, daily, daily.Take(bars, asked.Source!, asked.ReceivedAt, second), cancellation);
        var provenance = Provenance(daily, asked.Provenance);
        if (Series is { } held && !learned && change.Records.IsEmpty
            && provenance.AsOf - held.Provenance.AsOf < MaxAge * RenewalShare)
            return SeriesStatus.Unchanged;
        return Publish(daily, provenance) ? SeriesStatus.Updated : SeriesStatus.Unavailable;
    }

    /// <summary>What another source has of the newest bars, where they are new or the last one waits in
    /// quarantine.</summary>
    async Task<IReadOnlyDictionary<DateTimeOffset, Bar>?> SecondAsync(
        BarSeries daily, BarRequest request, ChainAnswer asked, ImmutableArray<Bar> bars,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var waits = daily.Last is { Verdict: Verdict.Quarantine } && now >= _askSecondAt;
        if (bars.IsEmpty || (!waits && bars.All(bar => daily.Find(bar.Time)?.Bar == bar))) return null;
        _askSecondAt = now + AskSecondAgain;
        var opinions = await chain.SecondAsync(
            asked, request with { From = bars[Math.Max(0, bars.Length - SecondOpinions)].Time }, cancellation);
        return opinions.ToDictionary(bar => bar.Time);
    }

    /// <returns>True where there was something new.</returns>
    async Task<bool> LearnAsync(
        BarSeries daily, ImmutableArray<CorporateAction> actions, DateTimeOffset now, CancellationToken cancellation)
    {
        if (actions.All(daily.Profile.Actions.Contains)) return false; // as nearly always
        var fresh = SeriesViews.Plausible(actions, daily.Records).Except(daily.Profile.Actions).ToList();
        if (fresh.Count == 0) return false;
        await store.AppendActionsAsync(symbol, fresh, now, cancellation);
        var all = SeriesViews.Plausible(await store.ActionsAsync(symbol, null, cancellation), daily.Records);
        if (daily.Take(all, now) is { IsEmpty: false } explained)
            await StoreAsync(BarInterval.OneDay, daily, explained, cancellation);
        return true;
    }

    async Task<BarSeriesChange> KeepAsync(
        BarInterval interval, BarSeries series, BarSeriesChange change, CancellationToken cancellation)
    {
        if (!change.Records.IsEmpty) await StoreAsync(interval, series, change.Records, cancellation);
        _corrections = [.. _corrections.AddRange(change.Corrections).TakeLast(MaxCorrections)];
        return change;
    }

    async Task<long> StoreAsync(
        BarInterval interval, BarSeries series, ImmutableArray<BarRecord> records, CancellationToken cancellation)
    {
        try
        {
            var revision = await store.AppendAsync(new(symbol, interval), records, cancellation);
            series.Stored(records, revision);
            return revision;
        }
        catch
        {
            _bars.Remove(interval); // ahead of the store
            throw;
        }
    }

    async Task<BarSeries> BarsAsync(BarInterval interval, CancellationToken cancellation)
    {
        if (_bars.TryGetValue(interval, out var known)) return known;
        var records = await store.ReadAsync(new(symbol, interval), null, null, null, cancellation);
        var actions = SeriesViews.Plausible(await store.ActionsAsync(symbol, null, cancellation), records);
        var series = new BarSeries(new(symbol, interval), new(chain.ClassOf(symbol), interval, actions, []), records);
        if (interval == BarInterval.OneDay)
        {
            _corrections = await CorrectionsAsync(series, cancellation);
            _said = await store.InstrumentsAsync(symbol, cancellation);
            _sourceTerms = await store.SourceTermsAsync(symbol, cancellation);
        }

        return _bars[interval] = series;
    }

    /// <summary>What was known before this process, with its age.</summary>
    SeriesStatus FromStore(BarSeries daily, SeriesStatus otherwise) =>
        Series is not null ? SeriesStatus.Unchanged
        : daily.Last is not null && Publish(daily, Provenance(daily, null)) ? SeriesStatus.Updated
        : otherwise;

    /// <summary>What the source said, else the end of the last bar that counts and in which something traded, where
    /// that is newer than what was said before.</summary>
    Provenance Provenance(BarSeries daily, Provenance? said)
    {
        if (said is not null) return said;
        var counting = daily.Records.Where(record => record.Verdict == Verdict.Accept);
        var last = counting.LastOrDefault(daily.Profile.HasTrades) ?? counting.FirstOrDefault();
        return last is not null && !(last.EventTime <= Series?.Provenance.AsOf)
            ? new(last.Source, last.EventTime, last.KnownAt)
            : Series?.Provenance ?? new("none", clock.GetUtcNow(), clock.GetUtcNow());
    }

    bool Publish(BarSeries daily, Provenance provenance)
    {
        // By the clock, so that it grows across restarts too; the books remember what they have seen.
        var version = Math.Max((Series?.Version ?? 0) + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var terms = _said.LastOrDefault()?.Terms ?? _sourceTerms?.Terms;
        if (SeriesViews.Series(symbol, daily, Listed, terms, _sourceTerms?.Currency, provenance, version)
            is not { } series) return false;
        var report = QualityReport.Build(
            symbol, daily.Validator, provenance.AsOf, provenance.AsOf, MaxAge, quality, _gate);
        Series = series with { Mode = report.Mode, Doubts = report.Reasons, Corrections = _corrections };
        return true;
    }

    async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
