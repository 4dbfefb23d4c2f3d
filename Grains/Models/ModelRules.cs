using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Models;

/// <summary>A model as it is stored.</summary>
/// <param name="Features">The names of its features; another build may have others, and then it is of no use.</param>
/// <param name="Saved">As <see cref="IFittedModel.Save"/> wrote it.</param>
/// <param name="TrainedThrough">The last session whose close it has seen.</param>
[GenerateSerializer, Immutable, Alias("trading.trained-model")]
public sealed record TrainedModel(
    [property: Id(0)] int Version,
    [property: Id(1)] string Method,
    [property: Id(2)] ImmutableArray<string> Features,
    [property: Id(3)] string Saved,
    [property: Id(4)] DateTimeOffset TrainedAt,
    [property: Id(5)] DateOnly TrainedThrough,
    [property: Id(6)] ModelScores Scores);

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

/// <summary>The newest model that a training made, and the last training whether it made one or not.</summary>
[GenerateSerializer, Alias("trading.model-record")]
public sealed record ModelRecord
{
    [Id(0)] public TrainedModel? Model { get; init; }
    [Id(1)] public TrainingAttempt? Last { get; init; }
}

/// <summary>What follows from a model and its trainings.</summary>
public static class ModelRules
{
    /// <summary>A training ends a little after the tick that began it, so the next tick finds a model a little younger than the interval.</summary>
    const double DueShare = 0.9;

    /// <summary>Whether a training is due: the reminder's ticks that nobody was there for are not repeated, so age decides.</summary>
    public static bool IsDue(ModelRecord record, DateTimeOffset now, TimeSpan interval) =>
        record.Model is not { } model || now - model.TrainedAt >= interval * DueShare;

    /// <summary>When the reminder ticks next: an interval after the last training, so that starting the program again does not put it off.</summary>
    public static TimeSpan DueIn(ModelRecord record, DateTimeOffset now, TimeSpan interval) =>
        IsDue(record, now, interval) ? interval : record.Model!.TrainedAt + interval - now;

    /// <summary>The record after a training. A failure keeps the earlier model.</summary>
    public static ModelRecord After(ModelRecord record, Outcome<WalkForwardResult> outcome, string method, TrainingAttempt attempt, DateTimeOffset now)
    {
        if (outcome.Value is not { } result)
            return record with { Last = attempt with { Failure = string.Join(" ", outcome.Errors.Select(error => error.Message)) } };
        var (scores, baseline) = WalkForward.Score(result.Forecasts);
        return new()
        {
            Model = new((record.Model?.Version ?? 0) + 1, method, Features.Names, result.Model.Save(), now, result.TrainedThrough,
                new(scores.Count, scores.Accuracy, scores.LogLoss, baseline, scores.BrierScore, scores.AreaUnderCurve, result.Folds)),
            Last = attempt,
        };
    }

    /// <param name="running">The training that runs, with its progress from 0 to 1.</param>
    public static TrainingStatus Status(string symbol, ModelRecord record, (TrainingAttempt Attempt, double Progress)? running)
    {
        var (state, progress, attempt) = (running, record) switch
        {
            ({ } run, _) => (TrainingState.Running, run.Progress, run.Attempt),
            (_, { Last: { Failure: not null } last }) => (TrainingState.Failed, 0, last),
            (_, { Model: not null }) => (TrainingState.Trained, 1, record.Last),
            _ => (TrainingState.Untrained, 0, null),
        };
        return new(symbol, state, record.Model?.Version ?? 0, progress, attempt?.StartedAt, record.Model?.TrainedAt, attempt?.Reason, attempt?.Failure);
    }

    public static ModelPerformance Performance(string symbol, string method, ModelScores? scores, TrainingStatus status) =>
        new(symbol, status.ModelVersion, method, scores?.Observations ?? 0, scores?.Accuracy, scores?.LogLoss, scores?.BaselineLogLoss,
            scores?.BrierScore, scores?.AreaUnderCurve, scores?.Folds ?? [], status);

    /// <summary>Forecasts from the series as it stands. A model that has seen a later session than the series ends with gives no
    /// probability: it would know the outcome.</summary>
    public static ModelPrediction Predict(string symbol, PriceSeries? series, IFittedModel? model, DateOnly? trainedThrough, TrainingStatus status)
    {
        if (series is null || series.Closes.Length < Features.History)
            return new(symbol, series?.LastSession, null, status.ModelVersion, trainedThrough, status, []);
        double[] closes = [.. series.Closes[^Features.History..].Select(close => (double)close)];
        var row = Features.At(closes);
        var coefficients = model?.Coefficients ?? [];
        return new(symbol, series.LastSession, trainedThrough <= series.LastSession ? model?.Probability(row) : null,
            status.ModelVersion, trainedThrough, status,
            [.. row.Select((value, i) => new FeatureValue(Features.Names[i], value, coefficients.IsEmpty ? null : coefficients[i]))]);
    }
}
