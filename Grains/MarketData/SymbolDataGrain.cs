using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Holds one symbol's series. The first question fetches it, within its turn, so that others queue behind one
/// fetch; from then on a timer renews it beside the questions and ends in one assignment. Where nobody answers, the
/// last series stays in place, with its age. A symbol that no source knows leaves nothing behind, and one that nobody
/// asks about is forgotten.</summary>
public sealed partial class SymbolDataGrain(
    ISymbolFeeds feeds, IOptions<MarketDataOptions> options, TimeProvider clock, ILogger<SymbolDataGrain> log)
        : Grain, ISymbolDataGrain
{
    /// <summary>How long one fetch may take.</summary>
    static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(10);

    /// <summary>Between two looks at the quality for whoever measures it.</summary>
    static readonly TimeSpan MeasureInterval = TimeSpan.FromSeconds(10);
    static readonly SeriesUpdate Unchanged = new(SeriesStatus.Unchanged, null);

    ISymbolFeed _feed = null!;
    SeriesUpdate? _newest;
    IGrainTimer? _timer;
    bool _failing;
    DateTimeOffset _askedAt, _notBefore, _measureAt;

    TimeSpan RefreshInterval => TimeSpan.FromSeconds(options.Value.RefreshInterval);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _feed = feeds.Open(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        DataMetrics.Forget(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public ValueTask<SeriesUpdate> GetSeriesAsync(long newerThan)
    {
        _askedAt = clock.GetUtcNow();
        return _timer is null ? new(LoadSeriesAsync(newerThan)) : new(NewerThan(newerThan));
    }

    public async Task<DataQuality> GetQualityAsync()
    {
        _askedAt = clock.GetUtcNow();
        var status = _timer is null ? await LoadAsync() : SeriesStatus.Updated;
        return _feed.Series is null
            ? DataQuality.Nothing(this.GetPrimaryKeyString(), status) : _feed.Describe(clock.GetUtcNow());
    }

    /// <summary>Reads what is kept; of a symbol that nobody has asked about yet, what the sources have comes in
    /// first.</summary>
    public async Task<Outcome<BarPage>> GetBarsAsync(BarQuery query)
    {
        if (query.BrokenRules() is { IsEmpty: false } broken) return Outcome.Invalid<BarPage>(broken);
        _askedAt = clock.GetUtcNow();
        var status = _feed.Series is null ? await LoadAsync() : SeriesStatus.Updated;
        var page = await _feed.ReadAsync(query, CancellationToken.None);
        return status == SeriesStatus.Unknown && page.Bars.IsEmpty && !await HasBarsAsync()
            ? Outcome.NotFound<BarPage>("symbol", $"No source knows the symbol '{page.Symbol}'.") : Outcome.Done(page);
    }

    /// <summary>Whether somebody brought bars of the symbol, of whatever interval.</summary>
    async Task<bool> HasBarsAsync()
    {
        foreach (var interval in Enum.GetValues<BarInterval>())
            if (await _feed.ReadAsync(new(interval, null, null, null, 1), CancellationToken.None) is { Bars.IsEmpty: false })
                return true;
        return false;
    }

    public async Task<Outcome<IngestReceipt>> IngestAsync(IngestedBars bars) =>
        bars.BrokenRules() is { IsEmpty: false } broken
        ? Outcome.Invalid<IngestReceipt>(broken)
        : Outcome.Done(await _feed.IngestAsync(bars, CancellationToken.None));

    public async Task<Outcome<BarVersion>> ReleaseAsync(BarRelease release)
    {
        var bar = $"bar of {this.GetPrimaryKeyString()} at {release.Time:u}";
        return await _feed.ReleaseAsync(release, CancellationToken.None) switch
        {
            { Released: { } version } => Outcome.Done(version),
            { Found: { } verdict } => Outcome.Conflict<BarVersion>(
                "time", "not_quarantined", $"The {bar} is not in quarantine: its verdict is {verdict.ToString().ToLowerInvariant()}."),
            _ => Outcome.NotFound<BarVersion>("time", $"There is no {bar}."),
        };
    }

    public Task<InstrumentReport> GetInstrumentAsync() => _feed.DescribeInstrumentAsync(CancellationToken.None);

    public async Task<Outcome<InstrumentReport>> ChangeInstrumentAsync(InstrumentChange change)
    {
        if (change.BrokenRules() is { IsEmpty: false } broken) return Outcome.Invalid<InstrumentReport>(broken);
        return await _feed.ChangeInstrumentAsync(change, CancellationToken.None) is { } report
            ? Outcome.Done(report)
            : Outcome.Conflict<InstrumentReport>(
                "expected_version", "version", $"Version {change.ExpectedVersion} is not the one in force.");
    }

    async Task<SeriesUpdate> LoadSeriesAsync(long newerThan)
    {
        var status = await LoadAsync();
        return _feed.Series is null ? new(status, null) : NewerThan(newerThan);
    }

    /// <summary>The answer is made once for each series.</summary>
    SeriesUpdate NewerThan(long version)
    {
        var series = _feed.Series!;
        if (series.Version <= version) return Unchanged;
        if (!ReferenceEquals(_newest?.Series, series)) _newest = new(SeriesStatus.Updated, series);
        return _newest!;
    }

    /// <summary>Gets the first series of this activation.</summary>
    async Task<SeriesStatus> LoadAsync()
    {
        if (clock.GetUtcNow() < _notBefore) return SeriesStatus.Unavailable;
        var status = await FetchAsync(CancellationToken.None);
        if (_feed.Series is not null)
            _timer ??= this.RegisterGrainTimer(
                RefreshAsync, new() { DueTime = RefreshInterval, Period = RefreshInterval, Interleave = true });
        else if (status == SeriesStatus.Unknown)
            DeactivateOnIdle();
        else
            _notBefore = clock.GetUtcNow() + RefreshInterval;
        return status;
    }

    async Task RefreshAsync(CancellationToken cancellation)
    {
        if (clock.GetUtcNow() - _askedAt > TimeSpan.FromSeconds(options.Value.CacheTtl)) DeactivateOnIdle();
        else await FetchAsync(cancellation);
    }

    async Task<SeriesStatus> FetchAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(FetchLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var status = await _feed.RefreshAsync(either.Token);
            _failing = false;
            return status;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested) // a source is a plug-in: whatever fails in it, prices only age
        {
            if (!_failing) Log(failure);
            _failing = true;
            return SeriesStatus.Unavailable;
        }
        finally
        {
            Measure();
        }
    }

    void Measure()
    {
        var now = clock.GetUtcNow();
        if (_feed.Series is null || now < _measureAt) return;
        _measureAt = now + MeasureInterval;
        DataMetrics.Publish(_feed.Describe(now));
    }

    /// <summary>That sources are away is said in a line; what no source should do is shown whole.</summary>
    void Log(Exception failure) => LogFailure(
        failure is SourceChainException or SourceException ? null : failure, this.GetPrimaryKeyString(), failure.Message);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No news of {Symbol}; prices stay as they are and age until somebody answers again: {Reason}.")]
    partial void LogFailure(Exception? failure, string symbol, string reason);
}
