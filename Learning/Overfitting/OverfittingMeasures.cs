using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Measures of overfitting from the trials of a training and of all before it.</summary>
static class OverfittingMeasures
{
    const int LeastPeriodsPerBlock = 8;

    /// <param name="inSample">What the chosen models would have earned on their own training rows.</param>
    /// <param name="tally">The whole ledger, this training's trials included.</param>
    /// <param name="paths">Ratios of all histories, ascending, where there are several.</param>
    /// <param name="trainTestGap">Log loss of the tests less that of the training rows.</param>
    public static OverfittingReport Of(
        double[] returns, double[] inSample, IReadOnlyList<TrialResult> trials, TrialTally tally, double trainTestGap,
        int horizon, ImmutableArray<double> paths, CancellationToken cancellation)
    {
        var estimate = Estimate(returns);
        var inSampleRatio = Estimate(inSample)?.Ratio;
        var periods = (double)Strategy.SessionsPerYear / horizon;
        return new(estimate, tally.Count, estimate?.Probabilistic(0),
            estimate?.Deflated(Math.Max(1, tally.Count), tally.Variance), estimate?.MinimumTrackRecord(0),
            Pbo(trials, cancellation), inSampleRatio > 0 ? estimate?.Ratio / inSampleRatio : null, trainTestGap,
            returns.Length / periods, Math.Pow(SharpeEstimate.ExpectedMaximum(Math.Max(1, tally.Count), 1), 2), paths);
    }

    /// <summary>Null where there are too few returns, or none differs.</summary>
    public static SharpeEstimate? Estimate(double[] returns) =>
        returns.Length < TailRisk.MinimumSampleCount ? null : SharpeEstimate.Of(returns);

    /// <summary>CSCV over every trial and its opposite. Among trials that all have skill the winner of one half is any
    /// of them in the other, which the plain form takes for luck; with the opposites among them it is above the median
    /// as long as there is skill, and anywhere where there is none.</summary>
    static BacktestOverfitting? Pbo(IReadOnlyList<TrialResult> trials, CancellationToken cancellation)
    {
        double[][] all = [.. trials.SelectMany(trial => new[]
            { trial.Returns.ToArray(), [.. trial.Returns.Select(value => -value)] })];
        var blocks = Math.Min(BacktestOverfitting.UsualBlocks, all.Length == 0 ? 0 : all[0].Length / LeastPeriodsPerBlock / 2 * 2);
        return blocks < 4 ? null : BacktestOverfitting.Of(all, blocks, cancellation);
    }
}
