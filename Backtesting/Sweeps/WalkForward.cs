using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Backtests;

/// <summary>One window of a walk forward: a choice on some days, and days after it to judge it by.</summary>
/// <param name="Place">In the order of time.</param>
/// <param name="Choice">The first day after the training.</param>
public readonly record struct WalkWindow(int Place, DateOnly Start, DateOnly Choice, DateOnly End);

/// <summary>
/// Chooses the best trial on one window and judges it on the next, window by window. The chosen strategy is started at
/// the beginning of the training, so that it knows its past; what it earns counts from the first day after the
/// choice, with the positions that it has then, taken over at the last close. Windows, and parts of the choice in
/// each, can be made by whoever and in whatever order.
/// </summary>
public static class WalkForward
{
    /// <summary>More windows than this are a mistake in their lengths.</summary>
    public const int MostWindows = 1_000;

    /// <summary>The windows of a history; empty where it is shorter than one, or where the sweep walks none.</summary>
    /// <exception cref="BacktestRefusedException">There are too many.</exception>
    public static ImmutableArray<WalkWindow> Windows(SweepSpec spec, MarketHistory history)
    {
        if (spec.WalkForward is not { } walk) return [];
        var (first, last) = history.Days;
        var windows = ImmutableArray.CreateBuilder<WalkWindow>();
        for (var from = first; from.AddDays(walk.TrainDays + 1) <= last; from = from.AddDays(walk.TestDays))
        {
            if (windows.Count == MostWindows)
                throw new BacktestRefusedException(
                    [new("walk_forward", "max_count", $"The history has more than {MostWindows} windows.")]);
            var choice = from.AddDays(walk.TrainDays);
            var end = choice.AddDays(walk.TestDays) < last ? choice.AddDays(walk.TestDays) : last;
            windows.Add(new(windows.Count, walk.IsExpanding ? first : from, choice, end));
        }

        return windows.ToImmutable();
    }

    /// <summary>The days of a window on which is chosen; null where there is no bar.</summary>
    public static MarketHistory? Training(WalkWindow window, MarketHistory history) =>
        history.Slice(window.Start, window.Choice.AddDays(-1));

    /// <summary>The better of two, whatever their order; null for none.</summary>
    public static TrialResult? Better(TrialResult? one, TrialResult? other) => (one?.Sharpe, other?.Sharpe) switch
    {
        (null, null) => null,
        (_, null) => one,
        (null, _) => other,
        var (mine, theirs) => mine.Value.Ratio != theirs.Value.Ratio
            ? mine.Value.Ratio > theirs.Value.Ratio ? one : other
            : one!.Place < other!.Place ? one : other,
    };

    /// <summary>What the chosen trial did on the days after the choice; null where there is no bar.</summary>
    public static WalkStep? Judge(
        WalkWindow window, TrialResult best, SweepSpec spec, BacktestSpec trial, MarketHistory history,
        StrategyCatalog catalog, ITradeGate? gate, IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions,
        CancellationToken cancellation)
    {
        if (history.Slice(window.Start, window.End) is not { } whole) return null;
        var recording = new Recording();
        BacktestRunner.Prepare(trial, whole, catalog, recording, predictions, gate).Run(null, cancellation);
        DailyEquity[] after = [.. recording.Daily.Where(day => day.Date >= window.Choice)];
        var before = recording.Daily.Last(day => day.Date < window.Choice).Equity;
        var returns = PerformanceMeasures.Returns(after, before);
        var sharpe = returns.Length >= TailRisk.MinimumSampleCount ? SharpeEstimate.Of(returns) : null;
        var year = Math.Sqrt(PerformanceMeasures.Periods(spec.Test, history));
        return new(
            window.Start, window.Choice, window.End, best.Parameters, best.Sharpe!.Value.Ratio * year,
            sharpe?.Ratio * year,
            after.Length > 0 && before > 0 ? (double)(after[^1].Equity / before) - 1 : 0);
    }

    /// <summary>All of it in this process.</summary>
    internal static WalkForwardReport Run(
        SweepSpec spec, ImmutableArray<BacktestSpec> trials, MarketHistory history, StrategyCatalog catalog,
        int workers, Func<ITradeGate>? gates,
        IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions, CancellationToken cancellation)
    {
        var steps = new List<WalkStep>();
        foreach (var window in Windows(spec, history))
        {
            if (Training(window, history) is not { } train) continue;
            TrialResult? best = null;
            foreach (var trial in SweepRunner.All(
                spec, trials, train, catalog, workers, null, gates, predictions, cancellation))
                best = Better(best, trial);
            if (best?.Sharpe is not null && Judge(
                window, best, spec, trials[best.Place], history, catalog, gates?.Invoke(), predictions,
                cancellation) is { } step)
                steps.Add(step);
        }

        return WalkForwardReport.Of(steps);
    }
}
