using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Models;

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<TrainingState>))]
public enum TrainingState
{
    /// <summary>Never trained.</summary>
    Untrained,
    Running,
    Trained,
    /// <summary>The last training failed; an earlier model stays in use where there is one.</summary>
    Failed,
}

/// <param name="Progress">From 0 to 1.</param>
/// <param name="Detail">Why it failed, or what is running.</param>
[GenerateSerializer, Immutable, Alias("trading.training-status")]
public sealed record TrainingStatus(
    string Symbol, TrainingState State, int ModelVersion, double Progress, DateTimeOffset? StartedAt, DateTimeOffset? TrainedAt, string? Reason, string? Detail);

/// <summary>A prediction for the session after <paramref name="AsOf"/>, made from sessions up to it only.</summary>
/// <param name="ProbabilityUp">That the next close is above this one; null without a trained model or enough history, and where
/// the model was trained on sessions after <paramref name="AsOf"/>: it would know the outcome.</param>
[GenerateSerializer, Immutable, Alias("trading.model-prediction")]
public sealed record ModelPrediction(
    string Symbol, DateOnly? AsOf, double? ProbabilityUp, int ModelVersion, DateOnly? TrainedThrough, TrainingStatus Training, ImmutableArray<FeatureValue> Features);

[GenerateSerializer, Immutable, Alias("trading.feature-value")]
public sealed record FeatureValue(string Name, double Value, double? Coefficient);

/// <summary>Scores of one walk-forward fold: trained on everything before the test range, scored inside it.</summary>
/// <param name="LogLoss">Mean negative log likelihood, natural logarithm.</param>
/// <param name="BaselineLogLoss">Of the training sample's share of up days.</param>
[GenerateSerializer, Immutable, Alias("trading.fold-score")]
public sealed record FoldScore(
    DateOnly TrainFrom, DateOnly TrainTo, DateOnly TestFrom, DateOnly TestTo, int Observations, double Accuracy, double LogLoss, double BaselineLogLoss, double? AreaUnderCurve);

/// <summary>Out-of-sample scores, over all folds and fold by fold; null before the first training.</summary>
[GenerateSerializer, Immutable, Alias("trading.model-performance")]
public sealed record ModelPerformance(
    string Symbol,
    int ModelVersion,
    string Method,
    int Observations,
    double? Accuracy,
    double? LogLoss,
    double? BaselineLogLoss,
    double? BrierScore,
    double? AreaUnderCurve,
    ImmutableArray<FoldScore> Folds,
    TrainingStatus Training);
