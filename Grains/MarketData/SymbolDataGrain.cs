using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>The last thing seen of a source, so that a restart goes on from there.</summary>
[GenerateSerializer, Alias("trading.series-mark")]
public sealed class SeriesMark
{
    [Id(0)] public string? Source { get; set; }
    [Id(1)] public long Version { get; set; }
}

/// <summary>Holds one symbol's series. The first question fetches it, within its turn, so that others queue behind one fetch; from then
/// on a timer renews it beside the questions and ends in one assignment. A source that fails leaves the last series in place, with its
/// age. A symbol that no source knows leaves nothing behind.</summary>
public sealed partial class SymbolDataGrain(
    IMarketDataSource source,
    IOptions<MarketDataOptions> options,
    TimeProvider clock,
    [PersistentState("series", "trading")] IPersistentState<SeriesMark> mark,
    ILogger<SymbolDataGrain> log) : Grain, ISymbolDataGrain
{
    /// <summary>How long one fetch may take.</summary>
    static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(10);
    static readonly SeriesUpdate Unchanged = new(SeriesStatus.Unchanged, null);

    Held? _held;
    bool _failing;
    DateTimeOffset _notBefore;

    TimeSpan RefreshInterval => TimeSpan.FromSeconds(options.Value.RefreshInterval);

    public ValueTask<SeriesUpdate> GetSeriesAsync(long newerThan) =>
        _held is { } held ? new(held.NewerThan(newerThan)) : new(LoadSeriesAsync(newerThan));

    public async Task<DataQuality> GetQualityAsync()
    {
        var status = _held is null ? await LoadAsync() : SeriesStatus.Updated;
        return _held is { } held
            ? SeriesQuality.Report(held.Series, held.Findings, clock.GetUtcNow(), TimeSpan.FromSeconds(options.Value.MaxPriceAge))
            : SeriesQuality.NoReport(this.GetPrimaryKeyString(), status);
    }

    async Task<SeriesUpdate> LoadSeriesAsync(long newerThan)
    {
        var status = await LoadAsync();
        return _held?.NewerThan(newerThan) ?? new(status, null);
    }

    /// <summary>Gets the first series of this activation.</summary>
    async Task<SeriesStatus> LoadAsync()
    {
        if (clock.GetUtcNow() < _notBefore) return SeriesStatus.Unavailable;
        var status = await FetchAsync(mark.State.Source == source.Name ? mark.State.Version : 0, CancellationToken.None);
        if (status == SeriesStatus.Unchanged) // nothing newer than an earlier activation saw; this one still needs that
            status = await FetchAsync(0, CancellationToken.None);
        switch (status)
        {
            case SeriesStatus.Updated:
                this.RegisterGrainTimer(RefreshAsync, new() { DueTime = RefreshInterval, Period = RefreshInterval, Interleave = true });
                await RememberAsync();
                break;
            case SeriesStatus.Unknown:
                DeactivateOnIdle();
                break;
            default:
                _notBefore = clock.GetUtcNow() + RefreshInterval;
                status = SeriesStatus.Unavailable;
                break;
        }

        return status;
    }

    async Task RefreshAsync(CancellationToken cancellation)
    {
        if (await FetchAsync(_held!.Series.Version, cancellation) == SeriesStatus.Updated)
            await RememberAsync();
    }

    async Task<SeriesStatus> FetchAsync(long newerThan, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(FetchLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var answer = await source.FetchAsync(this.GetPrimaryKeyString(), newerThan, either.Token);
            _failing = false;
            if (answer is { Status: SeriesStatus.Updated, Series: { } series, Calendar: { } calendar })
                _held = new(series, calendar);
            return answer.Status;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested) // a source is a plug-in: whatever fails in it, prices only age
        {
            if (!_failing) LogFailure(failure, source.Name, this.GetPrimaryKeyString());
            _failing = true;
            return SeriesStatus.Unavailable;
        }
    }

    async Task RememberAsync()
    {
        var version = _held!.Series.Version;
        if (mark.State.Version == version && mark.State.Source == source.Name) return;
        mark.State = new() { Source = source.Name, Version = version };
        await mark.WriteStateAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The source {Source} failed for {Symbol}; prices stay as they are and age until it answers again.")]
    partial void LogFailure(Exception failure, string source, string symbol);

    /// <summary>A series with its answer ready-made, and its findings made when first asked for.</summary>
    sealed class Held(PriceSeries series, SessionCalendar calendar)
    {
        readonly SeriesUpdate _update = new(SeriesStatus.Updated, series);
        SeriesFindings? _findings;

        public PriceSeries Series => series;
        public SeriesFindings Findings => _findings ??= SeriesQuality.Inspect(series, calendar);
        public SeriesUpdate NewerThan(long version) => series.Version > version ? _update : Unchanged;
    }
}
