using Microsoft.Extensions.Options;

namespace Trading.Backtests;

/// <summary>Bounds how many runs there are at a time in this process, and how many jobs wait for it.</summary>
public sealed class BacktestWorkers(IOptions<BacktestOptions> options) : IDisposable
{
    readonly SemaphoreSlim _free = new(
        options.Value.MaxConcurrentRuns > 0 ? options.Value.MaxConcurrentRuns
            : Math.Max(1, Environment.ProcessorCount / 2));

    int _open;

    /// <summary>Takes a place for a job; false where there is none.</summary>
    public bool TryOpen()
    {
        if (Interlocked.Increment(ref _open) <= options.Value.MaxOpenJobs) return true;
        Interlocked.Decrement(ref _open);
        return false;
    }

    /// <summary>A job that was begun earlier takes its place whatever the bound says.</summary>
    public void Reopen() => Interlocked.Increment(ref _open);

    public void Close() => Interlocked.Decrement(ref _open);

    /// <summary>Waits for a free worker, then for the work, away from the turns of grains.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
