using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>A method of learning the probability of a rise from features. Called on worker threads, from several at a
/// time; equal inputs give equal bytes.</summary>
public interface IModelTrainer
{
    /// <summary>A stable name; a stored model is loaded by the method that made it only.</summary>
    string Method { get; }

    /// <summary>Why it cannot be used on this machine; null where it can.</summary>
    string? Unavailable => null;

    /// <summary>The settings that tuning chooses from, the simplest first.</summary>
    ImmutableArray<TrainerSettings> Candidates { get; }

    /// <summary>Learns from the rows given and from nothing else, scaling of the features included.</summary>
    /// <param name="train">Both outcomes occur.</param>
    /// <param name="seed">Of whatever the method leaves to chance.</param>
    IFittedModel Fit(Sample train, TrainerSettings settings, int seed, CancellationToken cancellation);

    /// <summary>The model that <see cref="IFittedModel.Save"/> wrote.</summary>
    /// <exception cref="CorruptModelException">It did not write this.</exception>
    IFittedModel Load(string saved);
}

/// <summary>What a trainer learned; immutable.</summary>
public interface IFittedModel
{
    /// <summary>Features that a row has.</summary>
    int Width { get; }

    /// <summary>The higher, the likelier a rise; not a probability yet. For rows of <see cref="Width"/> numbers one
    /// behind the other.</summary>
    void Score(ReadOnlySpan<double> rows, Span<double> scores);

    /// <summary>What each feature contributes: the weight in standard deviations of a linear model, the share of the
    /// splits' gain of trees.</summary>
    ImmutableArray<double> Importance { get; }

    /// <summary>Whether <see cref="Importance"/> has a sign: more of the feature, more or less of a rise.</summary>
    bool IsLinear { get; }

    string Save();
}

public static class FittedModelScores
{
    public static double[] Scores(this IFittedModel model, Sample sample)
    {
        var scores = new double[sample.Count];
        model.Score(sample.Values, scores);
        return scores;
    }
}

/// <summary>A model that grew stage by stage: each of its beginnings is a model too, so that one fit tells how many
/// stages were enough.</summary>
public interface IStagedModel : IFittedModel
{
    int Stages { get; }

    IFittedModel Take(int stages);
}

/// <summary>Names and numbers of a fit.</summary>
public sealed record TrainerSettings(ImmutableSortedDictionary<string, double> Values)
{
    public static TrainerSettings Of(params ReadOnlySpan<(string Name, double Value)> values)
    {
        var builder = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
            builder.Add(name, value);
        return new(builder.ToImmutable());
    }

    public double this[string name] => Values[name];

    public TrainerSettings With(string name, double value) => new(Values.SetItem(name, value));

    public override string ToString() =>
        string.Join(",", Values.Select(value => FormattableString.Invariant($"{value.Key}={value.Value}")));
}

/// <summary>A stored model that is not what was stored.</summary>
public sealed class CorruptModelException(string message, Exception? inner = null) : Exception(message, inner);
