using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Trading.Models;

/// <summary>Runs trainings beside everything that answers somebody, and only so many at a time. A training may
/// outlive the silo by a moment.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "Whose wait handle nobody asks for, a semaphore holds nothing to free.")]
public sealed class TrainingWorkers(IOptions<ModelOptions> options)
{
    readonly SemaphoreSlim _free = new(options.Value.MaxConcurrentTrainings);

    /// <summary>Waits for a free worker, then for the work. The worker is given back whatever becomes of the caller.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await BackgroundThread.RunAsync(work, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }
}
