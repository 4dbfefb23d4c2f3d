using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>A method with settings, as the inner folds judge it.</summary>
/// <param name="Settings">With the number of stages that were enough.</param>
/// <param name="Scores">Out-of-fold scores of the rows of the training window.</param>
/// <param name="Losses">Log loss of each row, calibrated.</param>
public sealed record TunedCandidate(
    IModelTrainer Trainer, TrainerSettings Settings, double[] Scores, Calibrator Calibrator, double[] Losses, int Fits)
{
    public double MeanLoss { get; } = Losses.Average();
}

/// <summary>Finds settings inside a training window, by purged folds of it.</summary>
static class Tuning
{
    /// <summary>Beginnings of a staged model that are looked at: early stopping.</summary>
    const int StagesTried = 6;

    /// <summary>All candidates of all trainers, in their order.</summary>
    public static List<TunedCandidate> Candidates(
        Sample train, TrainingSpec spec, IReadOnlyList<IModelTrainer> trainers, CancellationToken cancellation)
    {
        var plan = SplitPlans.PurgedKFold(train.Labels, spec.InnerFolds, spec.Embargo);
        // A fold whose training part knows one outcome only tells nothing.
        var splits = plan.Splits.Where(split => train.Take(split.Train).HasBothClasses).ToList();
        List<(Sample Train, Sample Test, ImmutableArray<int> Rows)> folds =
            [.. splits.Select(split => (train.Take(split.Train), train.Take(split.Test), split.Test))];
        return [.. trainers.SelectMany(trainer => trainer.Candidates.Select(settings =>
            Judge(train, folds, spec, trainer, settings, cancellation)))];
    }

    /// <summary>The first, so the simplest, whose loss is within one standard error of the least (Breiman's rule): what
    /// is more complicated must earn it.</summary>
    public static TunedCandidate Best(IReadOnlyList<TunedCandidate> candidates)
    {
        var best = candidates.MinBy(candidate => candidate.MeanLoss)!;
        return candidates.First(candidate => candidate.MeanLoss - best.MeanLoss <= StandardError(candidate, best));
    }

    static double StandardError(TunedCandidate one, TunedCandidate other)
    {
        double[] differences = [.. one.Losses.Zip(other.Losses, (mine, theirs) => mine - theirs)];
        var mean = differences.Average();
        return Math.Sqrt(differences.Average(value => (value - mean) * (value - mean)) / differences.Length);
    }

    static TunedCandidate Judge(
        Sample train, List<(Sample Train, Sample Test, ImmutableArray<int> Rows)> folds, TrainingSpec spec,
        IModelTrainer trainer, TrainerSettings settings, CancellationToken cancellation)
    {
        List<IFittedModel> models = [.. folds.Select(fold => trainer.Fit(fold.Train, settings, spec.Seed, cancellation))];
        int[] rows = [.. folds.SelectMany(fold => fold.Rows)];
        bool[] outcomes = [.. rows.Select(row => train.Labels[row].Rise)];
        var stages = models.OfType<IStagedModel>().Select(model => model.Stages).DefaultIfEmpty(0).Min();
        int[] tried = stages == 0 ? [0]
            : [.. Enumerable.Range(1, StagesTried).Select(step => Math.Max(1, stages * step / StagesTried)).Distinct()];
        TunedCandidate? best = null;
        foreach (var stage in tried)
        {
            double[] scores = [.. folds.SelectMany((fold, i) =>
                (stage == 0 ? models[i] : ((IStagedModel)models[i]).Take(stage)).Scores(fold.Test))];
            var calibrator = Calibrator.Fit(scores, outcomes, spec.Isotonic);
            double[] losses = [.. scores.Select((score, i) => LogLoss(calibrator.Probability(score), outcomes[i]))];
            var used = stage == 0 ? settings : settings.With(MlNetTreeTrainer.Trees, stage);
            if (best is null || losses.Average() < best.MeanLoss)
                best = new(trainer, used, scores, calibrator, losses, folds.Count);
        }

        return best!;
    }

    public static double LogLoss(double probability, bool rise) =>
        -Math.Log(Math.Max(rise ? probability : 1 - probability, ClassificationScores.LeastProbability));
}
