using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Trading.Journal;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The names of book events in the journal, and what they and snapshots look like there: JSON, but for
/// decisions.</summary>
public static class BookJson
{
    const int UsualSnapshot = 4_096;

    /// <summary>Open orders of a book whose snapshot stays plain.</summary>
    internal const int MostOrdersPlain = 500;

    /// <summary>The kind of a <see cref="SignalDecided"/>.</summary>
    internal const string Decided = "decided";

    /// <summary>The kind of a <see cref="PriceCorrected"/>.</summary>
    internal const string Corrected = "prices_corrected";

    /// <summary>The kind of a <see cref="CorporateActionTaken"/>.</summary>
    internal const string ActionTaken = "corporate_action_taken";

    static readonly (string Name, JsonTypeInfo Type)[] Types =
    [
        ("opened", BookJsonContext.Default.Opened),
        ("cash_transferred", BookJsonContext.Default.CashTransferred),
        ("filled", BookJsonContext.Default.Filled),
        ("released", BookJsonContext.Default.Released),
        ("expired", BookJsonContext.Default.Expired),
        ("high_water_mark_raised", BookJsonContext.Default.HighWaterMarkRaised),
        ("taken_up", BookJsonContext.Default.TakenUp),
        ("priced", BookJsonContext.Default.Priced),
        (Corrected, BookJsonContext.Default.PriceCorrected),
        ("recalculated", BookJsonContext.Default.Recalculated),
        ("limits_adopted", BookJsonContext.Default.LimitsAdopted),
        ("forecast_made", BookJsonContext.Default.ForecastMade),
        ("day_started", BookJsonContext.Default.DayStarted),
        ("symbol_enabled", BookJsonContext.Default.SymbolEnabled),
        ("session_connected", BookJsonContext.Default.SessionConnected),
        ("session_lost", BookJsonContext.Default.SessionLost),
        ("guards_configured", BookJsonContext.Default.GuardsConfigured),
        ("breaker_moved", BookJsonContext.Default.BreakerMoved),
        ("references_moved", BookJsonContext.Default.ReferencesMoved),
        ("mode_changed", BookJsonContext.Default.ModeChanged),
        ("stopped", BookJsonContext.Default.Stopped),
        ("resumed", BookJsonContext.Default.Resumed),
        ("released_together", BookJsonContext.Default.ReleasedTogether),
        ("flatten_planned", BookJsonContext.Default.FlattenPlanned),
        ("flatten_stepped", BookJsonContext.Default.FlattenStepped),
        ("broker_failed", BookJsonContext.Default.BrokerFailed),
        ("converted", BookJsonContext.Default.Converted),
        ("budget_granted", BookJsonContext.Default.BudgetGranted),
        ("symbol_changed", BookJsonContext.Default.SymbolChanged),
        ("reservations_cut", BookJsonContext.Default.ReservationsCut),
        (ActionTaken, BookJsonContext.Default.CorporateActionTaken),
    ];

    static readonly FrozenDictionary<string, JsonTypeInfo> ByName = Types.ToFrozenDictionary(
        entry => entry.Name, entry => entry.Type);

    static readonly FrozenDictionary<Type, (string Name, JsonTypeInfo Type)> ByType = Types.ToFrozenDictionary(
        entry => entry.Type.Type);

    public static JournalEntry Encode(BookEvent change)
    {
        if (change is SignalDecided decided) return new(Decided, CompactDecision.Write(decided.Decision), change.Key);
        var (name, type) = ByType[change.GetType()];
        return new(name, JsonSerializer.SerializeToUtf8Bytes(change, type), change.Key);
    }

    /// <exception cref="InvalidDataException">A newer program wrote an event that this one does not know: going on
    /// without it would make a wrong book.</exception>
    public static BookEvent Decode(JournalEvent recorded) => recorded.Type == Decided
        ? DecodeDecided(recorded.Payload.Span)
        : ByName.TryGetValue(recorded.Type, out var type)
            && JsonSerializer.Deserialize(recorded.Payload.Span, type) is BookEvent change
            ? change
            : throw new InvalidDataException(
                $"Event {recorded.Sequence} of '{recorded.Stream}' is of the unknown kind '{recorded.Type}'.");

    /// <summary>Before the compact form decisions were recorded as the JSON of the answer.</summary>
    static SignalDecided DecodeDecided(ReadOnlySpan<byte> payload) => CompactDecision.Is(payload)
        ? new(CompactDecision.Read(payload))
        : new(DecisionJson.Read(payload)) { Recorded = new(payload.ToArray()) };

    /// <summary>Whether two limits say the same, though what is listed in them is not one object: a copy comes from
    /// another silo, and another from the journal.</summary>
    internal static bool AreSame(LimitsVersion one, LimitsVersion other) =>
        Text(one).AsSpan().SequenceEqual(Text(other));

    static byte[] Text(LimitsVersion limits) =>
        JsonSerializer.SerializeToUtf8Bytes(new LimitsAdopted(limits), BookJsonContext.Default.LimitsAdopted);

    /// <summary>A book as its journal keeps it: one with many open orders packed.</summary>
    public static JournalSnapshot Snapshot(BookState state) => state.Reservations.Length > MostOrdersPlain
        ? new(state.Sequence, PackedJson.Write(state, BookJsonContext.Default.BookState)) { IsPacked = true }
        : new(state.Sequence, Encode(state));

    public static ReadOnlyMemory<byte> Encode(BookState state)
    {
        var target = new ArrayBufferWriter<byte>(UsualSnapshot);
        Write(state, BookJsonContext.Default.BookState, target);
        return target.WrittenMemory;
    }

    /// <summary>Writes JSON as a whole by the code made for its type, which the serializer does not take where it writes to
    /// a stream.</summary>
    public static void Write<T>(T value, JsonTypeInfo<T> type, IBufferWriter<byte> target)
    {
        using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { SkipValidation = true });
        JsonSerializer.Serialize(writer, value, type);
    }

    public static BookState Decode(JournalSnapshot snapshot) =>
        (snapshot.IsPacked
            ? PackedJson.Read(snapshot.Payload, BookJsonContext.Default.BookState)
            : JsonSerializer.Deserialize(snapshot.Payload.Span, BookJsonContext.Default.BookState))
        ?? throw new InvalidDataException($"The snapshot at {snapshot.Sequence} is empty.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Opened))]
[JsonSerializable(typeof(CashTransferred))]
[JsonSerializable(typeof(Filled))]
[JsonSerializable(typeof(Released))]
[JsonSerializable(typeof(Expired))]
[JsonSerializable(typeof(HighWaterMarkRaised))]
[JsonSerializable(typeof(TakenUp))]
[JsonSerializable(typeof(Priced))]
[JsonSerializable(typeof(PriceCorrected))]
[JsonSerializable(typeof(Recalculated))]
[JsonSerializable(typeof(LimitsAdopted))]
[JsonSerializable(typeof(ForecastMade))]
[JsonSerializable(typeof(DayStarted))]
[JsonSerializable(typeof(SymbolEnabled))]
[JsonSerializable(typeof(SessionConnected))]
[JsonSerializable(typeof(SessionLost))]
[JsonSerializable(typeof(GuardsConfigured))]
[JsonSerializable(typeof(BreakerMoved))]
[JsonSerializable(typeof(ReferencesMoved))]
[JsonSerializable(typeof(ModeChanged))]
[JsonSerializable(typeof(Stopped))]
[JsonSerializable(typeof(Resumed))]
[JsonSerializable(typeof(ReleasedTogether))]
[JsonSerializable(typeof(FlattenPlanned))]
[JsonSerializable(typeof(FlattenStepped))]
[JsonSerializable(typeof(BrokerFailed))]
[JsonSerializable(typeof(BudgetGranted))]
[JsonSerializable(typeof(SymbolChanged))]
[JsonSerializable(typeof(ReservationsCut))]
[JsonSerializable(typeof(CorporateActionTaken))]
[JsonSerializable(typeof(Converted))]
[JsonSerializable(typeof(BookState))]
[JsonSerializable(typeof(BookCheckpoint))]
sealed partial class BookJsonContext : JsonSerializerContext;
