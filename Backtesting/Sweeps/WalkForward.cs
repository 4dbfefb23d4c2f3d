using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Backtests;

/// <summary>
/// Chooses the best trial on one window and judges it on the next, step by step. The chosen strategy is started at
/// the beginning of the training, so that it knows its past; what it earns counts from the first day after the
/// choice, with the positions that it has then, taken over at the last close.
/// </summary>
static class WalkForward
{
    public static WalkForwardReport Run(
        SweepSpec spec, ImmutableArray<BacktestSpec> trials, MarketHistory history, StrategyCatalog catalog,
            int workers, Func<ITradeGate>? gates,
        CancellationToken cancellation)
    {
        var walk = spec.WalkForward!;
        var year = Math.Sqrt(PerformanceMeasures.Periods(spec.Test, history));
        var (first, last) = history.Days;
        var steps = ImmutableArray.CreateBuilder<WalkStep>();
        for (var from = first; from.AddDays(walk.TrainDays + 1) <= last; from = from.AddDays(walk.TestDays))
        {
            var (start, choice) = (walk.IsExpanding ? first : from, from.AddDays(walk.TrainDays));
            var end = choice.AddDays(walk.TestDays) < last ? choice.AddDays(walk.TestDays) : last;
            if (history.Slice(start, choice.AddDays(-1)) is not { } train
                || history.Slice(start, end) is not { } whole) continue;
            var best = SweepRunner.All(spec, trials, train, catalog, workers, null, gates, cancellation)
                .Where(trial => trial.Sharpe is not null)
                .OrderByDescending(trial => trial.Sharpe!.Value.Ratio).ThenBy(trial => trial.Place).FirstOrDefault();
            if (best is null) continue;
            var recording = new Recording();
            BacktestRunner.Prepare(trials[best.Place], whole, catalog, recording, gate: gates?.Invoke()).Run(null, cancellation);
            DailyEquity[] after = [.. recording.Daily.Where(day => day.Date >= choice)];
            var before = recording.Daily.Last(day => day.Date < choice).Equity;
            var returns = PerformanceMeasures.Returns(after, before);
            var sharpe = returns.Length >= TailRisk.MinimumSampleCount ? SharpeEstimate.Of(returns) : null;
            steps.Add(new(
                start, choice, end, best.Parameters, best.Sharpe!.Value.Ratio * year, sharpe?.Ratio * year,
                after.Length > 0 && before > 0 ? (double)(after[^1].Equity / before) - 1 : 0));
        }

        double? chosen = steps.Count > 0 ? steps.Average(step => step.TrainSharpe) : null;
        return new(
            steps.ToImmutable(), chosen > 0 ? steps.Average(step => step.Sharpe) / chosen : null,
            steps.Aggregate(1.0, (product, step) => product * (1 + step.TotalReturn)) - 1);
    }
}
