using Orleans.Placement;

namespace Trading.Backtests;

/// <summary>Makes parts of a sweep on the silo that it happens to be on.</summary>
[RandomPlacement]
public sealed class BacktestWorkerGrain(SweepParts parts) : Grain, IBacktestWorkerGrain
{
    public Task<byte[]> RunAsync(string sweep, int first, int count, CancellationToken cancellation) =>
        parts.TrialsAsync(BacktestRequests.Sweep(sweep), first, count, cancellation);

    public Task<byte[]> ChooseAsync(string sweep, int window, int first, int count, CancellationToken cancellation) =>
        parts.ChooseAsync(BacktestRequests.Sweep(sweep), window, first, count, cancellation);

    public Task<byte[]> JudgeAsync(string sweep, int window, byte[] best, CancellationToken cancellation) =>
        parts.JudgeAsync(BacktestRequests.Sweep(sweep), window, best, cancellation);
}
