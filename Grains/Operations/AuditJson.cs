using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.Journal;

namespace Trading.Operations;

/// <summary>What entries look like in the journal; the kind is the type of the event.</summary>
public static class AuditJson
{
    public static JournalEntry Encode(AuditEntry entry) =>
        new(entry.Kind, JsonSerializer.SerializeToUtf8Bytes(entry, AuditJsonContext.Default.AuditEntry), entry.Key);

    public static AuditEntry Decode(JournalEvent recorded) =>
        JsonSerializer.Deserialize(recorded.Payload.Span, AuditJsonContext.Default.AuditEntry)
        ?? throw new InvalidDataException($"Event {recorded.Sequence} of the audit is empty.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditEntry))]
sealed partial class AuditJsonContext : JsonSerializerContext;
