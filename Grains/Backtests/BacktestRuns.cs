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
            var predictions = await histories.PredictionsAsync(spec, history, catalog);
            var result = await BacktestRunner.RunAsync(
                spec, history, catalog, clock, predictions, GateRules.Make(spec), progress,
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

    static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, BacktestJson.Options);
}
