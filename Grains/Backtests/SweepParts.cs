using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Trading.Backtests;

/// <summary>Makes the parts of a sweep, away from the turns of grains, and puts them together from their files.</summary>
public sealed class SweepParts(
    BacktestHistories histories, BacktestWorkers workers, BacktestFiles files, StrategyCatalog catalog,
    IOptions<BacktestOptions> options, TimeProvider clock)
{
    TimeSpan Limit => TimeSpan.FromSeconds(options.Value.StrategyTimeout);

    /// <summary>Some trials of a sweep.</summary>
    public Task<byte[]> TrialsAsync(SweepSpec sweep, int first, int count, CancellationToken cancellation) =>
        workers.RunAsync(async () =>
        {
            var history = await LoadAsync(sweep, cancellation);
            return Json(await MakeAsync(sweep, history, history, first, count, cancellation));
        }, cancellation);

    /// <summary>The best of some trials on the training of a window; null where none has a ratio.</summary>
    public Task<byte[]> ChooseAsync(
        SweepSpec sweep, int window, int first, int count, CancellationToken cancellation) =>
        workers.RunAsync(async () =>
        {
            var history = await LoadAsync(sweep, cancellation);
            TrialResult? best = null;
            if (WalkForward.Training(WalkForward.Windows(sweep, history)[window], history) is { } train)
                foreach (var trial in await MakeAsync(sweep, history, train, first, count, cancellation))
                    best = WalkForward.Better(best, trial);
            return Json(best is null ? null : best with { Blocks = null });
        }, cancellation);

    /// <summary>What the chosen trial did after the choice; null where there is no bar.</summary>
    public Task<byte[]> JudgeAsync(SweepSpec sweep, int window, byte[] best, CancellationToken cancellation) =>
        workers.RunAsync(async () =>
        {
            var (history, chosen) = (await LoadAsync(sweep, cancellation), Read<TrialResult>(best)!);
            return Json(WalkForward.Judge(
                WalkForward.Windows(sweep, history)[window], chosen, sweep,
                SweepTrials.Of(sweep, catalog)[chosen.Place], history, catalog, GateRules.Make(sweep.Test),
                await histories.PredictionsAsync(sweep.Test, history, catalog), cancellation));
        }, cancellation);

    /// <summary>The windows of a sweep; none where it walks none.</summary>
    public Task<int> WindowsAsync(SweepSpec sweep, CancellationToken cancellation) => sweep.WalkForward is null
        ? Task.FromResult(0)
        : workers.RunAsync(async () =>
            WalkForward.Windows(sweep, await LoadAsync(sweep, cancellation)).Length, cancellation);

    /// <summary>The best of a window, of the parts of its choice; null where none has a ratio.</summary>
    public async Task<byte[]?> BestAsync(string job, IEnumerable<string> parts, CancellationToken cancellation)
    {
        TrialResult? best = null;
        foreach (var part in parts)
            best = WalkForward.Better(best, Read<TrialResult>((await files.ReadAsync(job, part, cancellation))!));
        return best is null ? null : Json(best);
    }

    /// <summary>All trials of a sweep and all steps of its walk together.</summary>
    public Task<SweepReport> MergeAsync(
        string job, SweepSpec sweep, IReadOnlyList<int> chunks, int windows, CancellationToken cancellation) =>
        workers.RunAsync(async () =>
        {
            var history = await histories.LoadAsync(sweep.Test, cancellation);
            var trials = new List<TrialResult>();
            foreach (var first in chunks)
                trials.AddRange(Read<TrialResult[]>(
                    (await files.ReadAsync(job, BacktestFiles.Chunk(first), cancellation))!)!);
            var report = SweepReport.Of(sweep, trials, BacktestRunner.Periods(sweep.Test, history), cancellation);
            if (sweep.WalkForward is not null)
            {
                var steps = new List<WalkStep>();
                for (var window = 0; window < windows; window++)
                    if (await files.ReadAsync(job, BacktestFiles.Step(window), cancellation) is { } made
                        && Read<WalkStep>(made) is { } step)
                        steps.Add(step);
                report = report with { WalkForward = WalkForwardReport.Of(steps) };
            }

            await files.WriteAsync(job, BacktestFiles.Name(BacktestPart.Sweep), Json(report), cancellation);
            return report;
        }, cancellation);

    async Task<ImmutableArray<TrialResult>> MakeAsync(
        SweepSpec sweep, MarketHistory whole, MarketHistory days, int first, int count,
        CancellationToken cancellation)
    {
        var trials = SweepTrials.Of(sweep, catalog);
        var runner = new TrialRunner(
            sweep, days, catalog, GateRules.Make(sweep.Test),
            await histories.PredictionsAsync(sweep.Test, whole, catalog));
        var made = ImmutableArray.CreateBuilder<TrialResult>();
        for (var place = first; place < Math.Min(first + count, trials.Length); place++)
            made.Add(await runner.RunAsync(place, trials[place], clock, Limit, cancellation));
        return made.ToImmutable();
    }

    async Task<MarketHistory> LoadAsync(SweepSpec sweep, CancellationToken cancellation)
    {
        var history = await histories.LoadAsync(sweep.Test, cancellation);
        var errors = BacktestRules.Check(sweep.Test, history);
        return errors.IsEmpty ? history : throw new BacktestRefusedException(errors);
    }

    static T? Read<T>(byte[] json) => JsonSerializer.Deserialize<T>(json, BacktestJson.Options);

    static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, BacktestJson.Options);
}
