using System.Collections.Frozen;
using Trading.Journal;

namespace Trading.Silo.Tests;

/// <summary>A journal that counts what is written to it, the audit apart: who was refused is on record there.</summary>
sealed class CountingJournal(IJournal inner) : IJournal
{
    long _events;

    /// <summary>What a book records of a request itself. All else follows by and by: prices, forecasts, breakers, limits
    /// that it adopts, and steps of a stop.</summary>
    static readonly FrozenSet<string> OfRequests = FrozenSet.Create(
        StringComparer.Ordinal, "opened", "cash_transferred", "filled", "released", "decided", "symbol_enabled");

    /// <summary>Events that requests make: in books those above, and whatever is written of limits.</summary>
    public long Events => Interlocked.Read(ref _events);

    public async Task<IJournalWriter> OpenAsync(string stream, CancellationToken cancellation) =>
        new Counted(await inner.OpenAsync(stream, cancellation), this);

    public IAsyncEnumerable<JournalEvent> ReadAsync(string stream, long after, CancellationToken cancellation) => inner.ReadAsync(stream, after, cancellation);
    public IAsyncEnumerable<JournalEvent> ReadAsync(string stream, long after, long last, CancellationToken cancellation) => inner.ReadAsync(stream, after, last, cancellation);
    public Task<JournalEvent?> FindAsync(string stream, string key, CancellationToken cancellation) => inner.FindAsync(stream, key, cancellation);
    public Task<JournalSnapshot?> GetSnapshotAsync(string stream, CancellationToken cancellation) => inner.GetSnapshotAsync(stream, cancellation);
    public Task<JournalSnapshot?> GetCheckpointAsync(string stream, long last, CancellationToken cancellation) => inner.GetCheckpointAsync(stream, last, cancellation);
    public Task<IReadOnlyList<string>> ListStreamsAsync(string prefix, CancellationToken cancellation) => inner.ListStreamsAsync(prefix, cancellation);
    public Task<JournalVerification> VerifyAsync(string? stream, CancellationToken cancellation) => inner.VerifyAsync(stream, cancellation);

    sealed class Counted(IJournalWriter writer, CountingJournal journal) : IJournalWriter
    {
        public string Stream => writer.Stream;
        public long LastSequence => writer.LastSequence;

        public Task<long> AppendAsync(ReadOnlyMemory<JournalEntry> entries, CancellationToken cancellation)
        {
            foreach (var entry in entries.Span)
                if (OfRequests.Contains(entry.Type) || Stream.StartsWith("limits/", StringComparison.Ordinal)) Interlocked.Increment(ref journal._events);
            return writer.AppendAsync(entries, cancellation);
        }

        public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancellation) => writer.SaveSnapshotAsync(snapshot, cancellation);
        public Task SaveCheckpointAsync(JournalSnapshot checkpoint, CancellationToken cancellation) => writer.SaveCheckpointAsync(checkpoint, cancellation);
    }
}
