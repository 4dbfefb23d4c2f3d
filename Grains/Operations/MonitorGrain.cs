using Microsoft.Extensions.Options;

namespace Trading.Operations;

[GenerateSerializer, Alias("trading.monitor-record")]
public sealed record MonitorRecord
{
    [Id(0)] public byte[] Archive { get; init; } = [];
}

/// <summary>Keeps the history of the system, and stores it now and then: a process that is killed loses the last
/// minute of it.</summary>
public sealed class MonitorGrain(
    [PersistentState("monitor", "trading")] IPersistentState<MonitorRecord> stored,
    IOptions<MonitorOptions> options,
    TimeProvider clock) : Grain, IMonitorGrain
{
    static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);

    readonly Dictionary<string, double> _newest = [];
    MetricsArchive _archive = null!;
    DateTimeOffset? _measuredAt;
    DateTimeOffset _savedAt;
    bool _isSaved = true;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _archive = MetricsArchive.Load(stored.State.Archive);
        _savedAt = clock.GetUtcNow();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _isSaved ? Task.CompletedTask : SaveAsync();

    public async Task ReportAsync(SystemSample sample)
    {
        var now = clock.GetUtcNow();
        _archive.Add(now, sample.Readings);
        (_measuredAt, _isSaved) = (now, false);
        _newest.Clear();
        foreach (var reading in sample.Readings) _newest[reading.Name] = reading.Value;
        if (now - _savedAt >= SaveEvery) await SaveAsync();
    }

    public Task<SystemMetrics> GetMetricsAsync(int hours)
    {
        var now = clock.GetUtcNow();
        hours = Math.Clamp(hours, 1, SystemMetrics.MaxHours);
        var (step, times, series) = _archive.Read(hours, now);
        return Task.FromResult(new SystemMetrics(
            hours, now, step, Performance(), _archive.Measure(hours, options.Value.AvailabilityObjective, now), times, series));
    }

    /// <summary>After a failed write nobody knows what is stored: the activation goes, and the next one reads.</summary>
    async Task SaveAsync()
    {
        (_savedAt, _isSaved) = (clock.GetUtcNow(), true);
        stored.State = new() { Archive = _archive.Save() };
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    PerformanceNow Performance()
    {
        double? Of(string name) => _newest.TryGetValue(name, out var value) ? value : null;
        return new(
            _measuredAt, Of(ReadingNames.ResponseTime), Of(ReadingNames.ResponseTimeMedian), Of(ReadingNames.ResponseTimeTail),
            Of(ReadingNames.RequestRate), Of(ReadingNames.ErrorRate), Of(ReadingNames.DecisionRate),
            Of(ReadingNames.DecisionLatencyMedian), Of(ReadingNames.DecisionLatencyTail), Of(ReadingNames.CommitTime),
            Of(ReadingNames.CpuUsage), Of(ReadingNames.MemoryUsage), Of(ReadingNames.ValueAtRisk95),
            Of(ReadingNames.ActivePositions), Of(ReadingNames.DataAge));
    }
}
