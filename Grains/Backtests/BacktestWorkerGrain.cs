using Orleans.Placement;

namespace Trading.Backtests;

/// <summary>Makes trials of a sweep on the silo that it happens to be on.</summary>
[RandomPlacement]
public sealed class BacktestWorkerGrain(BacktestRuns runs) : Grain, IBacktestWorkerGrain
{
    public Task<byte[]> RunAsync(string sweep, int first, int count, CancellationToken cancellation) =>
        runs.TrialsAsync(BacktestRequests.Sweep(sweep), first, count, cancellation);
}
