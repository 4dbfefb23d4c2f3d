using System.Collections.Immutable;

namespace Trading.Alerts;

/// <summary>When a group of alerts was told of, and when it is told of again.</summary>
public sealed record GroupState(string Name, DateTimeOffset? ToldAt, DateTimeOffset? RepeatAt, int Repeats);

/// <summary>Everything about alerts as of an event, in the form of a snapshot.</summary>
/// <param name="Queued">When the latest messages were put on their way: what a storm is told by.</param>
public sealed record AlertsState(
    long Sequence, long LastNotification, long LastSilence, ImmutableArray<Alert> Alerts,
        ImmutableArray<Silence> Silences,
    ImmutableArray<Notification> Pending, ImmutableArray<NotificationReceipt> Receipts,
        ImmutableArray<GroupState> Groups,
    ImmutableSortedDictionary<string, long> Notices, ImmutableArray<DateTimeOffset> Queued, DateTimeOffset? StormAt,
    DateTimeOffset? TestedAt);

/// <summary>The alerts there are. <see cref="Apply"/> is the only thing that changes them.</summary>
public sealed class AlertRegister
{
    /// <summary>Alerts that are kept at once, those resolved not long ago among them.</summary>
    public const int MaxAlerts = 20_000;

    /// <summary>Of the resolved ones whose end was told, those that are still listed.</summary>
    const int MaxResolved = 500;

    const int MaxReceipts = 500, MaxSilences = 1_000, MaxQueued = 1_000;

    readonly Dictionary<string, Alert> _alerts = [];
    readonly Dictionary<string, GroupState> _groups = [];
    readonly Queue<string> _over = new(); // resolved and told, oldest first
    readonly List<Notification> _pending = [];
    readonly Queue<NotificationReceipt> _receipts = new();
    readonly Queue<DateTimeOffset> _queued = new();

    public long Sequence { get; private set; }
    public long LastNotification { get; private set; }
    public long LastSilence { get; private set; }
    public ImmutableArray<Silence> Silences { get; private set; } = [];
    public ImmutableSortedDictionary<string, long> Notices { get; private set; } = ImmutableSortedDictionary<string,
        long>.Empty;
    public DateTimeOffset? StormAt { get; private set; }
    public DateTimeOffset? TestedAt { get; private set; }
    public IReadOnlyCollection<Alert> Alerts => _alerts.Values;
    public IReadOnlyList<Notification> Pending => _pending;
    public IEnumerable<NotificationReceipt> Receipts => _receipts.Reverse();

    public Alert? Find(string fingerprint) => _alerts.GetValueOrDefault(fingerprint);

    public GroupState GroupOf(string name) => _groups.GetValueOrDefault(name) ?? new(name, null, null, 0);

    /// <summary>Messages put on their way since then.</summary>
    public int QueuedSince(DateTimeOffset since) => _queued.Count(at => at > since);

    /// <summary>The silence that holds an alert back; null for none.</summary>
    public Silence? SilenceOf(Alert alert, DateTimeOffset now) => Silences.FirstOrDefault(silence =>
        silence.EndedBy is null && silence.From <= now && now < silence.Until && silence.Matchers.All(matcher =>
            matcher.Key == "alertname" ? alert.Name == matcher.Value
                : alert.Labels.GetValueOrDefault(matcher.Key) == matcher.Value));

    public void Apply(AlertEvent change)
    {
        Sequence++;
        switch (change)
        {
            case AlertFired fired:
                _alerts[fired.Alert.Fingerprint] = fired.Alert;
                break;
            case AlertResolved resolved when Find(resolved.Fingerprint) is { } alert:
                _alerts[alert.Fingerprint] = alert with { State = AlertState.Resolved, ResolvedAt = resolved.At };
                break;
            case AlertAcknowledged known when Find(known.Fingerprint) is { } alert:
                _alerts[alert.Fingerprint] = alert with
                {
                    AcknowledgedBy = known.By, AcknowledgeReason = known.Reason, AcknowledgedAt = known.At
                };
                break;
            case SilenceBegun begun:
                LastSilence++;
                var open = Silences.Where(silence => silence.EndedBy is null && silence.Until > begun.Silence.From);
                Silences = [.. open.TakeLast(MaxSilences - 1), begun.Silence];
                break;
            case SilenceEnded ended:
                Silences =
                [
                    .. Silences.Select(silence =>
                        silence.SilenceId == ended.SilenceId ? silence with { EndedBy = ended.By } : silence)
                ];
                break;
            case NotificationsQueued queued:
                Queue(queued);
                break;
            case NotificationTried tried:
                Try(tried);
                break;
            case NoticesRead read:
                Notices = Notices.SetItem(read.Portfolio, read.Notice);
                break;
        }
    }

    public AlertsState Save() => new(
        Sequence, LastNotification, LastSilence,
            [.. _alerts.Values.OrderBy(alert => alert.Fingerprint, StringComparer.Ordinal)], Silences,
        [.. _pending], [.. _receipts], [.. _groups.Values.OrderBy(group => group.Name, StringComparer.Ordinal)],
            Notices, [.. _queued],
        StormAt, TestedAt);

    public static AlertRegister Restore(AlertsState state)
    {
        var register = new AlertRegister
        {
            Sequence = state.Sequence, LastNotification = state.LastNotification, LastSilence = state.LastSilence,
            Silences = state.Silences, Notices = state.Notices, StormAt = state.StormAt, TestedAt = state.TestedAt,
        };
        foreach (var alert in state.Alerts) register._alerts[alert.Fingerprint] = alert;
        foreach (var alert in state.Alerts.Where(alert => alert.ResolutionAnnounced).OrderBy(alert => alert.ResolvedAt))
            register._over.Enqueue(alert.Fingerprint);
        foreach (var group in state.Groups) register._groups[group.Name] = group;
        register._pending.AddRange(state.Pending);
        foreach (var receipt in state.Receipts) register._receipts.Enqueue(receipt);
        foreach (var at in state.Queued) register._queued.Enqueue(at);
        return register;
    }

    void Queue(NotificationsQueued queued)
    {
        LastNotification += queued.Notifications.Length;
        _pending.AddRange(queued.Notifications.Where(message => !message.Chain.IsEmpty));
        _queued.Enqueue(queued.At);
        if (_queued.Count > MaxQueued) _queued.Dequeue();
        if (queued.Notifications is not [var first, ..]) return;
        foreach (var fingerprint in first.Fingerprints)
            if (Find(fingerprint) is { } alert) _alerts[fingerprint] = Told(alert, first.Kind, queued.At);
        if (first.Kind == NotificationKind.Storm) StormAt = queued.At;
        if (first.Kind == NotificationKind.Test) TestedAt = queued.At;
        if (queued.Group is { } name) _groups[name] = Told(GroupOf(name), first.Kind, queued.At);
    }

    static GroupState Told(GroupState group, NotificationKind kind, DateTimeOffset at) => kind switch
    {
        NotificationKind.Firing => group with { ToldAt = at, RepeatAt = at, Repeats = 0 },
        NotificationKind.Repeat => group with { RepeatAt = at, Repeats = group.Repeats + 1 },
        _ => group,
    };

    Alert Told(Alert alert, NotificationKind kind, DateTimeOffset at)
    {
        var isOver = alert.State == AlertState.Resolved
            && kind is NotificationKind.Resolved or NotificationKind.Firing or NotificationKind.Storm;
        if (isOver) Retire(alert.Fingerprint);
        return alert with
        {
            AnnouncedAt = alert.AnnouncedAt ?? at,
            Escalated = alert.Escalated || kind == NotificationKind.Escalation,
            ResolutionAnnounced = alert.ResolutionAnnounced || isOver,
        };
    }

    /// <summary>The oldest of those that are over go.</summary>
    void Retire(string fingerprint)
    {
        _over.Enqueue(fingerprint);
        while (_over.Count > MaxResolved && _over.TryDequeue(out var oldest))
            if (Find(oldest) is { State: AlertState.Resolved, ResolutionAnnounced: true }
                && !_pending.Exists(message => message.Fingerprints.Contains(oldest)))
                _alerts.Remove(oldest);
    }

    void Try(NotificationTried tried)
    {
        var place = _pending.FindIndex(message => message.Id == tried.Receipt.Id);
        if (place < 0) return;
        if (tried.Receipt.Delivered) _pending.RemoveAt(place);
        else _pending[place] = _pending[place] with { Rounds = _pending[place].Rounds + 1, NextAt = tried.NextAt };
        _receipts.Enqueue(tried.Receipt);
        if (_receipts.Count > MaxReceipts) _receipts.Dequeue();
    }
}
