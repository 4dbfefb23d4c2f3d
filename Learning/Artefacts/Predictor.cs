using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>What a model says of one row.</summary>
/// <param name="Probability">Of a rise; null where it abstains.</param>
/// <param name="Return">The logarithmic return that it expects over its horizon; null where it abstains or volatility is
/// not known.</param>
/// <param name="Low">Nine in ten returns stay between this and <paramref name="High"/>.</param>
/// <param name="Dissimilarity">About 1 for a row like those of the training.</param>
/// <param name="Abstention">Why it says nothing; null where it does.</param>
public sealed record Prediction(
    double? Probability, double? Return, double? Low, double? High, double Dissimilarity, string? Abstention);

/// <summary>A stored model that can be asked.</summary>
public sealed class Predictor
{
    readonly IFittedModel _model;
    readonly int[] _columns;

    /// <param name="available">Names with versions of the features of the rows that will be asked about.</param>
    /// <exception cref="CorruptModelException">No trainer knows its method, or its content is none.</exception>
    /// <exception cref="ArgumentException">A feature of the model is not among those available.</exception>
    public Predictor(ModelArtefact artefact, IReadOnlyList<IModelTrainer> trainers, ImmutableArray<string> available)
    {
        Artefact = artefact;
        var trainer = trainers.FirstOrDefault(trainer => trainer.Method == artefact.Method)
            ?? throw new CorruptModelException($"Nothing here can load a model of the method '{artefact.Method}'.");
        string[] missing = [.. artefact.Columns.Where(column => !available.Contains(column))];
        if (missing.Length > 0)
            throw new ArgumentException(
                $"The model was trained on features that are not there, or in another version: {string.Join(", ", missing)}.",
                nameof(available));
        _model = trainer.Load(artefact.Saved);
        if (_model.Width != artefact.Columns.Length)
            throw new CorruptModelException($"The model has {_model.Width} features and names {artefact.Columns.Length}.");
        _columns = [.. artefact.Columns.Select(column => available.IndexOf(column))];
    }

    public ModelArtefact Artefact { get; }

    /// <summary>The model's own features of a row.</summary>
    public double[] Inputs(ReadOnlySpan<double> row)
    {
        var inputs = new double[_columns.Length];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = row[_columns[i]];
        return inputs;
    }

    /// <param name="row">All available features; those that the model does not use may be unknown.</param>
    /// <param name="volatility">Of one session's return; null where it is not known.</param>
    public Prediction Predict(ReadOnlySpan<double> row, double? volatility)
    {
        var inputs = Inputs(row);
        for (var i = 0; i < inputs.Length; i++)
            if (!double.IsFinite(inputs[i]))
                return new(null, null, null, null, double.PositiveInfinity,
                    $"The feature {Artefact.Columns[i]} is not known.");
        var dissimilarity = Artefact.Inputs.Index(inputs);
        if (!(dissimilarity <= Artefact.Inputs.Limit))
            return new(null, null, null, null, dissimilarity, FormattableString.Invariant(
                $"The inputs are unlike the training: dissimilarity {dissimilarity:0.##}, limit {Artefact.Inputs.Limit:0.##}."));
        var probability = Probabilities(inputs)[0];
        if (volatility is not > 0) return new(probability, null, null, null, dissimilarity, null);
        var unit = volatility.Value * Math.Sqrt(Artefact.Horizon);
        var (expected, spread) = (Artefact.Outlook.Expected(probability) * unit, Artefact.Outlook.Spread * unit);
        return new(probability, expected, expected - spread, expected + spread, dissimilarity, null);
    }

    /// <summary>For each of the model's features, what the probability of a row would be lower by, were the feature at its
    /// mean of the training and all else the same: whatever the method is.</summary>
    public double[] Effects(ReadOnlySpan<double> row)
    {
        var inputs = Inputs(row);
        var changed = new double[inputs.Length * inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs.CopyTo(changed.AsSpan(i * inputs.Length));
            changed[i * inputs.Length + i] = Artefact.Inputs.Means[i];
        }

        var probability = Probabilities(inputs)[0];
        return [.. Probabilities(changed).Select(other => probability - other)];
    }

    /// <summary>Of rows that have the model's own features, one behind the other, all known.</summary>
    public double[] Probabilities(ReadOnlySpan<double> inputs)
    {
        var scores = new double[inputs.Length / _columns.Length];
        _model.Score(inputs, scores);
        for (var i = 0; i < scores.Length; i++)
            scores[i] = Artefact.Calibrator.Probability(scores[i]);
        return scores;
    }
}
