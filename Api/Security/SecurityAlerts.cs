using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Trading.Api;

/// <summary>Something that a person should look at.</summary>
/// <param name="Kind">A stable word: <c>repeated_failures</c>, <c>new_address</c>, <c>token_reused</c>, <c>chain_broken</c>, <c>secret_read</c>.</param>
public sealed record SecurityAlert(string Kind, string? Subject, string? Address, string Detail, DateTimeOffset At);

/// <summary>Who is told of them: channels register themselves as this.</summary>
public interface ISecurityAlertSink
{
    void Raise(SecurityAlert alert);
}

/// <summary>Notices what single requests do not show, and tells every sink; the log is always one.</summary>
internal sealed partial class SecurityAlerts(IEnumerable<ISecurityAlertSink> sinks, TimeProvider clock, ILogger<SecurityAlerts> log)
{
    /// <summary>Failures of one subject or address within <see cref="Window"/> that are an alert.</summary>
    public const int MaxFailures = 20;

    /// <summary>Subjects and addresses that are counted at once, and addresses that are remembered.</summary>
    const int MaxCounted = 10_000;

    static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<string, (DateTimeOffset Since, int Count)> _failures = new();
    readonly ConcurrentDictionary<(string Subject, string Address), byte> _addresses = new();

    /// <summary>A request was refused, or a log-in failed.</summary>
    public void Denied(string? subject, string? address)
    {
        var now = clock.GetUtcNow();
        if (_failures.Count > MaxCounted) _failures.Clear();
        var counted = _failures.AddOrUpdate(subject ?? address ?? "", (now, 1), (_, before) => now - before.Since > Window ? (now, 1) : (before.Since, before.Count + 1));
        if (counted.Count == MaxFailures)
            Raise("repeated_failures", subject, address, $"{MaxFailures} refused requests or log-ins within {Window.TotalMinutes:0} minutes.");
    }

    /// <summary>An administrator signed in; from an address that was not seen before is worth a look.</summary>
    public void SignedIn(string subject, string? address, bool isAdministrator)
    {
        if (!isAdministrator || address is null || !_addresses.TryAdd((subject, address), 0)) return;
        if (_addresses.Count > MaxCounted) _addresses.Clear();
        if (_addresses.Keys.Any(known => known.Subject == subject && known.Address != address))
            Raise("new_address", subject, address, "An administrator signed in from an address that was not seen before.");
    }

    public void Raise(string kind, string? subject, string? address, string detail)
    {
        LogAlert(kind, PlainText.Of(subject), address, detail);
        var alert = new SecurityAlert(kind, subject, address, detail, clock.GetUtcNow());
        foreach (var sink in sinks) sink.Raise(alert);
    }

    [LoggerMessage(LogLevel.Warning, "Security alert {Kind} ({Subject}, {Address}): {Detail}")]
    partial void LogAlert(string kind, string subject, string? address, string detail);
}
