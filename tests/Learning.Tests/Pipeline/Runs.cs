using System.Collections.Immutable;

namespace Trading.Learning.Tests;

static class Runs
{
    public static readonly TrainingSpec Spec = TrainingSpec.Default with { Selection = new(TopK: 8, Subsamples: 5) };

    public static ImmutableArray<string> Names(Sample sample) => [.. sample.Columns.Select(column => $"{column}@1")];

    public static TrainingOutcome Of(
        Sample sample, TrainingSpec? spec = null, IReadOnlyList<IModelTrainer>? trainers = null, SplitPlan? plan = null,
        TrialTally? before = null, IProgress<TrainingProgress>? progress = null) =>
        TrainingPipeline.Run(sample, Names(sample), spec ?? Spec, trainers ?? [new LogisticTrainer()],
            before ?? TrialTally.None, "test", plan, progress, CancellationToken.None);
}
