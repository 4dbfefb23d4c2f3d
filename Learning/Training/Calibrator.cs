using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Turns scores into probabilities; learned on scores that were given out of sample.</summary>
/// <param name="Platt">Set where a sigmoid does it.</param>
/// <param name="Isotonic">Set where a step function does it.</param>
public sealed record Calibrator(PlattScaling? Platt, IsotonicRegression? Isotonic)
{
    /// <summary>Below so many outcomes a step function fits noise.</summary>
    public const int LeastForIsotonic = 2_000;

    /// <summary>A probability is never surer than the sample can say.</summary>
    const double LeastProbability = 1e-3;

    [JsonIgnore]
    public string Method => Isotonic is null ? "platt" : "isotonic";

    public double Probability(double score) => Math.Clamp(
        Isotonic?.Probability(score) ?? Platt!.Probability(score), LeastProbability, 1 - LeastProbability);

    public static Calibrator Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> outcomes, bool isotonic = false) =>
        isotonic && scores.Length >= LeastForIsotonic
            ? new(null, IsotonicRegression.Fit(scores, outcomes))
            : new(PlattScaling.Fit(scores, outcomes), null);
}

/// <summary>One bin of a reliability diagram.</summary>
public sealed record ReliabilityBin(double MeanProbability, double ShareOfRises, int Count);

/// <summary>How well probabilities say how often.</summary>
/// <param name="ExpectedError">The mean distance of probability and share over bins of equal count.</param>
public sealed record Reliability(double ExpectedError, ImmutableArray<ReliabilityBin> Bins)
{
    public static Reliability Of(IReadOnlyList<double> probabilities, IReadOnlyList<bool> rises, int bins = 10)
    {
        int[] order = [.. Enumerable.Range(0, probabilities.Count).OrderBy(i => probabilities[i]).ThenBy(i => i)];
        ImmutableArray<ReliabilityBin> made = [.. Enumerable.Range(0, bins)
            .Select(bin => order[(int)((long)bin * order.Length / bins)..(int)((long)(bin + 1) * order.Length / bins)])
            .Where(rows => rows.Length > 0)
            .Select(rows => new ReliabilityBin(rows.Average(row => probabilities[row]),
                rows.Count(row => rises[row]) / (double)rows.Length, rows.Length))];
        return new(made.Sum(bin => bin.Count * Math.Abs(bin.MeanProbability - bin.ShareOfRises)) / order.Length, made);
    }
}
