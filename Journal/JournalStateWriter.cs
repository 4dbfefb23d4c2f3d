using System.Collections.Concurrent;

namespace Trading.Journal;

/// <summary>Writes snapshots and checkpoints beside the events, one after another, by a thread of its own, where the store can do both at
/// once: no event waits for the megabytes of a state.</summary>
/// <param name="failed">Called with one that could not be stored.</param>
sealed class JournalStateWriter(IJournalStore store, Action<JournalAppend, Exception> failed) : IAsyncDisposable
{
    readonly BlockingCollection<JournalAppend> _waiting = [];
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Start() => new Thread(Run) { Name = "journal states", IsBackground = true }.UnsafeStart();

    /// <param name="append">Its events are durable.</param>
    public void Add(JournalAppend append) => _waiting.Add(append);

    /// <summary>Completes when all that waits has been written.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.CompleteAdding();
        await _ended.Task;
    }

    void Run()
    {
        foreach (var append in _waiting.GetConsumingEnumerable())
        {
            try
            {
                if (append.Writer!.Failure is { } failure) append.Fail(failure);
                else Write(append);
            }
            catch (Exception cause)
            {
                failed(append, cause);
            }
        }

        _ended.SetResult();
    }

    void Write(JournalAppend append)
    {
        var taken = JournalEvents.Now();
        store.CommitState(append);
        if (taken != 0) JournalEvents.Log.Committed([append], taken, withStates: true);
        append.Complete();
    }
}
