using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Removes what the rules no longer keep, at the start and then now and then. Where nothing is configured it
/// does nothing.</summary>
public sealed partial class BarRetention(
    IBarStore store, IOptions<RetentionOptions> options, TimeProvider clock, ILogger<BarRetention> log)
        : BackgroundService
{
    /// <summary>Removes what is due now.</summary>
    /// <returns>How many records went, by interval.</returns>
    public async Task<IReadOnlyDictionary<BarInterval, long>> CompactAsync(CancellationToken cancellation)
    {
        var gone = new Dictionary<BarInterval, long>();
        foreach (var (interval, bars, versions) in options.Value.Due(clock.GetUtcNow()))
            gone[interval] = await store.CompactAsync(interval, bars, versions, cancellation);
        return gone;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Due(clock.GetUtcNow()).IsEmpty) return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.CompactInterval), clock);
        do
        {
            try
            {
                foreach (var (interval, records) in await CompactAsync(stoppingToken))
                    if (records > 0) LogGone(interval.Code(), records);
            }
            catch (BarStoreException failure)
            {
                LogFailure(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Bars of {Interval}: {Records} records went by the rules of retention.")]
    partial void LogGone(string interval, long records);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old bars stay for now.")]
    partial void LogFailure(Exception failure);
}
