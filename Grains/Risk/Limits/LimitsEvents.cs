using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Trading.Journal;

namespace Trading.Risk;

/// <summary>What can happen to the limits of a book beside a change of them. Events evolve by addition only.</summary>
public abstract record LimitsEvent;

public sealed record OverrideBegun(LimitOverride Override) : LimitsEvent;

/// <param name="Reason">Of a cancellation; null for an override that expired.</param>
public sealed record OverrideEnded(LimitOverride Override, string? Reason) : LimitsEvent;

/// <param name="Parent">The node that the book gets its budget from from here on; null for none.</param>
public sealed record ParentAssigned(string? Parent, string By, string Reason, DateTimeOffset At) : LimitsEvent;

/// <summary>A node that the book left has its budget back.</summary>
public sealed record BudgetReturned(string Node, DateTimeOffset At) : LimitsEvent;

/// <summary>The ledger as of an event, in the form of a snapshot.</summary>
public sealed record LimitsSnapshot(
    long Sequence, ImmutableArray<LimitOverride> Overrides, bool IsAssigned, string? Parent,
    ImmutableArray<string> Leaving);

/// <summary>The names and the JSON of these events in the journal.</summary>
static class LimitsEventJson
{
    static readonly (string Name, JsonTypeInfo Type)[] Types =
    [
        ("override_begun", LimitsEventJsonContext.Default.OverrideBegun),
        ("override_ended", LimitsEventJsonContext.Default.OverrideEnded),
        ("parent_assigned", LimitsEventJsonContext.Default.ParentAssigned),
        ("budget_returned", LimitsEventJsonContext.Default.BudgetReturned),
    ];

    static readonly FrozenDictionary<string, JsonTypeInfo> ByName = Types.ToFrozenDictionary(
        entry => entry.Name, entry => entry.Type);

    static readonly FrozenDictionary<Type, (string Name, JsonTypeInfo Type)> ByType = Types.ToFrozenDictionary(
        entry => entry.Type.Type);

    public static JournalEntry Encode(LimitsEvent change)
    {
        var (name, type) = ByType[change.GetType()];
        return new(name, JsonSerializer.SerializeToUtf8Bytes(change, type));
    }

    /// <exception cref="InvalidDataException">A newer program wrote an event that this one does not know.</exception>
    public static LimitsEvent Decode(JournalEvent recorded) =>
        ByName.TryGetValue(recorded.Type, out var type)
            && JsonSerializer.Deserialize(recorded.Payload.Span, type) is LimitsEvent change
            ? change
            : throw new InvalidDataException(
                $"Event {recorded.Sequence} of '{recorded.Stream}' is of the unknown kind '{recorded.Type}'.");

    public static byte[] Encode(LimitsSnapshot state) =>
        JsonSerializer.SerializeToUtf8Bytes(state, LimitsEventJsonContext.Default.LimitsSnapshot);

    public static LimitsSnapshot Decode(JournalSnapshot snapshot) =>
        JsonSerializer.Deserialize(snapshot.Payload.Span, LimitsEventJsonContext.Default.LimitsSnapshot)
        ?? throw new InvalidDataException($"The snapshot at {snapshot.Sequence} is empty.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OverrideBegun))]
[JsonSerializable(typeof(OverrideEnded))]
[JsonSerializable(typeof(ParentAssigned))]
[JsonSerializable(typeof(BudgetReturned))]
[JsonSerializable(typeof(LimitsSnapshot))]
sealed partial class LimitsEventJsonContext : JsonSerializerContext;
