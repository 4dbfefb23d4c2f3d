using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>Makes a whole sweep in this process, on so many cores.</summary>
public static class SweepRunner
{
    /// <param name="gates">Makes the pre-trade check of one worker; null for none.</param>
    /// <exception cref="BacktestRefusedException">The sweep or the data break a rule.</exception>
    public static SweepReport Run(
        SweepSpec spec, MarketHistory history, StrategyCatalog catalog, int workers, IProgress<double>? progress = null,
        Func<ITradeGate>? gates = null, IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions = null,
        CancellationToken cancellation = default)
    {
        ImmutableArray<FieldError> errors = [.. SweepTrials.Check(spec, catalog),
            .. BacktestRules.Check(spec.Test, history), .. BacktestRules.Check(spec.Test.Gate, gates is not null)];
        if (!errors.IsEmpty) throw new BacktestRefusedException(errors);
        var trials = SweepTrials.Of(spec, catalog);
        var results = All(spec, trials, history, catalog, workers, progress, gates, predictions, cancellation);
        var report = SweepReport.Of(spec, results, PerformanceMeasures.Periods(spec.Test, history), cancellation);
        return spec.WalkForward is null
            ? report
            : report with { WalkForward = WalkForward.Run(spec, trials, history, catalog, workers, gates, predictions, cancellation) };
    }

    internal static IReadOnlyCollection<TrialResult> All(
        SweepSpec spec, ImmutableArray<BacktestSpec> trials, MarketHistory history, StrategyCatalog catalog,
            int workers,
        IProgress<double>? progress, Func<ITradeGate>? gates,
        IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions, CancellationToken cancellation)
    {
        var results = new ConcurrentBag<TrialResult>();
        var done = 0;
        Parallel.For(
            0, trials.Length, new() { MaxDegreeOfParallelism = workers, CancellationToken = cancellation },
            () => new TrialRunner(spec, history, catalog, gates?.Invoke(), predictions),
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
