using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Quant;

namespace Trading.Models;

/// <summary>A probability that was given out of sample, and what came.</summary>
/// <param name="Session">At whose close it was given.</param>
/// <param name="Baseline">The share of rises in the fold's training part.</param>
/// <param name="Rise">Whether the next close was higher.</param>
public readonly record struct Forecast(DateOnly Session, double Probability, double Baseline, bool Rise);

/// <summary>A model fitted on the whole history, and how the method did on the history that it had not yet seen.</summary>
/// <param name="TrainedThrough">The last session whose close the model has seen.</param>
public sealed record WalkForwardResult(
    IFittedModel Model, DateOnly TrainedThrough, ImmutableArray<FoldScore> Folds, ImmutableArray<Forecast> Forecasts);

/// <summary>
/// Walk-forward training. The history is cut into equal test ranges behind one range that is only trained on; each is forecast by a model
/// fitted on everything before it. Scaling is part of the fit, so it is learned inside the fold.
/// </summary>
public static class WalkForward
{
    /// <summary>The least history, about two years: it leaves 75 sessions to the first of five folds' training parts.</summary>
    public const int MinimumSessions = 500;

    /// <summary>Sessions that a label looks ahead: so many rows before a test range are trained on by no fold, since their label is a
    /// close of the test range.</summary>
    public const int LabelHorizon = 1;

    /// <summary>A conflict names why there is nothing to train on: too little history, or closes that move one way only.</summary>
    /// <param name="progress">Told the share of the fits that are done.</param>
    public static Outcome<WalkForwardResult> Train(
        PriceSeries series, IModelTrainer trainer, int folds, IProgress<double> progress, CancellationToken cancellation)
    {
        if (series.Closes.Length < MinimumSessions)
            return Outcome.Conflict<WalkForwardResult>("history", "too_little_history",
                $"{series.Symbol} has {series.Closes.Length} sessions; a training needs {MinimumSessions}.");
        var (rows, rises) = Sample(series);
        var test = rows.Length / (folds + 1);
        List<FoldScore> scores = [];
        List<Forecast> forecasts = [];
        for (var from = rows.Length - folds * test; from < rows.Length; from += test)
        {
            var known = from - LabelHorizon;
            if (OneSided(rises.AsSpan(0, known)))
                return Outcome.Conflict<WalkForwardResult>("history", "one_sided",
                    $"Up to {SessionOf(series, known):O} the closes of {series.Symbol} only rise or never do; there is nothing to learn.");
            var model = trainer.Fit(rows[..known], rises[..known], cancellation);
            var baseline = rises[..known].Average(rise => rise ? 1.0 : 0.0);
            Forecast[] made = [.. Enumerable.Range(from, test)
                .Select(row => new Forecast(SessionOf(series, row), model.Probability(rows[row]), baseline, rises[row]))];
            scores.Add(Score(series, known, made));
            forecasts.AddRange(made);
            progress.Report(scores.Count / (folds + 1.0));
        }

        var final = trainer.Fit(rows, rises, cancellation);
        progress.Report(1);
        return Outcome.Done(new WalkForwardResult(final, series.LastSession, [.. scores], [.. forecasts]));
    }

    /// <summary>The scores of forecasts, and the log loss that their baselines would have had.</summary>
    public static (ClassificationScores Scores, double BaselineLogLoss) Score(IReadOnlyCollection<Forecast> forecasts)
    {
        bool[] outcomes = [.. forecasts.Select(forecast => forecast.Rise)];
        return (ClassificationScores.Of([.. forecasts.Select(forecast => forecast.Probability)], outcomes),
            ClassificationScores.Of([.. forecasts.Select(forecast => forecast.Baseline)], outcomes).LogLoss);
    }

    static FoldScore Score(PriceSeries series, int known, Forecast[] forecasts)
    {
        var (scores, baseline) = Score(forecasts);
        return new(SessionOf(series, 0), SessionOf(series, known - 1), forecasts[0].Session, forecasts[^1].Session,
            scores.Count, scores.Accuracy, scores.LogLoss, baseline, scores.AreaUnderCurve);
    }

    /// <summary>One row for each session that has both a full past and a next close.</summary>
    static (double[][] Rows, bool[] Rises) Sample(PriceSeries series)
    {
        double[] closes = [.. series.Closes.Select(close => (double)close)];
        var count = closes.Length - (Features.History - 1) - LabelHorizon;
        var rows = new double[count][];
        var rises = new bool[count];
        for (var row = 0; row < count; row++)
        {
            var session = row + Features.History - 1;
            rows[row] = Features.At(closes.AsSpan(0, session + 1));
            rises[row] = closes[session + LabelHorizon] > closes[session];
        }

        return (rows, rises);
    }

    static DateOnly SessionOf(PriceSeries series, int row) => series.Dates[row + Features.History - 1];

    static bool OneSided(ReadOnlySpan<bool> rises) => !rises.Contains(true) || !rises.Contains(false);
}
