using System.Collections.Immutable;
using System.Security.Cryptography;
using Trading.Quant;

namespace Trading.Backtests;

/// <summary>One step of a walk forward.</summary>
/// <param name="Sharpe">Of a year, on the days after the choice; null where nothing moved.</param>
public sealed record WalkStep(
    DateOnly TrainFrom, DateOnly TestFrom, DateOnly TestTo, ImmutableSortedDictionary<string, double> Chosen,
        double? TrainSharpe,
    double? Sharpe, double TotalReturn);

/// <summary>All steps of a walk forward.</summary>
/// <param name="Efficiency">The mean ratio after the choice over that before it.</param>
public sealed record WalkForwardReport(ImmutableArray<WalkStep> Steps, double? Efficiency, double TotalReturn)
{
    /// <summary>The same whoever made the steps, and in whatever order.</summary>
    public static WalkForwardReport Of(IEnumerable<WalkStep> made)
    {
        ImmutableArray<WalkStep> steps = [.. made.OrderBy(step => step.TestFrom)];
        double? chosen = steps.IsEmpty ? null : steps.Average(step => step.TrainSharpe);
        return new(
            steps, chosen > 0 ? steps.Average(step => step.Sharpe) / chosen : null,
            steps.Aggregate(1.0, (product, step) => product * (1 + step.TotalReturn)) - 1);
    }
}

/// <summary>A trial without a result.</summary>
public sealed record TrialFailure(int Place, ImmutableSortedDictionary<string, double> Parameters, string Reason);

/// <summary>What came of a sweep, whoever made its runs and in whatever order.</summary>
/// <param name="Trials">Runs that were made: what the deflated ratio counts.</param>
/// <param name="Failed">Those of them without a result; the first of them are <see cref="Failures"/>.</param>
/// <param name="Best">The best by Sharpe ratio, the best first.</param>
/// <param name="DeflatedSharpe">Of the best one; null where fewer than two have a ratio.</param>
/// <param name="ExpectedMaximum">The ratio of a year that the best of so many would show without skill.</param>
/// <param name="Overfitting">PBO by CSCV; null where it cannot be told.</param>
/// <param name="Hash">SHA-256 over all trials in order of their places.</param>
public sealed record SweepReport(
    SweepSpec Spec, int Trials, int Failed, ImmutableArray<TrialResult> Best, double? DeflatedSharpe,
        double? ExpectedMaximum,
    BacktestOverfitting? Overfitting, string Hash)
{
    public const int MostBest = 50, MostFailures = 50;

    /// <summary>Trials without a result and why, in their order.</summary>
    public ImmutableArray<TrialFailure> Failures { get; init; } = [];

    public WalkForwardReport? WalkForward { get; init; }

    public static SweepReport Of(SweepSpec spec, IEnumerable<TrialResult> trials, double periodsPerYear,
        CancellationToken cancellation = default)
    {
        TrialResult[] all = [.. trials.OrderBy(trial => trial.Place)];
        TrialResult[] whole = [.. all.Where(trial => trial.Failure is null)];
        TrialResult[] best = [.. whole.Where(trial => trial.Sharpe is not null)
            .OrderByDescending(trial => trial.Sharpe!.Value.Ratio).ThenBy(trial => trial.Place)];
        double? variance = best.Length >= 2 ? Variance([.. best.Select(trial => trial.Sharpe!.Value.Ratio)]) : null;
        return new(
            spec, all.Length, all.Length - whole.Length,
                [.. best.Take(MostBest).Select(trial => trial with { Blocks = null })],
            variance is { } known ? best[0].Sharpe!.Value.Deflated(all.Length, known) : null,
            variance is { } spread ? SharpeEstimate.ExpectedMaximum(all.Length, spread) * Math.Sqrt(periodsPerYear)
                : null,
            whole.Length >= BacktestOverfitting.LeastTrials
                ? BacktestOverfitting.Of([.. whole.Select(trial => trial.Blocks!)], cancellation) : null,
            HashOf(all))
        {
            Failures =
            [
                .. all.Where(trial => trial.Failure is not null).Take(MostFailures)
                    .Select(trial => new TrialFailure(trial.Place, trial.Parameters, trial.Failure!)),
            ],
        };
    }

    static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    static string HashOf(TrialResult[] trials)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var trial in trials)
        {
            hash.AppendData(BitConverter.GetBytes(trial.Place));
            hash.AppendData(BitConverter.GetBytes(trial.TotalReturn));
            hash.AppendData(BitConverter.GetBytes(trial.Fills));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
