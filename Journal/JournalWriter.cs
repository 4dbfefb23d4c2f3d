using System.Text;

namespace Trading.Journal;

/// <summary>Numbers and chains events the moment they are queued, so that nobody waits for the store to learn a
/// number.</summary>
sealed class JournalWriter(
    JournalCommitter committer, JournalSession session, string stream, JournalHead head, TimeProvider clock)
        : IJournalWriter
{
    readonly Lock _gate = new();
    readonly byte[] _name = Encoding.UTF8.GetBytes(stream);
    JournalHead _head = head;
    Exception? _failure;

    public string Stream => stream;

    /// <summary>What is queued and not yet taken; the queue's own, under its lock.</summary>
    public Queue<JournalAppend> Waiting { get; } = new();

    /// <summary>The stream's name in UTF-8.</summary>
    public ReadOnlySpan<byte> Name => _name;

    public long LastSequence
    {
        get { lock (_gate) return _head.Sequence; }
    }

    /// <summary>Why nothing more is written by this writer, or null.</summary>
    public Exception? Failure => _failure ?? session.Failure;

    public Task<long> AppendAsync(ReadOnlyMemory<JournalEntry> entries, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (Failure is { } failure) return Task.FromException<long>(failure);
            if (JournalRules.Check(entries.Span) is { Count: > 0 } broken)
                return Refuse(new ArgumentException(string.Join("; ", broken), nameof(entries)));

            var (append, last) = Chain(entries.Span);
            if (committer.TryQueue(append) is { } refusal) return Refuse(refusal);
            _head = last;
            return JournalTelemetry.Traced(append.Task.WaitAsync(cancellation), stream, entries.Length);
        }
    }

    public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancellation) =>
        SaveAsync(snapshot, stored => new JournalAppend(this, [], stored, snapshot.Payload.Length), cancellation);

    public Task SaveCheckpointAsync(JournalSnapshot checkpoint, CancellationToken cancellation) =>
        checkpoint.Payload.Length > JournalRules.MaxSnapshotBytes
            ? Task.FromException(TooLarge(nameof(checkpoint))) // no event is lost with it: the writer goes on
            : SaveAsync(
                checkpoint, stored => new JournalAppend(this, [], null, checkpoint.Payload.Length) { Checkpoint = stored },
                cancellation);

    static ArgumentException TooLarge(string argument) =>
        new($"The payload is over {JournalRules.MaxSnapshotBytes:N0} bytes.", argument);

    Task SaveAsync(JournalSnapshot snapshot, Func<StoredSnapshot, JournalAppend> form, CancellationToken cancellation)
    {
        var hash = snapshot.Payload.Length > JournalRules.MaxSnapshotBytes
            ? []
            : JournalHash.OfSnapshot(_name, snapshot); // of megabytes it takes a while, in which events may be queued
        lock (_gate)
        {
            if (Failure is { } failure) return Task.FromException(failure);
            if (snapshot.Sequence < 1 || snapshot.Sequence > _head.Sequence)
                return Refuse(
                    new ArgumentException($"Stream '{stream}' has no event {snapshot.Sequence}.", nameof(snapshot)));
            if (snapshot.Payload.Length > JournalRules.MaxSnapshotBytes)
                return Refuse(TooLarge(nameof(snapshot)));

            var append = form(new StoredSnapshot(snapshot, hash));
            return committer.TryQueue(append) is { } refusal ? Refuse(refusal) : append.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>From now on every append fails, those already queued included.</summary>
    public void Fail(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null);

    Task<long> Refuse(Exception failure)
    {
        Fail(failure);
        return Task.FromException<long>(failure);
    }

    (JournalAppend Append, JournalHead Last) Chain(ReadOnlySpan<JournalEntry> entries)
    {
        var now = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var rows = new JournalRow[entries.Length];
        var (last, bytes) = (_head, 0L);
        for (var i = 0; i < entries.Length; i++)
        {
            ref readonly var entry = ref entries[i];
            var row = new JournalRow(last.Sequence + 1, now, entry.Type, entry.Key, entry.Payload, default);
            rows[i] = row with { Hash = JournalHash.OfEvent(last.Hash.Span, _name, row) };
            last = new JournalHead(row.Sequence, rows[i].Hash);
            bytes += entry.Payload.Length;
        }

        return (new JournalAppend(this, rows, null, bytes), last);
    }
}
