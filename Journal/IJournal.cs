namespace Trading.Journal;

/// <summary>What a writer wants recorded.</summary>
/// <param name="Type">A stable name of the kind of event, for example <c>filled</c>.</param>
/// <param name="Payload">The event in a form of the caller's, kept byte for byte. The memory is the journal's until the append has completed.</param>
/// <param name="Key">Idempotency key, unique in the stream; null for none.</param>
public readonly record struct JournalEntry(string Type, ReadOnlyMemory<byte> Payload, string? Key = null);

/// <summary>A recorded event. <paramref name="Hash"/> = SHA-256 over the hash before it and every other
/// field.</summary>
/// <param name="Sequence">1, 2, 3 … within the stream.</param>
/// <param name="RecordedAt">When it was queued, in whole microseconds.</param>
public sealed record JournalEvent(
    string Stream, long Sequence, DateTimeOffset RecordedAt, string Type, ReadOnlyMemory<byte> Payload, string? Key,
    ReadOnlyMemory<byte> Hash);

/// <summary>State as of an event, from which a reader goes on.</summary>
public sealed record JournalSnapshot(long Sequence, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The payload is in a form that programs from before there was this mark do not read. It is part of the hash: to them it is a
    /// damaged snapshot, so none, and they read the events.</summary>
    public bool IsPacked { get; init; }
}

/// <summary>A place where verification failed: the stream, the sequence number, and what is wrong there.</summary>
public sealed record JournalDefect(string Stream, long Sequence, string Problem);

/// <summary>What a verification saw.</summary>
public sealed record JournalVerification(long Streams, long Events, IReadOnlyList<JournalDefect> Defects);

/// <summary>Append-only, hash-chained events per stream; the audit trail and the only truth of event-sourced grains.
/// Every member throws <see cref="JournalUnavailableException"/> where the store cannot be opened or reached.</summary>
public interface IJournal
{
    /// <summary>Opens a stream for writing behind what is in it now, including whatever this process has queued
    /// before.</summary>
    Task<IJournalWriter> OpenAsync(string stream, CancellationToken cancellation);

    /// <summary>Events after a sequence number, in order, each checked against its hash and the event before
    /// it.</summary>
    /// <exception cref="JournalCorruptException">An event is missing, altered or unreadable; those before it were
    /// returned.</exception>
    IAsyncEnumerable<JournalEvent> ReadAsync(string stream, long after, CancellationToken cancellation);

    /// <summary>The same up to an event and no further, however long the stream is.</summary>
    /// <param name="last">The last event that is read.</param>
    IAsyncEnumerable<JournalEvent> ReadAsync(string stream, long after, long last, CancellationToken cancellation);

    /// <summary>The event with this idempotency key, or null.</summary>
    Task<JournalEvent?> FindAsync(string stream, string key, CancellationToken cancellation);

    /// <summary>The newest snapshot, or null. One that does not match its own hash counts as none, because the events
    /// are the truth; <see cref="VerifyAsync"/> names it.</summary>
    Task<JournalSnapshot?> GetSnapshotAsync(string stream, CancellationToken cancellation);

    /// <summary>The newest checkpoint at or before an event, or null. One that does not match its own hash is passed over for the one
    /// before it; <see cref="VerifyAsync"/> names it.</summary>
    Task<JournalSnapshot?> GetCheckpointAsync(string stream, long last, CancellationToken cancellation);

    /// <summary>Streams whose name begins with a prefix, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListStreamsAsync(string prefix, CancellationToken cancellation);

    /// <summary>Recomputes every hash of one stream (null: of all) in bounded memory and names each event that is altered, missing or
    /// unreadable, and each snapshot or checkpoint that is altered or beyond its stream. Writers may go on meanwhile. Events cut off at the very
    /// end of a stream leave no trace in it: only a snapshot beyond the end, or a hash kept elsewhere, shows them.</summary>
    Task<JournalVerification> VerifyAsync(string? stream, CancellationToken cancellation);
}

/// <summary>The one writer of a stream. Appends may be queued without waiting for those before them; they become
/// durable in order, many writers' together in one commit. After the first failure, whatever it was, every later
/// append of this writer fails with the same exception, so that no event is ever recorded on top of one that was not:
/// open the stream again and load what is there.</summary>
public interface IJournalWriter
{
    string Stream { get; }

    /// <summary>The sequence number of the last event queued or recorded.</summary>
    long LastSequence { get; }

    /// <summary>Queues events as one all-or-nothing unit; completes when they are durable, with the last one's
    /// sequence number.</summary>
    /// <param name="cancellation">Ends the waiting, never the append: what is queued stays queued.</param>
    /// <exception cref="ArgumentException">The batch breaks a rule of <see cref="JournalRules"/>.</exception>
    /// <exception cref="JournalConflictException">Another writer was first.</exception>
    /// <exception cref="JournalDuplicateKeyException">The stream already has an event with one of these
    /// keys.</exception>
    /// <exception cref="JournalUnavailableException">The store did not confirm the commit, or the queue is
    /// full.</exception>
    Task<long> AppendAsync(ReadOnlyMemory<JournalEntry> entries, CancellationToken cancellation);

    /// <summary>Stores state as of an event of this stream, behind everything queued before; replaces an older
    /// snapshot only. Events queued later may be recorded earlier.</summary>
    /// <exception cref="ArgumentException">The stream has no such event.</exception>
    Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancellation);

    /// <summary>Stores state as of an event of this stream beside that of earlier ones. Of more than
    /// <see cref="JournalRules.MaxCheckpoints"/> the one goes whose neighbours are closest together, so that they stay spread over
    /// the whole stream.</summary>
    /// <exception cref="ArgumentException">The stream has no such event; or the state is too large, and then the writer goes
    /// on.</exception>
    Task SaveCheckpointAsync(JournalSnapshot checkpoint, CancellationToken cancellation);
}
