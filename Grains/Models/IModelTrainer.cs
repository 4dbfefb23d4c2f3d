using System.Collections.Immutable;

namespace Trading.Models;

/// <summary>A method of learning the probability of a rise from features. Called on worker threads, from several at a time.</summary>
public interface IModelTrainer
{
    /// <summary>A stable name; a stored model is loaded by the method that made it only.</summary>
    string Method { get; }

    /// <summary>Learns from the rows given and from nothing else, scaling of the features included.</summary>
    /// <param name="rows">One row of features for each observation.</param>
    /// <param name="rises">What followed; both outcomes occur.</param>
    IFittedModel Fit(IReadOnlyList<double[]> rows, IReadOnlyList<bool> rises, CancellationToken cancellation);

    /// <summary>The model that <see cref="IFittedModel.Save"/> wrote.</summary>
    IFittedModel Load(string saved);
}

/// <summary>What a trainer learned; immutable.</summary>
public interface IFittedModel
{
    /// <summary>The probability of a rise, from 0 to 1.</summary>
    double Probability(ReadOnlySpan<double> row);

    /// <summary>The weight of each feature in standard deviations, in their order; empty where the method has none.</summary>
    ImmutableArray<double> Coefficients { get; }

    string Save();
}
