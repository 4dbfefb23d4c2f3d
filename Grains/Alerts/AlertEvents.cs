using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.Journal;

namespace Trading.Alerts;

/// <summary>What can happen to alerts. Names and members never change; they evolve by addition.</summary>
public abstract record AlertEvent;

public sealed record AlertFired(Alert Alert) : AlertEvent;

public sealed record AlertResolved(string Fingerprint, DateTimeOffset At) : AlertEvent;

public sealed record AlertAcknowledged(string Fingerprint, string By, string Reason, DateTimeOffset At) : AlertEvent;

/// <summary>More alerts at once than are kept.</summary>
public sealed record AlertsRefused(int Count, DateTimeOffset At) : AlertEvent;

public sealed record SilenceBegun(Silence Silence) : AlertEvent;

public sealed record SilenceEnded(string SilenceId, string By, string Reason, DateTimeOffset At) : AlertEvent;

/// <summary>Messages, one for each chain of a route, that are about the same alerts.</summary>
public sealed record NotificationsQueued(ImmutableArray<Notification> Notifications, string? Group,
    DateTimeOffset At) : AlertEvent;

public sealed record NotificationTried(NotificationReceipt Receipt, DateTimeOffset NextAt) : AlertEvent;

/// <summary>How far the outbox of a book was read.</summary>
public sealed record NoticesRead(string Portfolio, long Notice) : AlertEvent;

static class AlertEventJson
{
    static readonly Dictionary<string, Type> ByName = new()
    {
        ["alert_fired"] = typeof(AlertFired),
        ["alert_resolved"] = typeof(AlertResolved),
        ["alert_acknowledged"] = typeof(AlertAcknowledged),
        ["alerts_refused"] = typeof(AlertsRefused),
        ["silence_begun"] = typeof(SilenceBegun),
        ["silence_ended"] = typeof(SilenceEnded),
        ["notifications_queued"] = typeof(NotificationsQueued),
        ["notification_tried"] = typeof(NotificationTried),
        ["notices_read"] = typeof(NoticesRead),
    };

    static readonly Dictionary<Type, string> ByType = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static JournalEntry Encode(AlertEvent change) => new(
        ByType[change.GetType()], JsonSerializer.SerializeToUtf8Bytes(
            change, change.GetType(), AlertJson.Default.Options));

    /// <exception cref="InvalidDataException">A newer program wrote an event that this one does not know.</exception>
    public static AlertEvent Decode(JournalEvent recorded) =>
        ByName.TryGetValue(recorded.Type, out var type)
            && JsonSerializer.Deserialize(recorded.Payload.Span, type, AlertJson.Default.Options) is AlertEvent change
            ? change
            : throw new InvalidDataException(
                $"Event {recorded.Sequence} of '{recorded.Stream}' is of the unknown kind '{recorded.Type}'.");

    public static byte[] Encode(AlertsState state) =>
        JsonSerializer.SerializeToUtf8Bytes(state, AlertJson.Default.AlertsState);

    public static AlertsState Decode(JournalSnapshot snapshot) =>
        JsonSerializer.Deserialize(snapshot.Payload.Span, AlertJson.Default.AlertsState)
        ?? throw new InvalidDataException($"The snapshot of alerts at {snapshot.Sequence} is empty.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertFired))]
[JsonSerializable(typeof(AlertResolved))]
[JsonSerializable(typeof(AlertAcknowledged))]
[JsonSerializable(typeof(AlertsRefused))]
[JsonSerializable(typeof(SilenceBegun))]
[JsonSerializable(typeof(SilenceEnded))]
[JsonSerializable(typeof(NotificationsQueued))]
[JsonSerializable(typeof(NotificationTried))]
[JsonSerializable(typeof(NoticesRead))]
[JsonSerializable(typeof(AlertsState))]
sealed partial class AlertJson : JsonSerializerContext;
