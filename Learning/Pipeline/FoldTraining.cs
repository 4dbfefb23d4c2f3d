using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>What one training window taught.</summary>
/// <param name="Candidates">Every method with its settings, in order.</param>
/// <param name="Chosen">The one that the inner folds chose.</param>
/// <param name="Model">Learned from the whole window.</param>
public sealed record FoldModel(
    Selection Selection, ImmutableArray<string> Columns, ImmutableArray<TunedCandidate> Candidates, TunedCandidate Chosen,
    IFittedModel Model, double BaseRate, double Drift)
{
    /// <summary>Calibrated probabilities of rows that have the columns of the training window.</summary>
    public double[] Probabilities(Sample sample) => Probabilities(Chosen, Model, sample.Select(Selection.Columns));

    public static double[] Probabilities(TunedCandidate candidate, IFittedModel model, Sample selected) =>
        [.. model.Scores(selected).Select(candidate.Calibrator.Probability)];
}

/// <summary>Selection, tuning, calibration and fit, all inside one training window.</summary>
static class FoldTraining
{
    /// <param name="train">Canaries among its columns.</param>
    public static FoldModel Learn(
        Sample train, TrainingSpec spec, IReadOnlyList<IModelTrainer> trainers, CancellationToken cancellation)
    {
        var selection = FeatureSelection.Choose(train, spec.Selection with { Seed = spec.Seed }, cancellation);
        var selected = train.Select(selection.Columns);
        var candidates = Tuning.Candidates(selected, spec, trainers, cancellation);
        var chosen = Tuning.Best(candidates);
        return new(selection, selected.Columns, [.. candidates], chosen,
            chosen.Trainer.Fit(selected, chosen.Settings, spec.Seed, cancellation), train.Rises,
            train.Labels.Average(label => label.Return));
    }

    /// <param name="paths">Of each row; none for one history.</param>
    public static IEnumerable<Forecast> Forecasts(
        int fold, FoldModel model, Sample test, double[] probabilities, ImmutableArray<int> paths) =>
        probabilities.Select((probability, row) => new Forecast(fold, test.Labels[row].Interval.From, test.Symbols[row],
            probability, model.BaseRate, model.Drift, test.Labels[row]) { Path = paths.IsEmpty ? 0 : paths[row] });
}
