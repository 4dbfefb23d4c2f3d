namespace Trading.Testing;

/// <summary>Counts what has begun and not ended.</summary>
public sealed class PendingWork
{
    readonly Lock _gate = new();
    TaskCompletionSource? _ended;
    int _count;

    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    public void Begin()
    {
        lock (_gate) _count++;
    }

    public void End()
    {
        TaskCompletionSource? ended = null;
        lock (_gate)
            if (--_count == 0) (ended, _ended) = (_ended, null);
        ended?.SetResult();
    }

    /// <summary>Completes when nothing is under way.</summary>
    public Task EndedAsync()
    {
        lock (_gate)
            return _count == 0
                ? Task.CompletedTask
                : (_ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }
}
