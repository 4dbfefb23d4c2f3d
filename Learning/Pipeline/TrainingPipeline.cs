using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>
/// From a sample to a judged model. Every outer fold learns from its training window alone: canaries are added, features
/// refused and selected, settings tuned, probabilities calibrated and the model fitted, before a test row is looked at.
/// </summary>
public static class TrainingPipeline
{
    /// <param name="sample">Rows in the order of sessions, weights as <see cref="Uniqueness"/> gives them.</param>
    /// <param name="features">Names with versions of its columns.</param>
    /// <param name="trainers">Those that can be used here, the simplest first.</param>
    /// <param name="before">The ledger of earlier trainings: their trials count.</param>
    /// <param name="plan">The outer splits; null for what the spec says.</param>
    public static TrainingOutcome Run(
        Sample sample, ImmutableArray<string> features, TrainingSpec spec, IReadOnlyList<IModelTrainer> trainers,
        TrialTally before, string codeVersion, SplitPlan? plan = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var problems = Problems(sample, features, spec, trainers);
        if (problems.IsEmpty && plan is null) plan = SplitSchemes.Of(spec.Plan, sample.Labels, spec.Folds, spec.Embargo);
        if (plan is not null) problems = problems.AddRange(Problems(sample, plan));
        if (!problems.IsEmpty) return new(null, problems);

        var watched = Canaries.Add(sample, spec.Seed);
        var run = new TrainingRun(sample, watched, spec, trainers, cancellation);
        for (var fold = 0; fold < plan!.Splits.Length; fold++)
        {
            progress?.Report(new(fold / (plan.Splits.Length + 1.0), $"fold {fold + 1} of {plan.Splits.Length}"));
            if (run.Learn(plan.Splits[fold], plan.PathsOf(fold, sample.Labels)) is { } problem) return new(null, [problem]);
        }

        progress?.Report(new(plan.Splits.Length / (plan.Splits.Length + 1.0), "final model"));
        var report = run.Report(plan, before, features, codeVersion);
        progress?.Report(new(1, "done"));
        return new(report, []);
    }

    static ImmutableArray<TrainingProblem> Problems(
        Sample sample, ImmutableArray<string> features, TrainingSpec spec, IReadOnlyList<IModelTrainer> trainers)
    {
        List<TrainingProblem> problems = [.. spec.BrokenRules()];
        var sessions = sample.Labels.Select(label => label.Interval.From).Distinct().Count();
        if (sessions < TrainingSpec.LeastSessions)
            problems.Add(new("history", "too_little_history",
                $"There are {sessions} sessions with features and a label; a training needs {TrainingSpec.LeastSessions}."));
        if (sample.Count > 0 && !sample.HasBothClasses)
            problems.Add(new("history", "one_sided", $"All {sample.Count} labels are the same; there is nothing to learn."));
        if (features.Length != sample.Columns.Length)
            problems.Add(new("features", "count", $"{sample.Columns.Length} columns have {features.Length} names."));
        if (trainers.Count == 0) problems.Add(new("methods", "none", "No method of training can be used here."));
        problems.AddRange(trainers.Where(trainer => trainer.Unavailable is not null)
            .Select(trainer => new TrainingProblem("methods", "unavailable", trainer.Unavailable!)));
        return [.. problems];
    }

    static IEnumerable<TrainingProblem> Problems(Sample sample, SplitPlan plan)
    {
        foreach (var leak in SplitAudit.Leaks(plan, sample.Labels).Take(3))
            yield return new("split", "leak", leak.ToString());
        foreach (var split in plan.Splits)
            if (split.Test.IsEmpty || split.Train.IsEmpty || !sample.Take(split.Train).HasBothClasses)
                yield return new("split", "one_sided",
                    $"{split.Name}: the {split.Train.Length} training labels do not have both outcomes; there is nothing to learn.");
    }
}
