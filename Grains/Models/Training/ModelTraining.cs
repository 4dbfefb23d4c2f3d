using System.Collections.Immutable;
using System.Reflection;
using Trading.Learning;

namespace Trading.Models;

/// <summary>What the versions of a model do on sessions that they were not trained on.</summary>
/// <param name="Former">The version before the one in use, against it.</param>
/// <param name="Unusable">Why the one in use can say nothing; null where it can.</param>
sealed record ModelReviewed(ModelDrift? Drift, ShadowResult? Shadow, ShadowResult? Former, string? Unusable = null);

/// <summary>The work of a model that takes a worker: review and training. Pure: series in, findings out.</summary>
static class ModelTraining
{
    /// <summary>The least history, about two years.</summary>
    public const int MinimumSessions = 500;

    /// <summary>Of the program that trains.</summary>
    public static string CodeVersion { get; } = typeof(ModelTraining).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static TrainingOutcome Train(
        ModelHistory history, TrainingSpec spec, IReadOnlyList<IModelTrainer> trainers, TrialTally before,
        IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        var symbol = history.Symbol;
        if (symbol.Bars.Length < MinimumSessions)
            return new(null, [new("history", "too_little_history",
                $"{symbol.Symbol} has {symbol.Bars.Length} sessions; a training needs {MinimumSessions}.")]);
        var table = history.Features(cancellation);
        if (table.Count == 0)
            return new(null, [new("features", "undefined", $"{symbol.Symbol}: {WhyEmpty(table)}")]);
        return TrainingPipeline.Run(Sample.Of(table, spec.Label), [.. table.Columns.Select(column => column.Id)], spec,
            trainers, before, CodeVersion, null, progress, cancellation);
    }

    public static ModelReviewed Review(
        ModelHistory history, ModelRecord record, ModelTrainers trainers, ModelOptions options, CancellationToken cancellation)
    {
        var table = history.Features(cancellation);
        ImmutableArray<string> available = [.. table.Columns.Select(column => column.Id)];
        var (champion, problem) = Load(record.Model, trainers, available);
        if (table.Count == 0 || champion is null) return new(null, null, null, problem);
        var sample = Sample.Of(table, champion.Artefact.Label);
        return new(ModelEvidences.Of(ModelReview.Drift(champion, ModelReview.Since(sample, champion))),
            ModelRules.IsInShadow(record) ? Compare(record.Challenger) : null, Compare(record.Former.FirstOrDefault()));

        ShadowResult? Compare(TrainedModel? other)
        {
            if (Load(other, trainers, available).Predictor is not { } predictor
                || predictor.Artefact.Label != champion.Artefact.Label) return null;
            var since = ModelReview.Since(sample, champion, predictor);
            var test = ModelReview.Compare(predictor, champion, since, options.ShadowSessions);
            return new(other!.Version, record.Model!.Version, since.Count, test?.MeanDifference, test?.PValueBetter);
        }
    }

    /// <summary>A stored model that can be asked, or why it cannot.</summary>
    public static (Predictor? Predictor, string? Problem) Load(
        TrainedModel? model, ModelTrainers trainers, ImmutableArray<string> available)
    {
        if (model is null) return (null, null);
        if (model.Evidence is null)
            return (null, $"Version {model.Version} was trained by an earlier build on other features; it says nothing until it is trained anew.");
        try
        {
            return (new(ModelArtefact.Load(model.Saved), trainers.All, available), null);
        }
        catch (Exception failure) when (failure is CorruptModelException or ArgumentException)
        {
            return (null, $"Version {model.Version} cannot be used: {failure.Message}");
        }
    }

    static string WhyEmpty(FeatureTable table)
    {
        var undefined = table.Columns.Where((_, column) => table.Undefined[column] > 0).Select(column => column.Name).ToList();
        return undefined.Count == 0
            ? "no session has all features; the history is too short."
            : $"no session has all features; not defined: {string.Join(", ", undefined.Take(5))}. Do its prices move at all?";
    }
}
