using System.Runtime.CompilerServices;
using System.Text;

namespace Trading.Journal;

/// <summary>A journal over one of the stores. Opens with <see cref="StartAsync"/> or at first use; disposal writes
/// what is queued.</summary>
public class EventJournal : IJournal, IAsyncDisposable, IDisposable
{
    readonly IJournalStore _store;
    readonly TimeProvider _clock;
    readonly JournalCommitter _committer;
    readonly Lazy<Task> _started, _disposed;

    internal EventJournal(IJournalStore store, TimeProvider clock)
    {
        (_store, _clock, _committer) = (store, clock, new JournalCommitter(store));
        _started = new Lazy<Task>(() => _store.OpenAsync(CancellationToken.None));
        _disposed = new Lazy<Task>(CloseAsync);
    }

    /// <summary>A journal in a SQLite file, which it creates where missing and of which it is the only
    /// writer.</summary>
    /// <param name="readOnly">Only reads and verifies, also while another process writes.</param>
    public static EventJournal Sqlite(string path, TimeProvider clock, bool readOnly = false) =>
        new(new SqliteJournalStore(path, readOnly), clock);

    /// <summary>A journal in a PostgreSQL database, in which it creates its tables where missing; others may write
    /// beside it.</summary>
    /// <param name="readOnly">Only reads and verifies, and creates nothing.</param>
    public static EventJournal Postgres(string connectionString, TimeProvider clock, bool readOnly = false) =>
        new(new PostgresJournalStore(connectionString, readOnly), clock);

    /// <summary>Opens the store; at most once.</summary>
    /// <exception cref="JournalUnavailableException">It cannot be opened: where, and why.</exception>
    public Task StartAsync(CancellationToken cancellation) => _started.Value.WaitAsync(cancellation);

    public async Task<IJournalWriter> OpenAsync(string stream, CancellationToken cancellation)
    {
        if (!JournalRules.IsName(stream))
            throw new ArgumentException($"A stream name must be {JournalRules.NameRule}.", nameof(stream));
        await StartAsync(cancellation);
        if (_store.IsReadOnly) throw new JournalUnavailableException(_store.Name, "it is open for reading only.");

        var session = _committer.Session;
        await _committer.FlushAsync().WaitAsync(cancellation);
        var head = await _store.ReadHeadAsync(stream, cancellation);
        if (head.Hash.Length != JournalHash.Size)
            throw new JournalCorruptException(stream, head.Sequence, JournalChain.Torn);
        return new JournalWriter(_committer, session, stream, head, _clock);
    }

    public IAsyncEnumerable<JournalEvent> ReadAsync(string stream, long after, CancellationToken cancellation) =>
        ReadAsync(stream, after, long.MaxValue, cancellation);

    public async IAsyncEnumerable<JournalEvent> ReadAsync(
        string stream, long after, long last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        var chain = new JournalChain(stream, Math.Max(after, 1));
        await foreach (var row in _store.ReadAsync(stream, chain.Next, last, cancellation))
        {
            if (chain.Check(row) is { } defect)
                throw new JournalCorruptException(stream, defect.Sequence, defect.Problem);
            if (row.Sequence > after) yield return row.ToEvent(stream);
        }
    }

    public async Task<JournalEvent?> FindAsync(string stream, string key, CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        return (await _store.FindAsync(stream, key, cancellation))?.ToEvent(stream);
    }

    public async Task<JournalSnapshot?> GetSnapshotAsync(string stream, CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        var stored = await _store.ReadSnapshotAsync(stream, cancellation);
        return stored?.Intact(Encoding.UTF8.GetBytes(stream));
    }

    public async Task<JournalSnapshot?> GetCheckpointAsync(string stream, long last, CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        var name = Encoding.UTF8.GetBytes(stream);
        while (await _store.ReadCheckpointAsync(stream, last, cancellation) is { } stored)
        {
            if (stored.Intact(name) is { } checkpoint) return checkpoint;
            last = stored.Snapshot.Sequence - 1;
        }

        return null;
    }

    public async Task<IReadOnlyList<string>> ListStreamsAsync(string prefix, CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        var streams = await _store.ListStreamsAsync(prefix, cancellation);
        streams.Sort(StringComparer.Ordinal);
        return streams;
    }

    public async Task<JournalVerification> VerifyAsync(string? stream, CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        return await new JournalVerifier(_store).VerifyAsync(stream, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return new ValueTask(_disposed.Value);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _disposed.Value.GetAwaiter().GetResult();
    }

    async Task CloseAsync()
    {
        await _committer.DisposeAsync();
        await _store.DisposeAsync();
    }
}
