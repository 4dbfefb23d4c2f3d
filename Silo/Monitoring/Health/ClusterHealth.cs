using Microsoft.Extensions.Diagnostics.HealthChecks;
using Trading.MarketData;

namespace Trading.Monitoring.Health;

/// <summary>Degraded while a silo is joining or leaving; unhealthy where this one is not among the active.</summary>
sealed class ClusterHealth(IGrainFactory grains, ILocalSiloDetails silo) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var hosts = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: false, cancellationToken);
        var active = hosts.Values.Count(status => status == SiloStatus.Active);
        var moving = hosts.Values.Count(status => status is SiloStatus.Joining or SiloStatus.ShuttingDown or SiloStatus.Stopping);
        var words = $"{active} active{(moving > 0 ? $", {moving} joining or leaving" : "")}";
        return hosts.GetValueOrDefault(silo.SiloAddress) != SiloStatus.Active ? HealthCheckResult.Unhealthy($"This silo is not active; {words}.")
            : moving > 0 ? HealthCheckResult.Degraded(words)
            : HealthCheckResult.Healthy(words);
    }
}

/// <summary>Whether the table of reminders answers: without it models are not retrained and overrides do not end.</summary>
sealed class RemindersHealth(IReminderTable reminders) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await reminders.ReadRows(0, 1, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return HealthCheckResult.Degraded("The table of reminders does not answer.", failure);
        }
    }
}

/// <summary>Degraded while a source that is asked is not trusted: what it served may age.</summary>
sealed class SourcesHealth(SourceChain chain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var asked = chain.Report().Where(source => !source.Serves.IsEmpty).ToArray();
        string[] doubtful = [.. asked.Where(source => source.State != SourceState.Trusted).Select(source => source.Source)];
        return Task.FromResult(doubtful.Length == 0
            ? HealthCheckResult.Healthy($"{asked.Length} trusted")
            : HealthCheckResult.Degraded($"Not trusted now: {string.Join(", ", doubtful)}."));
    }
}

/// <summary>Whether the clock of the wall goes as fast as that of the processor: one that was set, or that stood still with
/// its machine, makes ages and expiries wrong until everything has been looked at again.</summary>
sealed class ClockHealth(TimeProvider clock) : IHealthCheck
{
    /// <summary>Between two looks; more than this within a look is a jump, not a correction.</summary>
    static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(1);

    /// <summary>How long a jump is told of.</summary>
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    readonly Lock _gate = new();
    DateTimeOffset _wall = clock.GetUtcNow();
    long _steady = clock.GetTimestamp();
    (TimeSpan By, long At)? _jump;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var drift = clock.GetUtcNow() - _wall - clock.GetElapsedTime(_steady);
            (_wall, _steady) = (clock.GetUtcNow(), clock.GetTimestamp());
            if (drift.Duration() > Tolerated) _jump = (drift, _steady);
            var skew = _jump is { } jump && clock.GetElapsedTime(jump.At) < Remembered ? jump.By : (TimeSpan?)null;
            return Task.FromResult(skew is { } by
                ? HealthCheckResult.Degraded(FormattableString.Invariant($"The clock was set by {by.TotalSeconds:0.0} s."))
                : HealthCheckResult.Healthy());
        }
    }
}
