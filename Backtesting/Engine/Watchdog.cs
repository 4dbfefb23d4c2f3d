namespace Trading.Backtests;

/// <summary>A strategy did not come back.</summary>
public sealed class StrategyHungException(TimeSpan limit, DateTimeOffset at)
    : Exception($"A strategy has not come back for {limit.TotalSeconds} seconds, at {at:yyyy-MM-dd HH:mm:ss}. The run was given up.");

/// <summary>Runs a simulation on a thread of its own and gives it up where a strategy never ends: no code can be made
/// to stop, so its thread is left behind, and when too many were, nothing more is run.</summary>
sealed class Watchdog(TimeProvider clock)
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(20);

    /// <summary>Threads that may be left behind before the process must be started anew.</summary>
    public const int MostLeft = 4;

    static int _left;

    public static bool IsOverrun => Volatile.Read(ref _left) >= MostLeft;

    /// <exception cref="StrategyHungException">One moment took longer than the limit.</exception>
    public async Task RunAsync(Simulation simulation, TimeSpan limit, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        if (IsOverrun)
            throw new InvalidOperationException(
                $"{MostLeft} strategies never came back; start the program anew to run another.");
        var done = BackgroundThread.RunAsync(
            () =>
            {
                simulation.Run(progress, cancellation);
                return true;
            },
            CancellationToken.None);
        await WatchAsync(done, simulation, limit);
        await done;
    }

    async Task WatchAsync(Task done, Simulation simulation, TimeSpan limit)
    {
        var (seen, since) = (-1L, clock.GetTimestamp());
        while (!done.IsCompleted)
        {
            using var stop = new CancellationTokenSource();
            var ended = await Task.WhenAny(done, Task.Delay(limit / 8, clock, stop.Token));
            await stop.CancelAsync();
            if (ended == done) return;
            if (simulation.Step != seen)
                (seen, since) = (simulation.Step, clock.GetTimestamp());
            else if (clock.GetElapsedTime(since) >= limit)
            {
                Interlocked.Increment(ref _left);
                // Where it comes back after all, it is no longer left behind.
                _ = done.ContinueWith(
                    ended => { _ = ended.Exception; Interlocked.Decrement(ref _left); }, CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                throw new StrategyHungException(limit, new(simulation.Market.Now, TimeSpan.Zero));
            }
        }
    }
}
