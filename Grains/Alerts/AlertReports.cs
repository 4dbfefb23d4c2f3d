using System.Collections.Immutable;

namespace Trading.Alerts;

/// <summary>What is shown of the alerts.</summary>
static class AlertReports
{
    const int MaxPending = 100, MaxReceipts = 50;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromMinutes(15);

    /// <summary>How long a message waits after so many rounds in which nobody took it.</summary>
    public static TimeSpan Pause(int rounds) =>
        TimeSpan.FromSeconds(
            Math.Min(FirstPause.TotalSeconds * Math.Pow(2, Math.Min(rounds, 16)), LongestPause.TotalSeconds));

    public static AlertList List(
        AlertRegister register, ImmutableArray<ChannelReport> channels, AlertQuery query, DateTimeOffset now) => new(
        register.Alerts.Count(alert => alert.State == AlertState.Firing),
        register.Pending.Count,
        [
            .. register.Alerts.Where(alert => query.State is null || alert.State == query.State)
                .OrderBy(alert => alert.State).ThenByDescending(alert => alert.Severity)
                    .ThenByDescending(alert => alert.StartedAt)
                .ThenBy(alert => alert.Fingerprint, StringComparer.Ordinal).Take(query.Limit)
                .Select(alert => alert with { SilenceId = register.SilenceOf(alert, now)?.SilenceId })
        ],
        [.. register.Silences.Where(silence => silence.EndedBy is null && silence.Until > now)],
        [.. register.Pending.Take(MaxPending)],
        [.. register.Receipts.Take(MaxReceipts)],
        channels);
}
