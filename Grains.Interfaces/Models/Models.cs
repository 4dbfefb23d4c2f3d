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

/// <param name="ModelVersion">The newest that was trained, in use or not.</param>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="Detail">Why it failed, or what is running.</param>
[GenerateSerializer, Immutable, Alias("trading.training-status")]
public sealed record TrainingStatus(
    string Symbol, TrainingState State, int ModelVersion, double Progress, DateTimeOffset? StartedAt, DateTimeOffset? TrainedAt, string? Reason, string? Detail);

/// <summary>A prediction for the session after <paramref name="AsOf"/>, made from sessions up to it only.</summary>
/// <param name="ProbabilityUp">Of what <see cref="LabelMeaning"/> says, by default that the next close is above this one; null where
/// <see cref="Abstention"/> says why.</param>
/// <param name="ModelVersion">The version in use; 0 for none.</param>
[GenerateSerializer, Immutable, Alias("trading.model-prediction")]
public sealed record ModelPrediction(
    string Symbol, DateOnly? AsOf, double? ProbabilityUp, int ModelVersion, DateOnly? TrainedThrough, TrainingStatus Training, ImmutableArray<FeatureValue> Features)
{
    /// <summary>Why there is no probability; null where there is one.</summary>
    [Id(0)] public string? Abstention { get; init; }

    /// <summary>The logarithmic return that is expected over the model's horizon.</summary>
    [Id(1)] public double? ExpectedReturn { get; init; }

    /// <summary>Nine in ten returns stay above this.</summary>
    [Id(2)] public double? ReturnLow { get; init; }

    /// <summary>Nine in ten returns stay between the low one and this.</summary>
    [Id(3)] public double? ReturnHigh { get; init; }

    /// <summary>About 1 for inputs like those of the training.</summary>
    [Id(4)] public double? Dissimilarity { get; init; }

    /// <summary>The hash of what the version in use was trained on.</summary>
    [Id(5)] public string? DataHash { get; init; }

    /// <summary>What the version in shadow says; nobody trades on it.</summary>
    [Id(6)] public double? ShadowProbabilityUp { get; init; }

    /// <summary>What the version in use learned, for example <c>triple_barrier(1,1,10)</c>; null without one.</summary>
    [Id(7)] public string? Label { get; init; }

    /// <summary>What its probability is of, in words.</summary>
    [Id(8)] public string? LabelMeaning { get; init; }
}

[GenerateSerializer, Immutable, Alias("trading.feature-value")]
public sealed record FeatureValue(string Name, double Value, double? Coefficient)
{
    /// <summary>What the probability would be lower by, were the feature at its mean of the training and all else the
    /// same; null where there is no probability.</summary>
    [Id(0)] public double? Effect { get; init; }
}

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
    TrainingStatus Training)
{
    /// <summary>All that the training showed; null before the first, and for a model of an earlier build.</summary>
    [Id(0)] public ModelEvidence? Evidence { get; init; }

    /// <summary>How the version in use does since; null without one.</summary>
    [Id(1)] public ModelDrift? Drift { get; init; }
}

/// <summary>What a fold of a walk forward said of a session.</summary>
/// <param name="Session">At whose close it is known.</param>
/// <param name="TrainedThrough">The last session whose price the fold's model had seen; never after
/// <paramref name="Session"/>.</param>
/// <param name="ProbabilityUp">Of what the model learned, by default that the next close is above this one.</param>
[GenerateSerializer, Immutable, Alias("trading.walk-forward-forecast")]
public readonly record struct WalkForwardForecast(
    [property: Id(0)] DateOnly Session, [property: Id(1)] DateOnly TrainedThrough, [property: Id(2)] double ProbabilityUp);

/// <summary>All of one training, in order of sessions.</summary>
[GenerateSerializer, Immutable, Alias("trading.walk-forward-forecasts")]
public sealed record WalkForwardForecasts(
    [property: Id(0)] string Symbol, [property: Id(1)] int ModelVersion, [property: Id(2)] ImmutableArray<WalkForwardForecast> Forecasts)
{
    /// <summary>What the version learned; null for one of an earlier build.</summary>
    [Id(3)] public string? Label { get; init; }
}
