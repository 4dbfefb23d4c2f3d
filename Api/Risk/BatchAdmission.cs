using System.Threading.RateLimiting;

namespace Trading.Api;

/// <summary>How many batches of one book are under way at once: while one is decided, one is made durable and one is answered. More would
/// not be answered sooner, since the book decides one after another; each would keep its orders and decisions in memory meanwhile,
/// and threads that the callers of other books need.</summary>
internal sealed class BatchAdmission(TimeProvider clock) : IDisposable
{
    public const int MaxPerBook = 3;

    /// <summary>How long a batch waits for those before it: one that waits for a slow source of prices, or for a silo that died, keeps
    /// the others no longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    static readonly ConcurrencyLimiterOptions OfBook = new()
    {
        PermitLimit = MaxPerBook,
        QueueLimit = int.MaxValue, // bounded by the requests that the API works on at once
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };

    readonly PartitionedRateLimiter<string> _books = PartitionedRateLimiter.Create<string, string>(
        book => RateLimitPartition.GetConcurrencyLimiter(book, _ => OfBook), StringComparer.Ordinal);

    /// <summary>Waits for the batch's turn, in the order of coming. Whoever got it disposes of what is returned when the answer is
    /// written.</summary>
    /// <exception cref="OperationCanceledException">The caller has given up.</exception>
    public async ValueTask<IDisposable> EnterAsync(string book, CancellationToken abandoned)
    {
        var place = _books.AttemptAcquire(book);
        if (place.IsAcquired) return place;
        using var patience = new CancellationTokenSource(Patience, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, abandoned);
        try
        {
            return await _books.AcquireAsync(book, cancellationToken: end.Token);
        }
        catch (OperationCanceledException) when (!abandoned.IsCancellationRequested)
        {
            return place; // goes on without one
        }
    }

    public void Dispose() => _books.Dispose();
}
