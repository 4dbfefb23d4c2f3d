namespace Trading.Journal;

/// <summary>What a writer wants recorded.</summary>
/// <param name="Type">A stable name of the kind of event, for example <c>filled</c>.</param>
/// <param name="Payload">The event in UTF-8 JSON. The journal keeps it byte for byte.</param>
/// <param name="Key">Idempotency key, unique in the stream; null for none.</param>
public readonly record struct JournalEntry(string Type, ReadOnlyMemory<byte> Payload, string? Key = null);

/// <summary>A recorded event. <paramref name="Hash"/> = SHA-256 over the hash before it and every other field.</summary>
/// <param name="Sequence">1, 2, 3 … within the stream.</param>
public sealed record JournalEvent(
    string Stream, long Sequence, DateTimeOffset RecordedAt, string Type, ReadOnlyMemory<byte> Payload, string? Key, ReadOnlyMemory<byte> Hash);

/// <summary>State as of an event, from which a reader goes on.</summary>
public sealed record JournalSnapshot(long Sequence, ReadOnlyMemory<byte> Payload);

/// <summary>A place where verification failed: the stream, the sequence number, and what is wrong there.</summary>
public sealed record JournalDefect(string Stream, long Sequence, string Problem);

/// <summary>What a verification saw.</summary>
public sealed record JournalVerification(long Streams, long Events, IReadOnlyList<JournalDefect> Defects);

/// <summary>Another writer holds the stream: the caller's state is out of date and must be loaded again.</summary>
public sealed class JournalConflictException(string stream, long sequence, Exception? inner = null)
    : Exception($"Stream '{stream}' already has event {sequence}, or the event before it is not the expected one.", inner)
{
    public string Stream { get; } = stream;
    public long Sequence { get; } = sequence;
}

/// <summary>Append-only, hash-chained events per stream; the audit trail and the only truth of event-sourced grains.</summary>
public interface IJournal
{
    /// <summary>Opens a stream for writing behind what is in it now.</summary>
    Task<IJournalWriter> OpenAsync(string stream, CancellationToken cancellation);

    /// <summary>Events after a sequence number, in order.</summary>
    IAsyncEnumerable<JournalEvent> ReadAsync(string stream, long after, CancellationToken cancellation);

    /// <summary>The event with this idempotency key, or null.</summary>
    Task<JournalEvent?> FindAsync(string stream, string key, CancellationToken cancellation);

    /// <summary>The newest snapshot, or null.</summary>
    Task<JournalSnapshot?> GetSnapshotAsync(string stream, CancellationToken cancellation);

    /// <summary>Streams whose name begins with a prefix, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListStreamsAsync(string prefix, CancellationToken cancellation);

    /// <summary>Recomputes every hash of one stream (null: of all) and names each event that does not fit.</summary>
    Task<JournalVerification> VerifyAsync(string? stream, CancellationToken cancellation);
}

/// <summary>The one writer of a stream. Appends may be queued without waiting for those before them; they become durable in order,
/// many writers' together in one commit. After the first failure every later append of this writer fails too.</summary>
public interface IJournalWriter
{
    string Stream { get; }

    /// <summary>The sequence number of the last event queued or recorded.</summary>
    long LastSequence { get; }

    /// <summary>Queues events as one all-or-nothing unit; completes when they are durable, with the last one's sequence number.</summary>
    /// <exception cref="JournalConflictException">Another writer was first.</exception>
    Task<long> AppendAsync(ReadOnlyMemory<JournalEntry> entries, CancellationToken cancellation);

    /// <summary>Stores state as of an event that is already durable.</summary>
    Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancellation);
}
