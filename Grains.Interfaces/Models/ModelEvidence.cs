using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Models;

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<ModelVerdict>))]
public enum ModelVerdict
{
    /// <summary>Every rule of the gate is kept.</summary>
    Promote,
    /// <summary>Too little evidence for it: it stays in shadow.</summary>
    Hold,
    /// <summary>There is evidence against it.</summary>
    Reject,
}

/// <summary>What a model was made of.</summary>
/// <param name="Label">What it learned; null for a model of an earlier build.</param>
[GenerateSerializer, Immutable, Alias("trading.model-lineage")]
public sealed record ModelLineage(
    [property: Id(0)] string DataHash, [property: Id(1)] string CodeVersion, [property: Id(2)] int Seed,
    [property: Id(3)] string Configuration, [property: Id(4)] DateOnly TrainedFrom, [property: Id(5)] DateOnly TrainedThrough,
    [property: Id(6)] int Rows, [property: Id(7)] string? Label = null);

/// <summary>One rule of the promotion gate.</summary>
/// <param name="Observed">Null where it is not known, which never passes.</param>
[GenerateSerializer, Immutable, Alias("trading.gate-evidence")]
public sealed record GateEvidence(
    [property: Id(0)] string Code, [property: Id(1)] double? Observed, [property: Id(2)] double Limit,
    [property: Id(3)] bool Passed, [property: Id(4)] string Meaning);

/// <summary>A test range with its confidence.</summary>
/// <param name="LossLow">95 % band of the log loss.</param>
/// <param name="TrainLogLoss">Of the model on its own training rows.</param>
[GenerateSerializer, Immutable, Alias("trading.fold-evidence")]
public sealed record FoldEvidence(
    [property: Id(0)] DateOnly TestFrom, [property: Id(1)] DateOnly TestTo, [property: Id(2)] int TrainRows,
    [property: Id(3)] int Purged, [property: Id(4)] string Method, [property: Id(5)] string Settings,
    [property: Id(6)] double LossLow, [property: Id(7)] double LossHigh, [property: Id(8)] double TrainLogLoss,
    [property: Id(9)] int Features)
{
    /// <summary>The groups that it tests, where a plan tests several of them; null otherwise.</summary>
    [Id(10)] public string? Groups { get; init; }
}

/// <summary>How a feature fared.</summary>
/// <param name="Information">Mutual information with the outcome in nats, less what chance gives.</param>
/// <param name="Frequency">Share of half samples that chose it.</param>
/// <param name="ChosenShare">Share of the folds that chose it.</param>
/// <param name="Importance">In the model; null where it has no part.</param>
/// <param name="Permutation">Growth of the log loss when its values are exchanged; null where no fold chose it.</param>
[GenerateSerializer, Immutable, Alias("trading.feature-evidence")]
public sealed record FeatureEvidence(
    [property: Id(0)] string Name, [property: Id(1)] double Information, [property: Id(2)] double Frequency,
    [property: Id(3)] double ChosenShare, [property: Id(4)] double? Importance, [property: Id(5)] double? Permutation);

/// <summary>A point of a curve.</summary>
[GenerateSerializer, Immutable, Alias("trading.curve-point")]
public sealed record CurvePoint([property: Id(0)] double X, [property: Id(1)] double Y, [property: Id(2)] double? Other);

/// <summary>How much of the result choice and luck could have made.</summary>
/// <param name="Sharpe">A year, of what the forecasts would have earned above the drift, after costs.</param>
/// <param name="Trials">Of the whole ledger.</param>
/// <param name="Pbo">Probability that the choice among the trials was luck.</param>
/// <param name="Efficiency">Sharpe ratio out of sample over that in sample.</param>
/// <param name="MinimumTrackRecord">Sessions that the ratio needs to be above zero with 95 %.</param>
/// <param name="MinimumYears">History that so many trials need before a ratio of 1 says anything.</param>
[GenerateSerializer, Immutable, Alias("trading.overfitting-evidence")]
public sealed record OverfittingEvidence(
    [property: Id(0)] double? Sharpe, [property: Id(1)] double? ProbabilisticSharpe, [property: Id(2)] double? DeflatedSharpe,
    [property: Id(3)] long Trials, [property: Id(4)] double? Pbo, [property: Id(5)] double? Efficiency,
    [property: Id(6)] double? MinimumTrackRecord, [property: Id(7)] double TrainTestGap, [property: Id(8)] double Years,
    [property: Id(9)] double MinimumYears)
{
    /// <summary>Histories that a combinatorial plan put together, of which <see cref="Sharpe"/> is the median; 0 for other
    /// plans.</summary>
    [Id(10)] public int Paths { get; init; }

    /// <summary>Of the worst of them, a year; null without any.</summary>
    [Id(11)] public double? LowestSharpe { get; init; }

    /// <summary>Of the best of them, a year.</summary>
    [Id(12)] public double? HighestSharpe { get; init; }
}

/// <summary>All that a training showed: what a promotion is decided on.</summary>
/// <param name="LossLow">95 % band of the log loss out of sample.</param>
/// <param name="SkillPValue">How probable so much better a loss than the baseline's is without skill.</param>
/// <param name="Reliability">Mean probability (x), share of rises (y), number (other).</param>
/// <param name="LearningCurve">Rows (x), log loss of the training rows (y) and of the test (other).</param>
/// <param name="Earned">Session (x), sum of what the forecasts would have earned (y); thinned.</param>
[GenerateSerializer, Immutable, Alias("trading.model-evidence")]
public sealed record ModelEvidence(
    [property: Id(0)] ModelVerdict Verdict, [property: Id(1)] string Reason, [property: Id(2)] ImmutableArray<GateEvidence> Gate,
    [property: Id(3)] ModelLineage Lineage, [property: Id(4)] string Settings, [property: Id(5)] string Calibration,
    [property: Id(6)] double LossLow, [property: Id(7)] double LossHigh, [property: Id(8)] double? AreaLow,
    [property: Id(9)] double? AreaHigh, [property: Id(10)] double? SkillPValue,
    [property: Id(11)] OverfittingEvidence Overfitting, [property: Id(12)] double CalibrationError,
    [property: Id(13)] double SelectionStability, [property: Id(14)] ImmutableArray<FoldEvidence> Folds,
    [property: Id(15)] ImmutableArray<FeatureEvidence> Features, [property: Id(16)] ImmutableArray<string> Refused,
    [property: Id(17)] ImmutableArray<CurvePoint> Reliability, [property: Id(18)] ImmutableArray<CurvePoint> LearningCurve,
    [property: Id(19)] ImmutableArray<CurvePoint> Earned);
