using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>The work on one sweep: its parts are made in lanes of worker grains, on all silos of a cluster. Each part is
/// a file, and one that is there is not made again.</summary>
sealed class SweepWork(
    string job, string json, Func<int, IBacktestWorkerGrain> laneOf, SweepParts parts, BacktestFiles files,
    StrategyCatalog catalog, BacktestOptions options)
{
    readonly SweepSpec _sweep = BacktestRequests.Sweep(json);

    sealed record Part(string File, Func<IBacktestWorkerGrain, Task<byte[]>> MakeAsync);

    /// <exception cref="InvalidOperationException">No trial has a result.</exception>
    public async Task<SweepReport> RunAsync(BacktestRun run)
    {
        var trials = SweepTrials.Of(_sweep, catalog).Length;
        var chunks = BacktestRequests.Chunks(trials, options.SweepChunk);
        var windows = await parts.WindowsAsync(_sweep, run.Stopped);
        var steps = new Steps(run, chunks.Length * (windows + 1) + windows);
        await MakeAsync(
        [
            .. chunks.Select(first => new Part(BacktestFiles.Chunk(first), worker =>
                worker.RunAsync(json, first, options.SweepChunk, run.Stopped))),
            .. Enumerable.Range(0, windows).SelectMany(window => chunks.Select(first =>
                new Part(BacktestFiles.Choice(window, first), worker =>
                    worker.ChooseAsync(json, window, first, options.SweepChunk, run.Stopped)))),
        ], steps, run);
        await MakeAsync(await JudgedAsync(chunks, windows, steps, run), steps, run);
        var report = await parts.MergeAsync(job, _sweep, chunks, windows, run.Stopped);
        return report.Best.IsEmpty
            ? throw new InvalidOperationException("No trial has a result: "
                + (report.Failures.IsEmpty ? "nothing traded." : report.Failures[0].Reason))
            : report;
    }

    /// <summary>The windows in which a trial was chosen.</summary>
    async Task<List<Part>> JudgedAsync(ImmutableArray<int> chunks, int windows, Steps steps, BacktestRun run)
    {
        var judged = new List<Part>();
        for (var window = 0; window < windows; window++)
        {
            var (place, choices) = (window, chunks.Select(first => BacktestFiles.Choice(window, first)));
            if (await parts.BestAsync(job, choices, run.Stopped) is { } best)
                judged.Add(new(BacktestFiles.Step(place), worker =>
                    worker.JudgeAsync(json, place, best, run.Stopped)));
            else steps.Done();
        }

        return judged;
    }

    async Task MakeAsync(IReadOnlyList<Part> all, Steps steps, BacktestRun run)
    {
        var waiting = new Queue<Part>();
        foreach (var part in all)
            if (files.Has(job, part.File)) steps.Done();
            else waiting.Enqueue(part);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.SweepLanes, waiting.Count)).Select(async lane =>
        {
            var worker = laneOf(lane);
            while (waiting.TryDequeue(out var part))
            {
                var made = await BacktestRun.RetryAsync(() => part.MakeAsync(worker), run.Stopped);
                await files.WriteAsync(job, part.File, made, run.Stopped);
                steps.Done();
            }
        }));
    }

    /// <summary>Counts parts that are done; always on the scheduler of the grain whose job it is.</summary>
    sealed class Steps(BacktestRun run, int all)
    {
        int _done;

        public void Done() => run.Report((double)++_done / all);
    }
}
