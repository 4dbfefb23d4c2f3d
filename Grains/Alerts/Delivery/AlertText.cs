using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trading.Alerts;

/// <summary>What a message says, to people and to programs.</summary>
static class AlertText
{
    /// <summary>Alerts that a chat shows; the number of the others stands below.</summary>
    const int MaxLinesOfAChat = 20;

    /// <summary>The longest text that Telegram takes is 4,096 characters.</summary>
    const int MaxChat = 3_500;

    public static string Title(AlertMessage message)
    {
        var severity = message.Notification.Severity.ToString().ToUpperInvariant();
        var count = message.Alerts.Length > 1 ? $" ({message.Alerts.Length})" : "";
        return $"[{severity}] {message.Notification.Title}{count}";
    }

    /// <summary>Every alert, one a line.</summary>
    public static string Mail(AlertMessage message)
    {
        var text = new StringBuilder();
        foreach (var alert in message.Alerts) text.Append(Line(alert)).Append('\n');
        if (message.Alerts.IsEmpty) text.Append(message.Notification.Title).Append('\n');
        text.Append('\n').Append("Message ").Append(message.Notification.Id)
            .Append(". Acknowledge: POST /api/alerts/{fingerprint}/acknowledge\n");
        return text.ToString();
    }

    public static string Chat(AlertMessage message)
    {
        var text = new StringBuilder(Title(message));
        foreach (var alert in message.Alerts.Take(MaxLinesOfAChat))
            if (text.Length + Line(alert).Length < MaxChat) text.Append('\n').Append(Line(alert));
        if (message.Alerts.Length > MaxLinesOfAChat)
            text.Append(
                CultureInfo.InvariantCulture,
                    $"\n… and {message.Alerts.Length - MaxLinesOfAChat} more: GET /api/alerts");
        return text.ToString();
    }

    /// <summary>In the form in which Alertmanager tells webhooks.</summary>
    public static byte[] Json(AlertMessage message) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["version"] = "4",
        ["notification_id"] = message.Notification.Id,
        ["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(message.Notification.Kind.ToString()),
        ["title"] = message.Notification.Title,
        ["status"] = message.Notification.Kind == NotificationKind.Resolved ? "resolved" : "firing",
        ["alerts"] = new JsonArray([.. message.Alerts.Select(Json)]),
    });

    static JsonObject Json(Alert alert)
    {
        var labels = new JsonObject { ["alertname"] = alert.Name,
            ["severity"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(alert.Severity.ToString()) };
        foreach (var (label, value) in alert.Labels) labels[label] = value;
        return new()
        {
            ["status"] = alert.State == AlertState.Firing ? "firing" : "resolved",
            ["labels"] = labels,
            ["annotations"] = new JsonObject { ["summary"] = alert.Summary },
            ["startsAt"] = alert.StartedAt.ToString("O", CultureInfo.InvariantCulture),
            ["endsAt"] = alert.ResolvedAt?.ToString("O", CultureInfo.InvariantCulture),
            ["fingerprint"] = alert.Fingerprint,
        };
    }

    static string Line(Alert alert) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(alert.State == AlertState.Firing ? "firing" : "resolved")}  {alert.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {alert.Name}  {alert.Summary}  [{alert.Fingerprint}]");
}
