using System.Collections.Immutable;

namespace Trading.Models;

/// <summary>A model as it is stored.</summary>
/// <param name="Features">The names of its features; another build may have others, and then it is of no use.</param>
/// <param name="Saved">As it was saved: an artefact with its lineage, or what an earlier build wrote.</param>
/// <param name="TrainedThrough">The last session whose close it has seen.</param>
/// <param name="Evidence">What its training showed; null for a model of an earlier build.</param>
[GenerateSerializer, Immutable, Alias("trading.trained-model")]
public sealed record TrainedModel(
    [property: Id(0)] int Version,
    [property: Id(1)] string Method,
    [property: Id(2)] ImmutableArray<string> Features,
    [property: Id(3)] string Saved,
    [property: Id(4)] DateTimeOffset TrainedAt,
    [property: Id(5)] DateOnly TrainedThrough,
    [property: Id(6)] ModelScores Scores,
    [property: Id(7)] ModelEvidence? Evidence = null)
{
    /// <summary>Out of sample, fold by fold; empty for a version of an earlier build.</summary>
    [Id(8)] public ImmutableArray<WalkForwardForecast> Forecasts
    {
        get;
        init => field = value.IsDefault ? [] : value; // of a record that had none
    } = [];
}

/// <summary>Out-of-sample scores over all folds, and fold by fold.</summary>
[GenerateSerializer, Immutable, Alias("trading.model-scores")]
public sealed record ModelScores(
    [property: Id(0)] int Observations,
    [property: Id(1)] double Accuracy,
    [property: Id(2)] double LogLoss,
    [property: Id(3)] double BaselineLogLoss,
    [property: Id(4)] double BrierScore,
    [property: Id(5)] double? AreaUnderCurve,
    [property: Id(6)] ImmutableArray<FoldScore> Folds);

/// <param name="Failure">Why it came to nothing; null where it did not.</param>
[GenerateSerializer, Immutable, Alias("trading.training-attempt")]
public sealed record TrainingAttempt(
    [property: Id(0)] DateTimeOffset StartedAt,
    [property: Id(1)] string Reason,
    [property: Id(2)] string? Failure);

/// <summary>The versions of a model, and the last training whether it made one or not.</summary>
[GenerateSerializer, Alias("trading.model-record")]
public sealed record ModelRecord
{
    /// <summary>The version in use.</summary>
    [Id(0)] public TrainedModel? Model { get; init; }
    [Id(1)] public TrainingAttempt? Last { get; init; }

    /// <summary>The newest version that is not in use.</summary>
    [Id(2)] public TrainedModel? Challenger { get; init; }

    /// <summary>Versions that were in use before, newest first.</summary>
    [Id(3)] public ImmutableArray<TrainedModel> Former { get; init; } = [];

    /// <summary>What happened to versions, newest first, bounded.</summary>
    [Id(4)] public ImmutableArray<ModelEvent> Events { get; init; } = [];

    [Id(5)] public ModelDrift? Drift { get; init; }
    [Id(6)] public ShadowResult? Shadow { get; init; }

    /// <summary>What a person asked it to learn from now on; null for what the settings say.</summary>
    [Id(7)] public string? Label { get; init; }

    /// <summary>Why the version in use can say nothing whatever is asked: it is damaged, or a feature of it is gone. Null where
    /// it can.</summary>
    [Id(8)] public string? Unusable { get; init; }

    /// <summary>The newest that was trained, in use or not.</summary>
    public TrainedModel? Newest => Challenger is { } challenger && !(challenger.Version < Model?.Version) ? challenger : Model;
}
