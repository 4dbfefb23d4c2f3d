using System.Numerics.Tensors;
using MathNet.Numerics.Distributions;

namespace Trading.Quant;

/// <summary>A simulated tail and how far chance may have moved it.</summary>
/// <param name="ValueAtRiskError">One standard error of the value at risk.</param>
/// <param name="ExpectedShortfallError">One standard error of the shortfall.</param>
/// <param name="Seed">The same seed gives the same numbers.</param>
public sealed record MonteCarloEstimate(TailMeasure Tail, double ValueAtRiskError, double ExpectedShortfallError, int Seed);

/// <summary>The tail of a weighted sum of jointly Student t or normal variables, by simulation with antithetic pairs: every draw
/// is used with both signs, which makes the sample's mean exact.</summary>
public static class MonteCarloTail
{
    /// <summary>The sample is drawn in this many independent parts, whose spread gives the standard errors.</summary>
    public const int Batches = 20;

    /// <summary>The least scenarios in the tail of each part.</summary>
    const int MinimumTail = 5;

    /// <param name="weights">Of the variables in the sum: exposures for a profit and loss in money, fractions for a
    /// return.</param>
    /// <param name="confidence">Strictly between 0 and 1.</param>
    /// <param name="scenarios">A multiple of 40, and at least 100 / (1 - confidence).</param>
    /// <exception cref="ArgumentException">Another number of weights than variables, one that is not finite, a confidence out of
    /// range, too few scenarios, or no mean to measure (ν of 1 or less).</exception>
    public static MonteCarloEstimate Measure(
        MultivariateStudentT distribution, ReadOnlySpan<double> weights, double confidence, int scenarios, int seed)
    {
        Require(distribution, weights, confidence, scenarios);
        var (mean, loadings) = distribution.Project(weights);
        if (!double.IsFinite(mean) || !loadings.All(double.IsFinite))
            throw TailSample.Overflow(nameof(weights));
        var random = new Random(seed);
        var pnl = new double[scenarios];
        Draw(distribution.DegreesOfFreedom, mean, loadings, random, pnl);

        var batch = scenarios / Batches;
        var parts = new TailEstimate[Batches];
        for (var i = 0; i < Batches; i++)
            parts[i] = ScenarioRisk.Measure(pnl.AsSpan(i * batch, batch), confidence, confidence);
        var tail = HistoricalTail.Measure(pnl, confidence) with { Method = TailMethod.MonteCarlo };
        return new(tail, Error(parts, part => part.ValueAtRisk), Error(parts, part => part.ExpectedShortfall), seed);
    }

    static void Draw(double degreesOfFreedom, double mean, double[] loadings, Random random, Span<double> pnl)
    {
        var normals = new double[loadings.Length];
        for (var i = 0; i < pnl.Length; i += 2)
        {
            Normal.Samples(random, normals, 0, 1);
            var stretch = double.IsInfinity(degreesOfFreedom)
                ? 1
                : Math.Sqrt(degreesOfFreedom / ChiSquared.Sample(random, degreesOfFreedom));
            var shock = stretch * TensorPrimitives.Dot<double>(loadings, normals);
            pnl[i] = mean + shock;
            pnl[i + 1] = mean - shock;
        }
    }

    static double Error(TailEstimate[] parts, Func<TailEstimate, double> value)
    {
        var mean = parts.Average(value);
        return Math.Sqrt(parts.Sum(part => (value(part) - mean) * (value(part) - mean)) / (Batches - 1) / Batches);
    }

    static void Require(MultivariateStudentT distribution, ReadOnlySpan<double> weights, double confidence, int scenarios)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        if (weights.Length != distribution.Dimension)
            throw new ArgumentException(
                $"There are {distribution.Dimension} variables and {weights.Length} weights.", nameof(weights));
        foreach (var weight in weights)
            if (!double.IsFinite(weight))
                throw TailRank.NotFinite(nameof(weights));
        if (!(distribution.DegreesOfFreedom > 1))
            throw new ArgumentException(
                $"A mean needs degrees of freedom above 1; {distribution.DegreesOfFreedom} are not.", nameof(distribution));
        if (scenarios % (2 * Batches) != 0 || TailRank.Mass(scenarios / Batches, confidence) < MinimumTail
            || scenarios < Batches * TailRisk.MinimumSampleCount)
            throw new ArgumentException(
                $"Scenarios are a multiple of {2 * Batches} with {Batches * MinimumTail} in the tail; {scenarios} are not.",
                nameof(scenarios));
    }
}
