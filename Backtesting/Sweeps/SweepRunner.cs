using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>Makes a whole sweep in this process, on so many cores.</summary>
public static class SweepRunner
{
    /// <exception cref="BacktestRefusedException">The sweep or the data break a rule.</exception>
    public static SweepReport Run(
        SweepSpec spec, MarketHistory history, StrategyCatalog catalog, int workers, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ImmutableArray<FieldError> errors = [.. SweepTrials.Check(spec, catalog), .. BacktestRules.Check(spec.Test, history)];
        if (!errors.IsEmpty) throw new BacktestRefusedException(errors);
        var trials = SweepTrials.Of(spec, catalog);
        var results = All(spec, trials, history, catalog, workers, progress, cancellation);
        var report = SweepReport.Of(spec, results, PerformanceMeasures.Periods(spec.Test, history), cancellation);
        return spec.WalkForward is null
            ? report
            : report with { WalkForward = WalkForward.Run(spec, trials, history, catalog, workers, cancellation) };
    }

    internal static IReadOnlyCollection<TrialResult> All(
        SweepSpec spec, ImmutableArray<BacktestSpec> trials, MarketHistory history, StrategyCatalog catalog, int workers,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        var results = new ConcurrentBag<TrialResult>();
        var done = 0;
        Parallel.For(
            0, trials.Length, new() { MaxDegreeOfParallelism = workers, CancellationToken = cancellation },
            () => new TrialRunner(spec, history, catalog),
            (place, _, runner) =>
            {
                results.Add(runner.Run(place, trials[place], cancellation));
                progress?.Report((double)Interlocked.Increment(ref done) / trials.Length);
                return runner;
            },
            _ => { });
        return results;
    }
}
