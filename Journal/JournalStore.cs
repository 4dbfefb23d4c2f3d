namespace Trading.Journal;

/// <summary>An event as the stores keep it.</summary>
/// <param name="Microseconds">Time of recording, since 1970 UTC.</param>
readonly record struct JournalRow(
    long Sequence, long Microseconds, string Type, string? Key, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Hash)
{
    public JournalEvent ToEvent(string stream) =>
        new(stream, Sequence, DateTimeOffset.UnixEpoch.AddTicks(Microseconds * TimeSpan.TicksPerMicrosecond), Type,
            Payload, Key, Hash);
}

/// <summary>A snapshot as the stores keep it.</summary>
sealed record StoredSnapshot(JournalSnapshot Snapshot, ReadOnlyMemory<byte> Hash)
{
    /// <summary>As it was saved, packed or not, which only its hash tells; null where it was altered since.</summary>
    public JournalSnapshot? Intact(ReadOnlySpan<byte> stream)
    {
        var packed = Snapshot with { IsPacked = true };
        return Has(stream, Snapshot) ? Snapshot : Has(stream, packed) ? packed : null;
    }

    bool Has(ReadOnlySpan<byte> stream, JournalSnapshot snapshot) =>
        Hash.Span.SequenceEqual(JournalHash.OfSnapshot(stream, snapshot));
}

/// <summary>The end of a stream: the number and hash of its last event.</summary>
readonly record struct JournalHead(long Sequence, ReadOnlyMemory<byte> Hash)
{
    public static JournalHead Empty { get; } = new(0, JournalHash.Start);
}

/// <summary>What a writer has queued: a batch of events, a snapshot, or nothing at all (a flush, which has no writer).
/// All or nothing.</summary>
sealed class JournalAppend(JournalWriter? writer, JournalRow[] rows, StoredSnapshot? snapshot, long bytes)
    : TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public JournalWriter? Writer { get; } = writer;
    public JournalRow[] Rows { get; } = rows;
    public StoredSnapshot? Snapshot { get; } = snapshot;

    /// <summary>Kept beside earlier ones, where <see cref="Snapshot"/> takes their place.</summary>
    public StoredSnapshot? Checkpoint { get; init; }
    public long Bytes { get; } = bytes;
    public bool IsFlush => Writer is null;

    /// <summary>A snapshot or a checkpoint, which holds no events.</summary>
    public bool IsState => Snapshot is not null || Checkpoint is not null;

    /// <summary>Its place among all that was ever queued.</summary>
    public long Number { get; set; }

    /// <summary>For whoever listens; zero where nobody did.</summary>
    public long QueuedAt { get; } = JournalEvents.Now();

    public void Complete() => TrySetResult((Snapshot ?? Checkpoint)?.Snapshot.Sequence ?? (Rows.Length == 0 ? 0 : Rows[^1].Sequence));

    /// <summary>A flush has no outcome of its own: it only says that those before it have one.</summary>
    public void Fail(Exception failure)
    {
        if (IsFlush) Complete();
        else TrySetException(failure);
    }
}

/// <summary>Thrown by a store when a group holds a number or key that its stream already has; nothing of the group was
/// written.</summary>
sealed class JournalKeyTakenException(Exception? inner = null) : Exception("A number or key is already taken.", inner);

/// <summary>Where the rows are. One commit at a time; reads at any time.</summary>
interface IJournalStore : IAsyncDisposable
{
    /// <summary>Says in messages where the journal is; without secrets.</summary>
    string Name { get; }

    bool IsReadOnly { get; }

    /// <summary>Connects, claims, and creates or checks the schema.</summary>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>Writes a group in one durable transaction. The thread is one that may wait.</summary>
    /// <exception cref="JournalKeyTakenException">Nothing was written. Any other exception leaves the outcome
    /// open.</exception>
    void Commit(ReadOnlySpan<JournalAppend> group);

    /// <summary>Whether snapshots and checkpoints are written by <see cref="CommitState"/>, at the same time as events; otherwise
    /// <see cref="Commit"/> writes them among those.</summary>
    bool WritesStatesApart => false;

    /// <summary>Writes a snapshot or a checkpoint, of which the events are durable. The thread is one that may wait, and always the
    /// same.</summary>
    void CommitState(JournalAppend append) => throw new NotSupportedException($"{Name} writes states among events.");

    Task<JournalHead> ReadHeadAsync(string stream, CancellationToken cancellation);

    /// <summary>Rows from a sequence number to another (both inclusive), in order, as they are.</summary>
    IAsyncEnumerable<JournalRow> ReadAsync(string stream, long from, long last, CancellationToken cancellation);

    Task<JournalRow?> FindAsync(string stream, string key, CancellationToken cancellation);

    Task<StoredSnapshot?> ReadSnapshotAsync(string stream, CancellationToken cancellation);

    /// <summary>The newest checkpoint at or before an event; null for none, as in a store that has never been written with any.</summary>
    Task<StoredSnapshot?> ReadCheckpointAsync(string stream, long last, CancellationToken cancellation);

    /// <summary>Streams that have an event or a snapshot.</summary>
    Task<List<string>> ListStreamsAsync(string prefix, CancellationToken cancellation);

    /// <summary>Damage below the level of rows, one sentence each.</summary>
    Task<IReadOnlyList<string>> CheckStorageAsync(CancellationToken cancellation);
}
