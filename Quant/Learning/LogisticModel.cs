using System.Collections.Immutable;

namespace Trading.Quant;

/// <summary>A fitted logistic regression on standardised features: the probability of the positive class is
/// 1 / (1 + exp(-(intercept + sum of coefficient · (feature - mean) / scale))).</summary>
/// <param name="Means">Of each feature in the sample that it was fitted on.</param>
/// <param name="Scales">Population standard deviation of each feature in that sample; 1 where the feature was constant.</param>
/// <param name="Coefficients">For the standardised features.</param>
public sealed record LogisticModel(
    ImmutableArray<double> Means, ImmutableArray<double> Scales, ImmutableArray<double> Coefficients, double Intercept)
{
    /// <summary>The probability of the positive class, from 0 to 1.</summary>
    /// <exception cref="ArgumentException">Another number of features than the model has, or one that is not finite.</exception>
    public double Probability(ReadOnlySpan<double> features)
    {
        if (features.Length != Coefficients.Length)
            throw new ArgumentException($"The model has {Coefficients.Length} features; {features.Length} were given.", nameof(features));
        var score = Intercept;
        for (var j = 0; j < features.Length; j++)
            score += Coefficients[j] * ((features[j] - Means[j]) / Scales[j]);
        return double.IsFinite(score) ? Sigmoid(score) : throw new ArgumentException("Every feature must be a finite number.", nameof(features));
    }

    internal static double Sigmoid(double score) => 1 / (1 + Math.Exp(-score));
}
