using Microsoft.Extensions.Diagnostics.HealthChecks;
using Trading.Journal;
using Trading.MarketData;

namespace Trading.Monitoring.Health;

/// <summary>Whether the journal can be read. Whether it can be written is told by whoever writes: a probe that wrote would
/// be in the audit trail.</summary>
sealed class JournalHealth(IJournal journal) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await journal.GetSnapshotAsync("store/engine", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (JournalUnavailableException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message, failure);
        }
    }
}

/// <summary>Whether the store of bars answers.</summary>
sealed class StoreHealth(IBarStore bars) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await bars.QuarantinedAsync(symbol: null, 1, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (BarStoreException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message, failure);
        }
    }
}

/// <summary>Degraded where less of the disk is free than is wanted; unhealthy where the next commit may find none.</summary>
sealed class DiskHealth(MonitoringOptions options, string storePath) : IHealthCheck
{
    const double Megabyte = 1 << 20;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var folder = storePath.Length > 0 ? Path.GetDirectoryName(Path.GetFullPath(storePath))! : AppContext.BaseDirectory;
        var drive = new DriveInfo(folder);
        var (free, share) = (drive.AvailableFreeSpace / Megabyte, (double)drive.AvailableFreeSpace / drive.TotalSize);
        var words = FormattableString.Invariant($"{free:N0} MB free, {share:P0}");
        return Task.FromResult(
            free < options.DiskFreeMegabytes ? HealthCheckResult.Unhealthy($"{words}: make room on the disk of the store")
            : share < options.DiskFreeShare ? HealthCheckResult.Degraded(words)
            : HealthCheckResult.Healthy(words));
    }
}
