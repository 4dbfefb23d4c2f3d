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

/// <summary>The journal in memory behind one queue: appends are committed one after another in the order in which they were queued,
/// whoever's they are, so that a seed fails the same append in every run.</summary>
sealed class FaultyJournal(TimeProvider clock) : IJournal, IDisposable
{
    readonly InMemoryJournal _inner = new(clock);
    readonly Lock _gate = new();
    Task _last = Task.CompletedTask;
    TaskCompletionSource? _hold;
    Fault _armed;
    int _skip, _waiting;

    /// <summary>What is recorded, without faults.</summary>
    public IJournal Truth => _inner;

    /// <summary>Appends that are queued and not answered.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public int Faults { get; private set; }

    /// <summary>One of the next appends goes wrong.</summary>
    /// <param name="after">How many go well before it.</param>
    public void Arm(Fault fault, int after) => (_armed, _skip) = (fault, after);

    public void Disarm() => _armed = Fault.None;

    /// <summary>Lets nothing be written until <see cref="Release"/>.</summary>
    public void Hold() => _hold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        var held = _hold;
        _hold = null;
        held?.SetResult();
    }

    public void Dispose() => _inner.Dispose();

    public async Task<IJournalWriter> OpenAsync(string stream, CancellationToken cancellation)
    {
        Task before;
        lock (_gate) before = _last;
        await before;
        return new Writer(this, await _inner.OpenAsync(stream, cancellation));
    }

    public IAsyncEnumerable<JournalEvent> ReadAsync(string stream, long after, CancellationToken cancellation) => _inner.ReadAsync(stream, after, cancellation);

    public Task<JournalEvent?> FindAsync(string stream, string key, CancellationToken cancellation) => _inner.FindAsync(stream, key, cancellation);

    public Task<JournalSnapshot?> GetSnapshotAsync(string stream, CancellationToken cancellation) => _inner.GetSnapshotAsync(stream, cancellation);

    public Task<IReadOnlyList<string>> ListStreamsAsync(string prefix, CancellationToken cancellation) => _inner.ListStreamsAsync(prefix, cancellation);

    public Task<JournalVerification> VerifyAsync(string? stream, CancellationToken cancellation) => _inner.VerifyAsync(stream, cancellation);

    Task<long> Queue(Func<Task<long>> write)
    {
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            Interlocked.Increment(ref _waiting);
            _last = RunAsync(_last, write, answer);
        }

        return answer.Task;
    }

    async Task RunAsync(Task before, Func<Task<long>> write, TaskCompletionSource<long> answer)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_hold is { } hold) await hold.Task.ConfigureAwait(false);
        var fault = Next();
        _inner.BeforeCommit = fault == Fault.Refused ? () => throw new IOException("the disk is full") : null;
        _inner.AfterCommit = fault == Fault.Unconfirmed ? () => throw new IOException("the connection was lost") : null;
        try
        {
            answer.SetResult(await write().ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            answer.SetException(failure);
        }

        Interlocked.Decrement(ref _waiting);
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
            return journal.Queue(() => inner.AppendAsync(entries, CancellationToken.None));
        }

        public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancellation) => journal.Queue(async () =>
        {
            await inner.SaveSnapshotAsync(snapshot, CancellationToken.None);
            return snapshot.Sequence;
        });
    }
}
