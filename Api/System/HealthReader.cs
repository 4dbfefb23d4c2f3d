using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trading.Api;

/// <summary>Looks at every part, at most once a second however many ask: what is asked of a system that is in trouble must
/// not be one trouble more.</summary>
public sealed class HealthReader(HealthCheckService checks, TimeProvider clock)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    Task<HealthReport>? _report;
    long _askedAt;

    public Task<HealthReport> ReadAsync(CancellationToken cancellation)
    {
        lock (_gate)
            if (_report is null || (_report.IsCompleted && (_report.IsFaulted || clock.GetElapsedTime(_askedAt) >= Fresh)))
                (_askedAt, _report) = (clock.GetTimestamp(), checks.CheckHealthAsync(CancellationToken.None));
        return _report.WaitAsync(cancellation);
    }
}
