using System.Collections.Immutable;
using System.Numerics.Tensors;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>One test range and what it was judged with.</summary>
/// <param name="Purged">Rows that were left out so that nothing leaks.</param>
/// <param name="Train">Scores of the model on its own training rows: how far they lie above those of the test is how
/// much it learned by heart.</param>
/// <param name="Loss">Log loss of the test with its standard error, and that of the share of rises.</param>
public sealed record FoldReport(
    string Name, Interval TrainRange, Interval TestRange, int TrainRows, int Purged, string Method, string Settings,
    ImmutableArray<string> Features, ClassificationScores Train, ClassificationScores Test, Estimate Loss,
    double BaselineLogLoss);

/// <summary>A number with what it may be off by.</summary>
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>95 % to both sides.</summary>
    public double Low => Value - 1.96 * StandardError;
    public double High => Value + 1.96 * StandardError;

    /// <summary>The mean of values in the order of time, of which so many neighbours share some of it.</summary>
    public static Estimate OfMean(ReadOnlySpan<double> values, int overlap = 1)
    {
        var mean = TensorPrimitives.Sum(values) / values.Length;
        return new(mean, Math.Sqrt(LongRunVariance.Of(values, overlap) / values.Length));
    }

    /// <summary>The area under the curve of forecasts: those of one session count as one, and the labels of so many
    /// sessions overlap. Null where only one outcome occurred.</summary>
    public static Estimate? OfArea(IReadOnlyList<Forecast> forecasts, int overlap)
    {
        double[] probabilities = [.. forecasts.Select(forecast => forecast.Probability)];
        bool[] rises = [.. forecasts.Select(forecast => forecast.Label.Rise)];
        if (ClassificationScores.Of(probabilities, rises).AreaUnderCurve is not { } area
            || AreaInfluence.Of(probabilities, rises) is not { } influence) return null;
        double[] sessions = [.. forecasts.Zip(influence).GroupBy(pair => pair.First.Session).OrderBy(group => group.Key)
            .Select(group => group.Sum(pair => pair.Second))];
        return new(area, Math.Sqrt(sessions.Length * LongRunVariance.Of(sessions, overlap)) / forecasts.Count);
    }
}

/// <summary>A method with settings over all test ranges: one entry of the ledger.</summary>
/// <param name="Sharpe">Per period, of what its forecasts would have earned; null where it earned the same
/// always.</param>
/// <param name="Fits">Models that were fitted for it.</param>
public sealed record TrialResult(
    string Method, string Settings, double LogLoss, double? Sharpe, ImmutableArray<double> Returns, int Fits);

/// <summary>How a feature fared over all folds.</summary>
/// <param name="ChosenShare">Share of the folds that chose it.</param>
/// <param name="Importance">In the final model; null where it has no part in it.</param>
/// <param name="Permutation">What the log loss out of sample grows by when its values are exchanged between rows, mean
/// over the folds that chose it (MDA); null where none did.</param>
public sealed record FeatureReport(
    string Name, double Information, double Frequency, double ChosenShare, double? Importance, double? Permutation);

/// <summary>Losses of the chosen method on the last part of a training window.</summary>
public sealed record LearningCurvePoint(int Rows, double TrainLogLoss, double TestLogLoss);

/// <summary>How much of the result choice and luck could have made.</summary>
/// <param name="Trials">Of the whole ledger of this model, earlier trainings included.</param>
/// <param name="Deflated">Probability of a true Sharpe ratio above what the best of so many trials without skill
/// shows.</param>
/// <param name="Pbo">The probability that the choice among trials was luck.</param>
/// <param name="Efficiency">Sharpe ratio out of sample over that in sample; null where there is none in sample.</param>
/// <param name="MinimumYears">History that so many trials need before a Sharpe ratio of 1 a year says
/// anything.</param>
/// <param name="PathRatios">Per period, ascending: of every history that a combinatorial plan puts together, of which
/// <paramref name="Sharpe"/> is the median. Empty for other plans.</param>
public sealed record OverfittingReport(
    SharpeEstimate? Sharpe, long Trials, double? Probabilistic, double? Deflated, double? MinimumTrackRecord,
    BacktestOverfitting? Pbo, double? Efficiency, double TrainTestGap, double Years, double MinimumYears,
    ImmutableArray<double> PathRatios);

/// <summary>Whether the canaries were noticed.</summary>
/// <param name="FutureRefused">Folds that refused the feature that knows the future.</param>
/// <param name="AboveNoise">Mean share of the chosen features that tell more than the best of the noise
/// columns.</param>
public sealed record CanaryReport(int Folds, int FutureRefused, int TimeRefused, bool NoiseChosen, double AboveNoise)
{
    public bool AllCaught => FutureRefused == Folds && TimeRefused == Folds && !NoiseChosen;
}

/// <summary>All that a training found.</summary>
public sealed record TrainingReport(
    TrainingSpec Spec, SplitPlan Plan, ImmutableArray<FoldReport> Folds, ImmutableArray<Forecast> Forecasts,
    ClassificationScores Scores, Estimate LogLoss, Estimate? AreaUnderCurve, double BaselineLogLoss,
    DieboldMariano? AgainstBaseline, Reliability Calibration, ImmutableArray<TrialResult> Trials,
    OverfittingReport Overfitting, ImmutableArray<FeatureReport> Features, double SelectionStability,
    ImmutableArray<RefusedFeature> Refused, CanaryReport Canaries, ImmutableArray<LearningCurvePoint> LearningCurve,
    ImmutableArray<double> Returns, ModelArtefact Model);

/// <summary>A training's report, or every reason why there is none.</summary>
public sealed record TrainingOutcome(TrainingReport? Report, ImmutableArray<TrainingProblem> Problems);

/// <param name="Share">From 0 to 1.</param>
public readonly record struct TrainingProgress(double Share, string Step);
