using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>What is known of a series, with all versions.</summary>
[GenerateSerializer, Alias("trading.macro-record")]
public sealed class MacroRecord
{
    /// <summary>By date, then by the time they became known.</summary>
    [Id(0)] public ImmutableArray<MacroObservation> Versions { get; set; } = [];
    [Id(1)] public DateTimeOffset? ReceivedAt { get; set; }
}

/// <summary>Asks the publisher when what is known is older than it may be, within its turn, so that others queue
/// behind one question. Where the publisher fails, what is known stands and says so.</summary>
sealed partial class MacroSeriesGrain(
    IMacroSource source,
    IOptions<MacroOptions> options,
    TimeProvider clock,
    [PersistentState("macro", "trading")] IPersistentState<MacroRecord> stored,
    ILogger<MacroSeriesGrain> log) : Grain, IMacroSeriesGrain
{
    /// <summary>After a failure, and after the word that there is no such series.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    DateTimeOffset? _receivedAt;
    DateTimeOffset _askAt;
    MacroStatus _status = MacroStatus.Unavailable;
    string? _problem;

    string Series => this.GetPrimaryKeyString();

    public async Task<MacroSeries> GetAsync(MacroQuery query)
    {
        if (clock.GetUtcNow() >= _askAt) await AskAsync();
        var known = stored.State.Versions;
        return new(
            Series, _status, source.Name, MacroVersions.Read(known, query), query.AsOf,
            _receivedAt ?? stored.State.ReceivedAt,
            MacroVersions.Revisions(known), _problem);
    }

    async Task AskAsync()
    {
        var now = clock.GetUtcNow();
        try
        {
            var received = await source.FetchAsync(Series, CancellationToken.None);
            (_problem, _receivedAt) = (null, now);
            (_status, _askAt) = received is null
                ? (MacroStatus.Unknown, now + Pause)
                : (MacroStatus.Fresh, now + TimeSpan.FromSeconds(options.Value.CacheTtl));
            if (received is { } observations) await KeepAsync(observations, now);
        }
        catch (SourceException failure)
        {
            if (_problem is null) LogFailure(Series, failure.Message);
            (_problem, _askAt) = (
                failure.Message, now + (failure.RetryAfter > Pause ? failure.RetryAfter.Value : Pause));
            _status = stored.State.Versions.IsEmpty ? MacroStatus.Unavailable : MacroStatus.Stale;
        }
    }

    async Task KeepAsync(ImmutableArray<MacroObservation> observations, DateTimeOffset now)
    {
        var merged = MacroVersions.Merge(stored.State.Versions, observations);
        if (merged == stored.State.Versions) return;
        stored.State = new() { Versions = merged, ReceivedAt = now };
        await stored.WriteStateAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The series {Series} is not renewed: {Problem}")]
    partial void LogFailure(string series, string problem);
}
