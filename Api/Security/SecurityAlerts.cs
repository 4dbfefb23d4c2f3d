using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Trading.Operations;

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
internal sealed partial class SecurityAlerts(
    IEnumerable<ISecurityAlertSink> sinks, IGrainFactory grains, TimeProvider clock, ILogger<SecurityAlerts> log)
{
    /// <summary>Failures of one subject or address within <see cref="Window"/> that are an alert.</summary>
    public const int MaxFailures = 20;

    /// <summary>Subjects and addresses that are counted at once, and addresses that are remembered.</summary>
    const int MaxCounted = 10_000;

    /// <summary>Pages of the audit that one question after an address reads.</summary>
    const int MaxPages = 50;

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

    /// <summary>An administrator signed in, which is on record by now; from an address that the audit does not know of them is worth a
    /// look.</summary>
    public Task SignedInAsync(string subject, string? address, bool isAdministrator)
    {
        if (!isAdministrator || address is null || !_addresses.TryAdd((subject, address), 0)) return Task.CompletedTask;
        if (_addresses.Count > MaxCounted) _addresses.Clear();
        return LookAsync(subject, address);
    }

    /// <summary>The audit outlives this process, and knows what others saw.</summary>
    async Task LookAsync(string subject, string address)
    {
        try
        {
            var (here, elsewhere, after) = (0, 0, (long?)0);
            for (var page = 0; page < MaxPages && after is { } from && here < 2; page++)
            {
                var read = await grains.GetGrain<IAuditGrain>(GrainKeys.Audit)
                    .ReadAsync(new(from, null, null, subject, AuditKinds.LogIn, AuditQuery.MaxLimit));
                here += read.Entries.Count(known => known.Entry.Address == address);
                elsewhere += read.Entries.Count(known => known.Entry.Address != address);
                after = read.Next;
            }

            if (here < 2 && elsewhere > 0)
                Raise("new_address", subject, address, "An administrator signed in from an address that was not seen before.");
        }
        catch (Exception failure) // nobody waits for it
        {
            LogFailure(failure, PlainText.Of(subject));
        }
    }

    public void Raise(string kind, string? subject, string? address, string detail)
    {
        LogAlert(kind, PlainText.Of(subject), address, detail);
        var alert = new SecurityAlert(kind, subject, address, detail, clock.GetUtcNow());
        foreach (var sink in sinks) sink.Raise(alert);
    }

    [LoggerMessage(LogLevel.Warning, "Security alert {Kind} ({Subject}, {Address}): {Detail}")]
    partial void LogAlert(string kind, string subject, string? address, string detail);

    [LoggerMessage(LogLevel.Error, "Whether {Subject} was at this address before could not be looked up.")]
    partial void LogFailure(Exception failure, string subject);
}
