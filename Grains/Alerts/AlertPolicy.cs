using System.Collections.Immutable;
using System.Globalization;

namespace Trading.Alerts;

/// <summary>Who is to be told what, now. Pure: the register and the time decide, and the answer is the events to
/// record before anything is sent.</summary>
public static class AlertPolicy
{
    /// <summary>Alerts of one message: a mail of more is not read.</summary>
    public const int MaxAlertsOfAMessage = 500;

    /// <summary>Takes what somebody found.</summary>
    public static (ImmutableArray<AlertEvent> Changes, AlertReceipt Receipt) Take(
        AlertRegister register, IEnumerable<AlertSignal> signals, DateTimeOffset now)
    {
        var changes = ImmutableArray.CreateBuilder<AlertEvent>();
        var (fired, known, resolved, refused) = (0, 0, 0, 0);
        var states = new Dictionary<string, AlertState>();
        foreach (var signal in signals)
        {
            var fingerprint = Fingerprints.Of(signal.Name, signal.Labels);
            var alert = register.Find(fingerprint);
            var state = states.TryGetValue(fingerprint, out var newest) ? newest : alert?.State;
            if (signal.State == AlertState.Resolved)
            {
                if (state != AlertState.Firing) continue;
                resolved++;
                states[fingerprint] = AlertState.Resolved;
                changes.Add(new AlertResolved(fingerprint, now));
            }
            else if (state == AlertState.Firing) known++;
            else if (alert is null && register.Alerts.Count + fired >= AlertRegister.MaxAlerts) refused++;
            else
            {
                fired++;
                states[fingerprint] = AlertState.Firing;
                changes.Add(new AlertFired(Fired(fingerprint, signal, alert, now)));
            }
        }

        if (refused > 0) changes.Add(new AlertsRefused(refused, now));
        return (changes.ToImmutable(), new(fired, known, resolved, refused));
    }

    /// <summary>A new alert; one that comes again before its end was told goes on, and nobody hears of the gap.</summary>
    static Alert Fired(string fingerprint, AlertSignal signal, Alert? before, DateTimeOffset now)
    {
        var alert = new Alert(
            fingerprint, signal.Name, signal.Severity, signal.Labels, signal.Summary, signal.Source, AlertState.Firing, now,
            null, null, false, false, null, null, null);
        return before is not { AnnouncedAt: not null, ResolutionAnnounced: false } ? alert : alert with
        {
            StartedAt = before.StartedAt,
            AnnouncedAt = before.AnnouncedAt,
            Escalated = before.Escalated,
            AcknowledgedBy = before.AcknowledgedBy,
            AcknowledgeReason = before.AcknowledgeReason,
            AcknowledgedAt = before.AcknowledgedAt,
        };
    }

    /// <summary>The messages that are due.</summary>
    public static IEnumerable<NotificationsQueued> Due(AlertRegister register, AlertOptions options, DateTimeOffset now)
    {
        var planner = new Planner(register, options, now);
        return planner.Fresh().Concat(planner.Over()).Concat(planner.Again()).Concat(planner.Escalated());
    }

    /// <summary>A test of every channel by itself.</summary>
    public static NotificationsQueued Test(
        AlertRegister register, AlertOptions options, string by, DateTimeOffset now) => new(
        [
            .. options.Channels.Keys.Order(StringComparer.Ordinal).Select((channel, place) => new Notification(
                IdOf(register.LastNotification + 1 + place), NotificationKind.Test, AlertSeverity.Info,
                    $"Test of {channel}, by {by}", [channel], [], now, 0, now))
        ], null, now);

    static string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"alert-{number}");

    sealed class Planner(AlertRegister register, AlertOptions options, DateTimeOffset now)
    {
        long _number = register.LastNotification;

        ImmutableArray<Alert> Told { get; } =
            [.. register.Alerts.Where(alert => alert.ResolutionAnnounced is false
                && register.SilenceOf(alert, now) is null)];

        /// <summary>What nobody has heard of, also where it is over by now. So many at once are a storm, and come
        /// together.</summary>
        public IEnumerable<NotificationsQueued> Fresh()
        {
            var groups = Told.Where(alert => alert.AnnouncedAt is null && Passed(alert.StartedAt, options.GroupWait))
                .GroupBy(alert => alert.Name).ToList();
            var due = groups.Where(group => register.GroupOf(group.Key).ToldAt is not { } told
                || Passed(told, options.GroupInterval)).ToList();
            if (due.Count == 0) return [];
            var before = register.QueuedSince(now - TimeSpan.FromSeconds(options.StormInterval));
            if (before + due.Count <= options.StormMessages)
                return due.SelectMany(group => Messages(NotificationKind.Firing, group.Key, group.Key, group));
            return register.StormAt is { } last && !Passed(last, options.StormInterval)
                ? []
                : Messages(NotificationKind.Storm, null,
                    $"{groups.Sum(group => group.Count())} alerts of {groups.Count} kinds",
                        groups.SelectMany(group => group));
        }

        /// <summary>What was told of and is over. In a storm it waits.</summary>
        public IEnumerable<NotificationsQueued> Over() => InStorm ? [] : Told
            .Where(alert => alert is { State: AlertState.Resolved, AnnouncedAt: not null }
                && Passed(alert.ResolvedAt!.Value, options.GroupWait))
            .GroupBy(alert => alert.Name)
            .SelectMany(group => Messages(NotificationKind.Resolved, group.Key, $"Resolved: {group.Key}", group));

        /// <summary>What goes on, and nobody takes care of.</summary>
        public IEnumerable<NotificationsQueued> Again() => InStorm ? [] : Unattended.GroupBy(alert => alert.Name)
            .Where(group => register.GroupOf(group.Key) is { RepeatAt: { } last, Repeats: var times }
                && Passed(last, Math.Min(options.RepeatInterval * Math.Pow(2, Math.Min(times, 20)), options.RepeatMax)))
            .SelectMany(group =>
                Messages(NotificationKind.Repeat, group.Key, $"Still: {group.Key}", group.Take(MaxAlertsOfAMessage)));

        public IEnumerable<NotificationsQueued> Escalated() => Unattended
            .Where(alert => alert is { Severity: AlertSeverity.Critical, Escalated: false }
                && Passed(alert.AnnouncedAt!.Value, options.EscalateAfter))
            .GroupBy(alert => alert.Name)
            .SelectMany(group =>
                Messages(NotificationKind.Escalation, null, $"Nobody has acknowledged: {group.Key}", group));

        IEnumerable<Alert> Unattended => Told.Where(alert =>
            alert is { State: AlertState.Firing, AnnouncedAt: not null, AcknowledgedBy: null });

        bool InStorm => register.StormAt is { } last && !Passed(last, options.StormInterval);

        bool Passed(DateTimeOffset since, double seconds) => (now - since).TotalSeconds >= seconds;

        IEnumerable<NotificationsQueued> Messages(
            NotificationKind kind, string? group, string title, IEnumerable<Alert> alerts)
        {
            foreach (var some in alerts.OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.StartedAt)
                .ThenBy(alert => alert.Fingerprint, StringComparer.Ordinal).Chunk(MaxAlertsOfAMessage))
            {
                var severity = some.Max(alert => alert.Severity);
                var route = kind == NotificationKind.Escalation ? "escalation" : WordOf(severity);
                ImmutableArray<Notification> messages =
                [
                    .. options.ChainsFor(route).Select(chain => new Notification(
                        IdOf(++_number), kind, severity, title, [.. chain],
                            [.. some.Select(alert => alert.Fingerprint)], now, 0, now))
                ];
                // Without a route it counts as told: who looks at the list sees it, and what is over leaves it.
                yield return new(messages.IsEmpty ? [Unsent(kind, severity, title, some)] : messages, group, now);
            }
        }

        Notification Unsent(NotificationKind kind, AlertSeverity severity, string title, Alert[] alerts) => new(
            IdOf(++_number), kind, severity, title, [], [.. alerts.Select(alert => alert.Fingerprint)], now, 0, now);

        static string WordOf(AlertSeverity severity) => severity switch
        {
            AlertSeverity.Critical => "critical",
            AlertSeverity.Warning => "warning",
            _ => "info",
        };
    }
}
