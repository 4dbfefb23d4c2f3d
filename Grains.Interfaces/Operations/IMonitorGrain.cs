using Orleans.Concurrency;

namespace Trading.Operations;

/// <summary>Remembers how the system did. Key: <see cref="GrainKeys.Monitor"/>.</summary>
[Alias("trading.monitor")]
public interface IMonitorGrain : IGrainWithStringKey
{
    /// <summary>Takes what a silo measured just now.</summary>
    [Traced]
    Task ReportAsync(SystemSample sample);

    /// <summary>The newest values, and those of the last hours.</summary>
    /// <param name="hours">From 1 to <see cref="SystemMetrics.MaxHours"/>.</param>
    [AlwaysInterleave]
    [Traced]
    Task<SystemMetrics> GetMetricsAsync(int hours);
}
