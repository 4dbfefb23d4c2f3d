using System.Runtime.CompilerServices;
using Trading.Journal;

namespace Trading.Portfolios.Tests;

/// <summary>A journal that counts what is read of it, and can hide or spoil its checkpoints.</summary>
sealed class CountingJournal(InMemoryJournal inner) : IJournal, IDisposable
{
    /// <summary>Events handed out by reads that have an end.</summary>
    public int EventsRead { get; set; }

    public bool CheckpointsAreHidden { get; set; }

    public bool CheckpointsAreDamaged { get; set; }

    /// <summary>Reads that have an end wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public Task<IJournalWriter> OpenAsync(string stream, CancellationToken cancellation) => inner.OpenAsync(stream, cancellation);

    public IAsyncEnumerable<JournalEvent> ReadAsync(string stream, long after, CancellationToken cancellation) =>
        inner.ReadAsync(stream, after, cancellation);

    public async IAsyncEnumerable<JournalEvent> ReadAsync(
        string stream, long after, long last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Gate is { } gate) await gate.Task;
        await foreach (var recorded in inner.ReadAsync(stream, after, last, cancellation))
        {
            EventsRead++;
            yield return recorded;
        }
    }

    public async Task<JournalSnapshot?> GetCheckpointAsync(string stream, long last, CancellationToken cancellation)
    {
        var found = CheckpointsAreHidden ? null : await inner.GetCheckpointAsync(stream, last, cancellation);
        return CheckpointsAreDamaged && found is not null ? found with { Payload = found.Payload[..(found.Payload.Length / 2)] } : found;
    }

    public Task<JournalEvent?> FindAsync(string stream, string key, CancellationToken cancellation) => inner.FindAsync(stream, key, cancellation);

    public Task<JournalSnapshot?> GetSnapshotAsync(string stream, CancellationToken cancellation) => inner.GetSnapshotAsync(stream, cancellation);

    public Task<IReadOnlyList<string>> ListStreamsAsync(string prefix, CancellationToken cancellation) => inner.ListStreamsAsync(prefix, cancellation);

    public Task<JournalVerification> VerifyAsync(string? stream, CancellationToken cancellation) => inner.VerifyAsync(stream, cancellation);

    public void Dispose() => inner.Dispose();
}
