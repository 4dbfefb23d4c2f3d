using Trading.Journal;

namespace Trading.Simulation.Tests;

/// <summary>What goes wrong with a write.</summary>
enum Fault
{
    None,
    /// <summary>Nothing is written, and the writer is told.</summary>
    Refused,
    /// <summary>Everything is written, and the writer is told that it was not confirmed.</summary>
    Unconfirmed,
}

/// <summary>The journal in memory: an append is committed when everything else has come to rest, one after another
/// whoever's they are, so that a seed fails the same append in every run.</summary>
sealed class FaultyJournal(TimeProvider clock, RestDetector rest, Trace trace) : IJournal, IDisposable
{
    readonly InMemoryJournal _inner = new(clock);
    Fault _armed;
    int _skip;

    /// <summary>What is recorded, without faults.</summary>
    public IJournal Truth => _inner;

    public int Faults { get; private set; }

    /// <summary>One of the next appends goes wrong.</summary>
    /// <param name="after">How many go well before it.</param>
    public void Arm(Fault fault, int after) => (_armed, _skip) = (fault, after);

    public void Disarm() => _armed = Fault.None;

    public void Dispose() =>
        _inner.Dispose();

    /// <summary>Opened after all that was queued before.</summary>
    public async Task<IJournalWriter> OpenAsync(string stream, CancellationToken cancellation)
    {
        await rest.WaitAsync(Turn.Commit, stream).ConfigureAwait(false);
        return await ThroughItsThreadAsync(async () => new Writer(this, await _inner.OpenAsync(stream, cancellation)));
    }

    public IAsyncEnumerable<JournalEvent> ReadAsync(string stream, long after, CancellationToken cancellation) =>
        _inner.ReadAsync(stream, after, cancellation);

    public IAsyncEnumerable<JournalEvent> ReadAsync(
        string stream, long after, long last, CancellationToken cancellation) =>
        _inner.ReadAsync(stream, after, last, cancellation);

    public Task<JournalSnapshot?> GetCheckpointAsync(string stream, long last, CancellationToken cancellation) =>
        _inner.GetCheckpointAsync(stream, last, cancellation);

    public Task<JournalEvent?> FindAsync(string stream, string key, CancellationToken cancellation) =>
        _inner.FindAsync(stream, key, cancellation);

    public Task<JournalSnapshot?> GetSnapshotAsync(string stream, CancellationToken cancellation) =>
        _inner.GetSnapshotAsync(stream, cancellation);

    public Task<IReadOnlyList<string>> ListStreamsAsync(string prefix, CancellationToken cancellation) =>
        _inner.ListStreamsAsync(prefix, cancellation);

    public Task<JournalVerification> VerifyAsync(string? stream, CancellationToken cancellation) =>
        _inner.VerifyAsync(stream, cancellation);

    async Task<long> CommitAsync(string stream, Func<Task<long>> write)
    {
        await rest.WaitAsync(Turn.Commit, stream).ConfigureAwait(false);
        var fault = Next();
        trace.Note($"    {stream} is written{(fault == Fault.None ? "" : $" ({fault})")}");
        _inner.BeforeCommit = fault == Fault.Refused ? () => throw new IOException("the disk is full") : null;
        _inner.AfterCommit = fault == Fault.Unconfirmed ? () => throw new IOException("the connection was lost") : null;
        return await ThroughItsThreadAsync(write);
    }

    /// <summary>The journal commits on a thread of its own, which is not one of the pool's.</summary>
    async Task<T> ThroughItsThreadAsync<T>(Func<Task<T>> use)
    {
        rest.Elsewhere.Begin();
        try
        {
            return await use().ConfigureAwait(false);
        }
        finally
        {
            rest.Elsewhere.End();
        }
    }

    Fault Next()
    {
        if (_armed == Fault.None || _skip-- > 0) return Fault.None;
        var fault = _armed;
        _armed = Fault.None;
        Faults++;
        return fault;
    }

    sealed class Writer(FaultyJournal journal, IJournalWriter inner) : IJournalWriter
    {
        public string Stream => inner.Stream;
        public long LastSequence { get; private set; } = inner.LastSequence;

        public Task<long> AppendAsync(ReadOnlyMemory<JournalEntry> entries, CancellationToken cancellation)
        {
            LastSequence += entries.Length;
            return journal.CommitAsync(Stream, () => inner.AppendAsync(entries, CancellationToken.None));
        }

        public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancellation) =>
            journal.CommitAsync(Stream, async () =>
            {
                await inner.SaveSnapshotAsync(snapshot, CancellationToken.None);
                return snapshot.Sequence;
            });

        /// <summary>None is kept: one is written whenever a thread is free, which no seed decides.</summary>
        public Task SaveCheckpointAsync(JournalSnapshot checkpoint, CancellationToken cancellation) => Task.CompletedTask;
    }
}
