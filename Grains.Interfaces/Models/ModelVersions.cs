using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Models;

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<ModelRole>))]
public enum ModelRole
{
    /// <summary>In use.</summary>
    Champion,
    /// <summary>In shadow: judged beside the champion.</summary>
    Challenger,
    /// <summary>Was in use before.</summary>
    Former,
}

/// <summary>A trained model.</summary>
/// <param name="Evidence">What its training showed; null for one that an earlier build trained.</param>
[GenerateSerializer, Immutable, Alias("trading.model-version")]
public sealed record ModelVersion(
    int Version, ModelRole Role, string Method, DateTimeOffset TrainedAt, DateOnly TrainedThrough, ModelEvidence? Evidence);

[GenerateSerializer, JsonConverter(typeof(SnakeCaseEnumConverter<ModelEventKind>))]
public enum ModelEventKind
{
    Promoted,
    Held,
    Rejected,
    RolledBack,
}

/// <summary>Something that happened to a version.</summary>
/// <param name="By">The gate, or a person.</param>
[GenerateSerializer, Immutable, Alias("trading.model-event")]
public sealed record ModelEvent(
    [property: Id(0)] DateTimeOffset At, [property: Id(1)] int Version, [property: Id(2)] ModelEventKind Kind,
    [property: Id(3)] string By, [property: Id(4)] string Reason);

/// <summary>The champion against what it was at its training.</summary>
/// <param name="DriftedShare">Share of its features whose distribution has moved (population stability of 0.25 or
/// more); null before there are enough sessions.</param>
/// <param name="Probabilities">Stability index of what it says.</param>
/// <param name="Decayed">Whether the whole 95 % band of its loss lies above what was expected.</param>
/// <param name="SameProbabilities">How probable a difference as large is where nothing moved (Kolmogorov and
/// Smirnov).</param>
/// <param name="CalibrationError">Mean probability less share of rises, in standard errors.</param>
/// <param name="Act">Whether it must be trained anew.</param>
[GenerateSerializer, Immutable, Alias("trading.model-drift")]
public sealed record ModelDrift(
    [property: Id(0)] int Sessions, [property: Id(1)] double? DriftedShare, [property: Id(2)] string? MostDrifted,
    [property: Id(3)] double? Probabilities, [property: Id(4)] double? LossLow, [property: Id(5)] double? LossHigh,
    [property: Id(6)] double ExpectedLoss, [property: Id(7)] bool Decayed, [property: Id(8)] bool Act,
    [property: Id(9)] double? SameProbabilities = null, [property: Id(10)] double? CalibrationError = null);

/// <summary>Two models on the same sessions, which neither has seen.</summary>
/// <param name="LossDifference">The challenger's log loss less the champion's.</param>
/// <param name="PValue">Diebold and Mariano: how probable so much better a loss is without being better.</param>
[GenerateSerializer, Immutable, Alias("trading.shadow-result")]
public sealed record ShadowResult(
    [property: Id(0)] int Challenger, [property: Id(1)] int Champion, [property: Id(2)] int Sessions,
    [property: Id(3)] double? LossDifference, [property: Id(4)] double? PValue);

/// <summary>All versions of a symbol's model, newest first, and what happened to them.</summary>
[GenerateSerializer, Immutable, Alias("trading.model-versions")]
public sealed record ModelVersions(
    string Symbol, ImmutableArray<ModelVersion> Versions, ImmutableArray<ModelEvent> Events, ModelDrift? Drift,
    ShadowResult? Shadow, TrainingStatus Training);

/// <summary>One entry of the trial ledger.</summary>
/// <param name="Sharpe">A session, of what its forecasts would have earned; null where that was always the same, or the
/// training did not end.</param>
[GenerateSerializer, Immutable, Alias("trading.model-trial")]
public sealed record ModelTrial(
    long Number, DateTimeOffset At, string Method, string Settings, string? DataHash, double? LogLoss, double? Sharpe, int Fits);

/// <summary>The ledger of a model: it only ever grows.</summary>
/// <param name="Newest">At most 200.</param>
[GenerateSerializer, Immutable, Alias("trading.model-trials")]
public sealed record ModelTrials(string Symbol, long Count, long Fits, double SharpeVariance, ImmutableArray<ModelTrial> Newest);

/// <summary>A person's wish to change which version is in use.</summary>
/// <param name="Version">Null for the one that suggests itself.</param>
/// <param name="SecondPerson">Needed to promote what the gate did not.</param>
[GenerateSerializer, Immutable, Alias("trading.model-command")]
public sealed record ModelCommand(int? Version, string By, string Reason, string? SecondPerson);
