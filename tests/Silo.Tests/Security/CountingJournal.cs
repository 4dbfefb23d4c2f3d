using System.Collections.Frozen;
using Trading.Journal;
using Trading.Operations;

namespace Trading.Silo.Tests;

/// <summary>A journal that counts what is written to it, the audit apart: who was refused is on record there.</summary>
sealed class CountingJournal(IJournal inner) : IJournal
{
    long _events;

    /// <summary>What a book records by itself, whoever asks for what.</summary>
    static readonly FrozenSet<string> OwnAccord = FrozenSet.Create(
        StringComparer.Ordinal, "priced", "prices_corrected", "recalculated", "high_water_mark_raised", "day_started", "expired",
        "forecast_made", "breaker_moved", "references_moved", "taken_up");

    /// <summary>Events that requests make: those of every stream but the audit's, and the trials': a training goes on long
    /// after the request that began it.</summary>
    public long Events => Interlocked.Read(ref _events);

    public async Task<IJournalWriter> OpenAsync(string stream, CancellationToken cancellation) =>
        await inner.OpenAsync(stream, cancellation) is var writer
            && (stream == AuditGrain.Stream || stream.StartsWith("trials/", StringComparison.Ordinal)) ? writer : new Counted(writer, this);

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
                if (!OwnAccord.Contains(entry.Type)) Interlocked.Increment(ref journal._events);
            return writer.AppendAsync(entries, cancellation);
        }

        public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancellation) => writer.SaveSnapshotAsync(snapshot, cancellation);
        public Task SaveCheckpointAsync(JournalSnapshot checkpoint, CancellationToken cancellation) => writer.SaveCheckpointAsync(checkpoint, cancellation);
    }
}
