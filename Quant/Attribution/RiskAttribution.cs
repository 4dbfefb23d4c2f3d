using System.Collections.Immutable;

namespace Trading.Quant;

/// <summary>Which loss is attributed.</summary>
public enum LossMeasure
{
    /// <summary>The loss exceeded with probability 1 - confidence.</summary>
    ValueAtRisk,

    /// <summary>The mean loss of the worst 1 - confidence.</summary>
    ExpectedShortfall,
}

/// <summary>What the losses are taken to follow.</summary>
public enum LossModel
{
    /// <summary>A normal distribution with given means and covariance.</summary>
    Gaussian,

    /// <summary>The scenarios as they happened: the order statistic and Rockafellar and Uryasev's tail mean.</summary>
    Historical,
}

/// <summary>What each term of a weighted sum adds to the loss of the whole; losses are positive, a term that hedges is negative.</summary>
/// <param name="Observations">Scenarios, where the loss is read off scenarios.</param>
/// <param name="Whole">The loss of the whole.</param>
/// <param name="Marginal">What the loss grows by for one more unit of a term's weight, at the present weights.</param>
/// <param name="Components">Weight times marginal (Euler's allocation); they sum to the whole.</param>
public sealed record RiskAttribution(
    LossMeasure Measure, LossModel Model, double Confidence, int? Observations,
    double Whole, ImmutableArray<double> Marginal, ImmutableArray<double> Components)
{
    /// <summary>A component over the whole; null where the whole is zero.</summary>
    public double? Share(int term) => Whole == 0 ? null : Components[term] / Whole;
}

/// <summary>The loss of the whole before and after a change of the weights: both computed, nothing linearised.</summary>
public sealed record RiskIncrement(
    LossMeasure Measure, LossModel Model, double Confidence, int? Observations, double Before, double After)
{
    public double Change => After - Before;
}
