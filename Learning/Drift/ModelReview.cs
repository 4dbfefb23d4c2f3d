using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Models on sessions that they were not trained on.</summary>
public static class ModelReview
{
    /// <summary>The rows of a sample that begin after every one of some models was trained.</summary>
    public static Sample Since(Sample sample, params ReadOnlySpan<Predictor> models)
    {
        var through = DateOnly.MinValue;
        foreach (var model in models)
            through = model.Artefact.Lineage.TrainedThrough > through ? model.Artefact.Lineage.TrainedThrough : through;
        return sample.Take([.. Enumerable.Range(0, sample.Count).Where(row => sample.Labels[row].Interval.From > through)]);
    }

    /// <summary>What has moved since the training.</summary>
    /// <param name="since">Rows that begin after it, with all columns that the model was made from.</param>
    public static DriftReport Drift(Predictor model, Sample since)
    {
        var artefact = model.Artefact;
        if (since.Count < DriftReport.LeastRows) return new(since.Count, [], null, null, null, artefact.ExpectedLoss, false, null);
        var (inputs, probabilities) = Said(model, since);
        var width = artefact.Columns.Length;
        ImmutableArray<DriftOf> features = [.. artefact.InputBaselines.Select((baseline, column) => new DriftOf(
            artefact.Columns[column], baseline.Index([.. Enumerable.Range(0, since.Count).Select(row => inputs[row * width + column])])))
            .OrderByDescending(feature => feature.Index)];
        var loss = Estimate.OfMean(Losses(probabilities, since), artefact.Horizon);
        var outcomes = since.Outcomes();
        var deviation = Math.Sqrt(probabilities.Sum(probability => probability * (1 - probability)));
        return new(since.Count, features, artefact.ProbabilityBaseline.Index(probabilities),
            KolmogorovSmirnov.Of(artefact.ProbabilityQuantiles.AsSpan(), probabilities).PValue, loss, artefact.ExpectedLoss,
            loss.Low > artefact.ExpectedLoss,
            (probabilities.Sum() - outcomes.Count(rise => rise)) / deviation);
    }

    /// <summary>Which of two loses less on rows that neither has seen; null where there are too few, or both always say
    /// the same.</summary>
    public static DieboldMariano? Compare(Predictor one, Predictor other, Sample since, int leastRows)
    {
        if (since.Count < Math.Max(leastRows, DieboldMariano.LeastCount)) return null;
        return DieboldMariano.Of(Losses(Said(one, since).Probabilities, since), Losses(Said(other, since).Probabilities, since),
            Math.Min(one.Artefact.Horizon, since.Count / 2));
    }

    static (double[] Inputs, double[] Probabilities) Said(Predictor model, Sample rows)
    {
        double[] inputs = [.. Enumerable.Range(0, rows.Count).SelectMany(row => model.Inputs(rows.Row(row)))];
        return (inputs, model.Probabilities(inputs));
    }

    static double[] Losses(double[] probabilities, Sample rows) =>
        [.. probabilities.Select((probability, row) => Tuning.LogLoss(probability, rows.Labels[row].Rise))];
}
