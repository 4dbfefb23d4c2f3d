using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Alerts;

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<AlertSeverity>))]
public enum AlertSeverity { Info, Warning, Critical }

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<AlertState>))]
public enum AlertState { Firing, Resolved }

/// <summary>A measured value that rules are held against.</summary>
/// <param name="Metric">The name of a metric, for example <c>portfolio_var_95</c>.</param>
/// <param name="Subject">What it is of: a book, a part, a source, a silo; empty for the whole.</param>
/// <param name="Label">What kind of thing the subject is, for example <c>portfolio</c>.</param>
[GenerateSerializer, Immutable, Alias("trading.observation")]
public sealed record Observation(string Metric, string Label, string Subject, double Value);

/// <summary>Something that is wrong, or is not any more, as whoever found it says.</summary>
/// <param name="Name">Of the kind of trouble, for example <c>BreakerTripped</c>.</param>
/// <param name="Labels">What tells it from others of its name.</param>
/// <param name="Source">Who found it: <c>rules</c>, <c>journal</c>, <c>alertmanager</c> or another.</param>
[GenerateSerializer, Immutable, Alias("trading.alert-signal")]
public sealed record AlertSignal(
    string Name, AlertSeverity Severity, ImmutableSortedDictionary<string, string> Labels, string Summary,
        AlertState State, string Source);

/// <param name="Fired">Alerts that are new; <paramref name="Known"/> fired already, <paramref name="Resolved"/>
/// ended.</param>
/// <param name="Refused">More than are kept at once: they are counted in an alert of their own.</param>
[GenerateSerializer, Immutable, Alias("trading.alert-receipt")]
public sealed record AlertReceipt(int Fired, int Known, int Resolved, int Refused);

/// <summary>An alert on record.</summary>
/// <param name="Fingerprint">Of name and labels: the same trouble has the same one.</param>
/// <param name="StartedAt">When it fired; <paramref name="ResolvedAt"/> is null while it does.</param>
/// <param name="AnnouncedAt">When a message about it was first put on its way; null while none was.</param>
/// <param name="Escalated">Whether it went to the next people because nobody acknowledged it.</param>
[GenerateSerializer, Immutable, Alias("trading.alert")]
public sealed record Alert(
    string Fingerprint, string Name, AlertSeverity Severity, ImmutableSortedDictionary<string, string> Labels,
        string Summary, string Source,
    AlertState State, DateTimeOffset StartedAt, DateTimeOffset? ResolvedAt, DateTimeOffset? AnnouncedAt,
        bool ResolutionAnnounced,
    bool Escalated, string? AcknowledgedBy, string? AcknowledgeReason, DateTimeOffset? AcknowledgedAt)
{
    /// <summary>The silence that holds it back now; null for none. Of a list only.</summary>
    [Id(0)] public string? SilenceId { get; init; }
}

/// <param name="State">Null for both.</param>
[GenerateSerializer, Immutable, Alias("trading.alert-query")]
public sealed record AlertQuery(AlertState? State, int Limit);

/// <param name="Firing">How many fire, listed or not.</param>
/// <param name="Alerts">Critical ones first, and the newest of equal ones.</param>
/// <param name="Silences">That hold now or will.</param>
/// <param name="Pending">Messages on their way, oldest first, at most a hundred.</param>
/// <param name="Receipts">The latest messages and what became of them, newest first.</param>
[GenerateSerializer, Immutable, Alias("trading.alert-list")]
public sealed record AlertList(
    int Firing, int PendingCount, ImmutableArray<Alert> Alerts, ImmutableArray<Silence> Silences,
        ImmutableArray<Notification> Pending,
    ImmutableArray<NotificationReceipt> Receipts, ImmutableArray<ChannelReport> Channels);

/// <summary>Holds back messages about alerts whose labels all match; <c>alertname</c> matches the name.</summary>
[GenerateSerializer, Immutable, Alias("trading.silence")]
public sealed record Silence(
    string SilenceId, ImmutableSortedDictionary<string, string> Matchers, DateTimeOffset From, DateTimeOffset Until,
        string By, string Reason,
    string? EndedBy);

[GenerateSerializer, Immutable, Alias("trading.silence-request")]
public sealed record SilenceRequest(ImmutableSortedDictionary<string, string> Matchers, double Minutes, string By,
    string Reason);

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<NotificationKind>))]
public enum NotificationKind
{
    Firing,
    /// <summary>It fires still, and nobody has acknowledged it.</summary>
    Repeat,
    Resolved,
    /// <summary>Nobody has acknowledged it in time; goes to the next people.</summary>
    Escalation,
    /// <summary>So many alerts at once that they come in one message.</summary>
    Storm,
    /// <summary>Whether the channel works.</summary>
    Test,
}

/// <summary>A message on its way. It is on record before it is sent, and leaves with a receipt only.</summary>
/// <param name="Chain">Channels in the order in which they are tried.</param>
/// <param name="Fingerprints">Of the alerts that it is about.</param>
/// <param name="Rounds">How often the whole chain was tried in vain; next at <paramref name="NextAt"/>.</param>
[GenerateSerializer, Immutable, Alias("trading.notification")]
public sealed record Notification(
    string Id, NotificationKind Kind, AlertSeverity Severity, string Title, ImmutableArray<string> Chain,
        ImmutableArray<string> Fingerprints,
    DateTimeOffset QueuedAt, int Rounds, DateTimeOffset NextAt);

/// <param name="Channel">That took it; null while none did.</param>
/// <param name="Attempts">Over all channels in this round.</param>
/// <param name="Detail">What the receiver said, or why it failed.</param>
[GenerateSerializer, Immutable, Alias("trading.notification-receipt")]
public sealed record NotificationReceipt(
    string Id, NotificationKind Kind, string Title, int Alerts, bool Delivered, string? Channel, int Attempts,
        string Detail, DateTimeOffset At);

/// <param name="OpenUntil">Until then the channel is left alone; null while it is not.</param>
[GenerateSerializer, Immutable, Alias("trading.channel-report")]
public sealed record ChannelReport(string Name, string Kind, int FailuresInARow, DateTimeOffset? OpenUntil,
    DateTimeOffset? LastSuccess, string? LastError);
