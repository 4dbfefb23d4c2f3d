using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Backtests;

/// <summary>What is kept of one run of a sweep: its figures, and sums by block; not its days.</summary>
/// <param name="Place">In the order of the sweep.</param>
/// <param name="Sharpe">Per period, with skewness and kurtosis; null where nothing moved.</param>
/// <param name="Failure">Why there is no result; null where there is one.</param>
public sealed record TrialResult(
    int Place, ImmutableSortedDictionary<string, double> Parameters, SharpeEstimate? Sharpe, double TotalReturn,
        double? MaxDrawdown,
    double? Turnover, decimal Costs, long Fills, TrialBlocks? Blocks, string? Failure)
{
    public static TrialResult Failed(int place, BacktestSpec spec, string why) =>
        new(place, spec.Strategies[0].Parameters, null, 0, null, null, 0, 0, null, why);
}

/// <summary>Makes the runs of a sweep one after another; the memory is that of one run.</summary>
/// <param name="gate">The pre-trade check; null for none.</param>
/// <param name="predictions">Of a model, by symbol; for strategies that trade on them.</param>
public sealed class TrialRunner(
    SweepSpec sweep, MarketHistory history, StrategyCatalog catalog, ITradeGate? gate = null,
    IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions = null)
{
    readonly Recording _recording = new();

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TrialResult Run(int place, BacktestSpec spec, CancellationToken cancellation)
    {
        try
        {
            var simulation = BacktestRunner.Prepare(spec, history, catalog, _recording, predictions, gate);
            simulation.Run(null, cancellation);
            return Measure(place, spec, simulation);
        }
        catch (Exception failed) when (failed is StrategyFailedException or OverflowException)
        {
            return TrialResult.Failed(place, spec, failed.Message);
        }
    }

    /// <summary>The same on a thread of its own. Where a strategy never comes back the runner is of no more use: what
    /// it writes to is left to the thread.</summary>
    /// <exception cref="StrategyHungException">One moment took longer than the limit.</exception>
    public async Task<TrialResult> RunAsync(
        int place, BacktestSpec spec, TimeProvider clock, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            var simulation = BacktestRunner.Prepare(spec, history, catalog, _recording, predictions, gate);
            await new Watchdog(clock).RunAsync(simulation, limit, null, cancellation);
            return Measure(place, spec, simulation);
        }
        catch (Exception failed) when (failed is StrategyFailedException or OverflowException)
        {
            return TrialResult.Failed(place, spec, failed.Message);
        }
    }

    TrialResult Measure(int place, BacktestSpec spec, Simulation simulation)
    {
        var cash = simulation.Participants.Sum(one => one.Cash);
        var returns = PerformanceMeasures.Returns(_recording.Daily, cash);
        var days = _recording.Daily;
        var isWhole = days[^1].Equity > 0 && returns.Length >= sweep.Blocks * BacktestOverfitting.LeastRowsPerBlock;
        var years = (days[^1].Date.DayNumber - days[0].Date.DayNumber) / 365.25;
        var mean = days.Average(day => (double)day.Equity);
        return new(
            place, spec.Strategies[0].Parameters,
            returns.Length >= TailRisk.MinimumSampleCount ? SharpeEstimate.Of(returns) : null,
            (double)(days[^1].Equity / cash) - 1,
            returns.Length > 0 ? DrawdownRisk.Falls(DrawdownRisk.Compound(returns)).Select(fall => fall.Depth).DefaultIfEmpty().Max() : null,
            years > 0 && mean > 0 ? (double)simulation.Accounts.Sum(account => account.Traded) / 2 / mean / years
                : null,
            simulation.Accounts.Sum(account => account.Costs.Total), _recording.FillCount,
            isWhole ? TrialBlocks.Of(returns, sweep.Blocks) : null, isWhole ? null
                : "The record is too short for the blocks, or ended in ruin.");
    }
}
