using System.Diagnostics.Metrics;

namespace Trading.Backtests;

/// <summary>Counts the jobs of this process. Labels are bounded: two states, three outcomes.</summary>
public static class BacktestMetrics
{
    public const string MeterName = "Trading.Backtests";

    static readonly Meter Meter = new(MeterName);

    static readonly Counter<long> Finished = Meter.CreateCounter<long>(
        "backtest_jobs_finished", "{job}", "Backtests that ended, by outcome.");

    static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "backtest_duration", "s", "Time from the first work on a backtest to its end, by outcome.", null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, 28_800]
        });

    static long _queued, _running;

    static BacktestMetrics() => Meter.CreateObservableGauge(
        "backtest_jobs", Open, "{job}", "Backtests that wait for a free worker or run, by state.");

    internal static void Queue(int jobs) => Interlocked.Add(ref _queued, jobs);

    internal static void Run(int jobs) => Interlocked.Add(ref _running, jobs);

    /// <param name="seconds">Null where nobody had begun with it.</param>
    internal static void End(BacktestState outcome, double? seconds)
    {
        var label = new KeyValuePair<string, object?>("outcome", CodeOf(outcome));
        Finished.Add(1, label);
        if (seconds is { } time) Duration.Record(time, label);
    }

    static IEnumerable<Measurement<long>> Open() =>
    [
        new(Interlocked.Read(ref _queued), new KeyValuePair<string, object?>("state", CodeOf(BacktestState.Queued))),
        new(Interlocked.Read(ref _running), new KeyValuePair<string, object?>("state", CodeOf(BacktestState.Running))),
    ];

    static string CodeOf(BacktestState state) => state.ToString().ToLowerInvariant();
}
