using System.Collections.Immutable;
using Trading.Learning;
using Trading.MarketData;

namespace Trading.Models;

/// <summary>What follows from the versions of a model and its trainings.</summary>
static class ModelRules
{
    /// <summary>A training ends a little after the tick that began it, so the next tick finds a model a little younger than
    /// the interval.</summary>
    const double DueShare = 0.9;

    /// <summary>A shadow that has not ended by then is given up: markets that stand still end no session.</summary>
    static readonly TimeSpan ShadowPatience = TimeSpan.FromDays(90);

    /// <summary>Whether a training is due: the reminder's ticks that nobody was there for are not repeated, so age decides.
    /// While a model runs in shadow nothing takes its place; where the one in use has drifted, nothing waits.</summary>
    public static bool IsDue(ModelRecord record, DateTimeOffset now, TimeSpan interval)
    {
        if (record.Newest is not { } newest || record.Unusable is not null) return true;
        var age = now - newest.TrainedAt;
        return age >= interval * DueShare && (!IsInShadow(record) || age >= ShadowPatience || record.Drift is { Act: true });
    }

    /// <summary>When the reminder ticks next: an interval after the last training, so that starting the program again does
    /// not put it off.</summary>
    public static TimeSpan DueIn(ModelRecord record, DateTimeOffset now, TimeSpan interval) =>
        record.Newest is { } newest && newest.TrainedAt + interval > now ? newest.TrainedAt + interval - now : interval;

    /// <summary>Whether the challenger lacks nothing but the comparison with the model in use.</summary>
    public static bool IsInShadow(ModelRecord record) => record is { Model.Evidence: { } used, Challenger.Evidence: { } evidence }
        && evidence.Verdict == ModelVerdict.Hold && evidence.Gate.All(rule => rule.Passed || rule.Code == "shadow_p_value")
        && record.Unusable is null && AnswerTheSame(used.Lineage.Label, evidence.Lineage.Label);

    /// <summary>Whether the losses of two models can be compared; a model of an earlier build does not say what it
    /// learned, and is taken to have learned what the other has.</summary>
    public static bool AnswerTheSame(string? label, string? other) => label is null || other is null || label == other;

    /// <summary>What a person asked the model to learn; null for what the settings say.</summary>
    public static LabelSpec? Asked(ModelRecord record) => record.Label is { } name ? LabelSpec.Parse(name) : null;

    /// <param name="running">The training that runs, with its progress from 0 to 1.</param>
    public static TrainingStatus Status(string symbol, ModelRecord record, TrainingRun? running)
    {
        var (state, progress, attempt) = (running, record) switch
        {
            ({ } run, _) => (TrainingState.Running, run.Progress.Share, run.Attempt),
            (_, { Last: { Failure: not null } last }) => (TrainingState.Failed, 0, last),
            (_, { Newest: not null }) => (TrainingState.Trained, 1, record.Last),
            _ => (TrainingState.Untrained, 0, (TrainingAttempt?)null),
        };
        return new(symbol, state, record.Newest?.Version ?? 0, progress, attempt?.StartedAt, record.Newest?.TrainedAt,
            attempt?.Reason, running?.Progress.Step ?? attempt?.Failure);
    }

    public static ModelPerformance Performance(string symbol, ModelRecord record, TrainingStatus status)
    {
        var model = record.Newest;
        var scores = model?.Scores;
        return new(symbol, model?.Version ?? 0, model?.Method ?? LogisticTrainer.Name, scores?.Observations ?? 0,
            scores?.Accuracy, scores?.LogLoss, scores?.BaselineLogLoss, scores?.BrierScore, scores?.AreaUnderCurve,
            scores?.Folds ?? [], status)
        {
            Evidence = model?.Evidence,
            Drift = record.Drift,
        };
    }

    public static ModelVersions Versions(string symbol, ModelRecord record, TrainingStatus status)
    {
        static ModelVersion View(TrainedModel model, ModelRole role) =>
            new(model.Version, role, model.Method, model.TrainedAt, model.TrainedThrough, model.Evidence);
        List<ModelVersion> versions = [.. record.Former.Select(model => View(model, ModelRole.Former))];
        if (record.Model is { } champion) versions.Add(View(champion, ModelRole.Champion));
        if (record.Challenger is { } challenger) versions.Add(View(challenger, ModelRole.Challenger));
        return new(symbol, [.. versions.OrderByDescending(version => version.Version)], record.Events, record.Drift,
            record.Shadow, status);
    }

    /// <summary>Forecasts from the series as it stands, or says why it does not. A model that has seen a later session than
    /// the series ends with gives no probability: it would know the outcome.</summary>
    public static ModelPrediction Predict(
        string symbol, PriceSeries? series, LatestFeatures? latest, ModelRecord record, LoadedModels models,
        TrainingStatus status, TimeSpan maxAge, DateTimeOffset now)
    {
        var made = new ModelPrediction(symbol, series?.LastSession, null, record.Model?.Version ?? 0,
            record.Model?.TrainedThrough, status, Values(latest, models.Champion))
        {
            DataHash = record.Model?.Evidence?.Lineage.DataHash,
            Label = models.Champion?.Artefact.Label.Name,
            LabelMeaning = models.Champion?.Artefact.Label.Meaning,
        };
        if (series is null || latest is null) return made with { Abstention = "There is no series of the symbol." };
        made = made with { ShadowProbabilityUp = models.Challenger?.Predict(latest.Row, null).Probability };
        if (record.Model is not { } model)
            return made with { Abstention = $"No version was promoted. {record.Challenger?.Evidence?.Reason}".TrimEnd() };
        if (models.Champion is not { } champion) return made with { Abstention = models.Problem };
        if (model.TrainedThrough > series.LastSession)
            return made with { Abstention = $"The model has seen sessions after {series.LastSession:O}." };
        if (now - model.TrainedAt > maxAge)
            return made with { Abstention = $"The model is {(now - model.TrainedAt).Days} days old; it may be {maxAge.Days}." };
        var said = champion.Predict(latest.Row, latest.Volatility);
        return made with
        {
            ProbabilityUp = said.Probability, Abstention = said.Abstention, ExpectedReturn = said.Return,
            ReturnLow = said.Low, ReturnHigh = said.High,
            Features = said.Probability is null ? made.Features : Values(latest, champion, champion.Effects(latest.Row)),
            Dissimilarity = double.IsFinite(said.Dissimilarity) ? said.Dissimilarity : null,
        };
    }

    /// <summary>The features of the model in use with what they weigh; without one all that are known.</summary>
    static ImmutableArray<FeatureValue> Values(LatestFeatures? latest, Predictor? champion, double[]? effects = null)
    {
        if (latest is null) return [];
        var columns = champion?.Artefact.Columns ?? [];
        var weights = champion?.Artefact.Columns.Zip(champion.Artefact.Importance)
            .ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. latest.Columns.Zip(latest.Row)
            .Where(pair => double.IsFinite(pair.Second) && weights?.ContainsKey(pair.First.Id) != false)
            .Select(pair => new FeatureValue(pair.First.Name, pair.Second, weights?[pair.First.Id])
            {
                Effect = effects?[columns.IndexOf(pair.First.Id)],
            })];
    }
}

/// <summary>The versions that are asked, and why the one in use cannot be.</summary>
sealed record LoadedModels(Predictor? Champion, Predictor? Challenger, string? Problem)
{
    public static LoadedModels None { get; } = new(null, null, null);
}
