using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Trading.Backtests;

/// <summary>What a job came to.</summary>
public sealed record BacktestSummary(string Hash, double TotalReturn, double? Sharpe);

/// <summary>Makes tests and trials, away from the turns of grains, and keeps what they come to.</summary>
public sealed class BacktestRuns(
    BacktestHistories histories, BacktestWorkers workers, BacktestFiles files, StrategyCatalog catalog,
        IOptions<BacktestOptions> options,
    TimeProvider clock)
{
    /// <summary>One test; its parts become files of the job.</summary>
    /// <param name="sweep">The sweep that it is the best of; null for none.</param>
    public Task<BacktestSummary> TestAsync(
        string job, BacktestSpec spec, SweepReport? sweep, IProgress<double> progress,
            CancellationToken cancellation) =>
        workers.RunAsync(async () =>
        {
            progress.Report(0);
            var history = await histories.LoadAsync(spec, cancellation);
            var result = await BacktestRunner.RunAsync(
                spec, history, catalog, clock, gate: GateRules.Make(spec), progress: progress,
                    limit: TimeSpan.FromSeconds(options.Value.StrategyTimeout),
                cancellation: cancellation);
            if (sweep is not null) result = result.OfSweep(sweep);
            await KeepAsync(job, BacktestPart.Trades,
                Json(new { result.Orders, result.Fills, result.Trades, result.Refusals }));
            await KeepAsync(job, BacktestPart.Equity,
                Json(new { result.Daily, result.Benchmark, Rolling = RollingRecord.Of(result) }));
            await KeepAsync(job, BacktestPart.Report, Encoding.UTF8.GetBytes(HtmlReport.Of(result, history, sweep)));
            await KeepAsync(job, BacktestPart.Result, Json(result.WithoutRecords()));
            return new BacktestSummary(result.Hash, result.Performance.TotalReturn, result.Performance.Sharpe);

            Task KeepAsync(string of, BacktestPart part, byte[] content) =>
                files.WriteAsync(of, BacktestFiles.Name(part), content, cancellation);
        }, cancellation);

    /// <summary>Some trials of a sweep.</summary>
    public Task<byte[]> TrialsAsync(SweepSpec sweep, int first, int count, CancellationToken cancellation) =>
        workers.RunAsync(async () =>
        {
            var history = await histories.LoadAsync(sweep.Test, cancellation);
            var errors = BacktestRules.Check(sweep.Test, history);
            if (!errors.IsEmpty) throw new BacktestRefusedException(errors);
            var (trials, runner) = (SweepTrials.Of(sweep, catalog), new TrialRunner(sweep, history, catalog, GateRules.Make(sweep.Test)));
            return Json(Enumerable.Range(first, Math.Min(count, trials.Length - first))
                .Select(place => runner.Run(place, trials[place], cancellation)).ToArray());
        }, cancellation);

    /// <summary>All trials of a sweep together, from their files.</summary>
    public Task<SweepReport> MergeAsync(string job, SweepSpec sweep, IReadOnlyList<int> chunks,
        CancellationToken cancellation) =>
        workers.RunAsync(async () =>
        {
            var history = await histories.LoadAsync(sweep.Test, cancellation);
            var trials = new List<TrialResult>();
            foreach (var first in chunks)
                trials.AddRange(JsonSerializer.Deserialize<TrialResult[]>(
                    (await files.ReadAsync(job, BacktestFiles.Chunk(first), cancellation))!, BacktestJson.Options)!);
            var report = SweepReport.Of(sweep, trials, BacktestRunner.Periods(sweep.Test, history), cancellation);
            await files.WriteAsync(job, BacktestFiles.Name(BacktestPart.Sweep), Json(report), cancellation);
            return report;
        }, cancellation);

    static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, BacktestJson.Options);
}
