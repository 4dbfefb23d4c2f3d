using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orleans.Concurrency;

namespace Trading.Operations;

/// <summary>The kinds of entries.</summary>
public static class AuditKinds
{
    public const string Change = "change", Denied = "denied", LogIn = "log_in", LogInFailed = "log_in_failed", Secret = "secret", Decisions = "decisions",
        Alert = "alert", Configuration = "configuration", Anchor = "anchor";
}

/// <summary>Something that somebody did, or tried.</summary>
/// <param name="Kind">One of <see cref="AuditKinds"/>.</param>
/// <param name="Subject">Who; null where nobody is known.</param>
/// <param name="Address">From where.</param>
/// <param name="What">The endpoint, or what it is about.</param>
/// <param name="Status">The HTTP status of the answer; null where there was none.</param>
/// <param name="Before">JSON of what was there before; null where it is not known.</param>
/// <param name="Request">JSON as it was asked; without secrets.</param>
/// <param name="After">JSON of the answer.</param>
/// <param name="Trace">The correlation id of the request.</param>
[GenerateSerializer, Immutable, Alias("trading.audit-entry")]
public sealed record AuditEntry(
    string Kind, string? Subject, string? Address, string What, int? Status = null, string? Before = null, string? Request = null, string? After = null,
    string? Trace = null)
{
    /// <summary>Of what must be on record once, however often it is handed over; null where that does not matter.</summary>
    [Id(0), JsonIgnore] public string? Key { get; init; }
}

/// <summary>An entry on record.</summary>
[GenerateSerializer, Immutable, Alias("trading.audit-record")]
public sealed record AuditRecord(long Sequence, DateTimeOffset At, AuditEntry Entry, string Hash);

/// <summary>Which entries; null for all.</summary>
/// <param name="After">Only those with a larger number.</param>
[GenerateSerializer, Immutable, Alias("trading.audit-query")]
public sealed record AuditQuery(long After, DateTimeOffset? From, DateTimeOffset? To, string? Subject, string? Kind, int Limit)
{
    public const int MaxLimit = 10_000, DefaultLimit = 100;
}

/// <summary>Entries in the order of their numbers.</summary>
/// <param name="Next">The number to go on after; null where all were seen.</param>
[GenerateSerializer, Immutable, Alias("trading.audit-page")]
public sealed record AuditPage(ImmutableArray<AuditRecord> Entries, long? Next);

/// <summary>An event of a book that belongs to one decision.</summary>
/// <param name="Payload">As the journal has it.</param>
[GenerateSerializer, Immutable, Alias("trading.trace-step")]
public sealed record TraceStep(long Sequence, DateTimeOffset At, string Type, string Payload, string Hash);

/// <summary>A trade from its signal to its end.</summary>
/// <param name="By">Who asked; null where it is not on record.</param>
/// <param name="Configuration">The hash of the settings under which it was decided; null where none was on record yet.</param>
[GenerateSerializer, Immutable, Alias("trading.trade-trace")]
public sealed record TradeTrace(string DecisionId, string? By, string? Address, string? Configuration, ImmutableArray<TraceStep> Steps);

/// <summary>The record of who did what: one hash-chained stream of the journal. Key: <see cref="GrainKeys.Audit"/>.</summary>
[Alias("trading.audit")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>Durable when it is answered.</summary>
    [AlwaysInterleave]
    [Traced]
    Task RecordAsync(ImmutableArray<AuditEntry> entries);

    [AlwaysInterleave]
    [Traced]
    Task<AuditPage> ReadAsync(AuditQuery query);

    /// <summary>Signal, decision, reservation, fills and what became of it, by the id of the decision.</summary>
    [AlwaysInterleave]
    [Traced]
    Task<Outcome<TradeTrace>> TraceAsync(string decisionId);
}
