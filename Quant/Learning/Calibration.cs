using System.Collections.Immutable;

namespace Trading.Quant;

/// <summary>Platt's sigmoid: the probability of a score is 1 / (1 + exp(-(slope · score + intercept))).</summary>
public sealed record PlattScaling(double Slope, double Intercept)
{
    const int MaxIterations = 100;
    const double Tolerance = 1e-12;

    /// <summary>The search ends with the step that is a smaller part of what it changes: the next would be its square.</summary>
    const double StepTolerance = 1e-9;

    public double Probability(double score) => LogisticModel.Sigmoid(Slope * score + Intercept);

    /// <summary>Maximum likelihood with Platt's targets (N+ + 1) / (N+ + 2) and 1 / (N- + 2), which keep it finite where
    /// scores part the outcomes (Platt 1999; Newton's method as Lin, Lin and Weng 2007). A slope below zero, scores that
    /// point the wrong way, becomes zero.</summary>
    /// <exception cref="ArgumentException">Lengths that differ, not both outcomes, or a score that is not finite.</exception>
    public static PlattScaling Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> outcomes)
    {
        CalibrationSample.Require(scores, outcomes);
        var yes = outcomes.Count(true);
        var (high, low) = ((yes + 1.0) / (yes + 2), 1.0 / (outcomes.Length - yes + 2));
        var (slope, intercept) = Newton(scores, outcomes, high, low, slope: true);
        return slope > 0 ? new(slope, intercept) : new(0, Newton(scores, outcomes, high, low, slope: false).Intercept);
    }

    static (double Slope, double Intercept) Newton(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> outcomes, double high, double low, bool slope)
    {
        var (a, b, loss) = (0.0, 0.0, double.PositiveInfinity);
        var (stepA, stepB) = (0.0, 0.0);
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            double sum = 0, ga = 0, gb = 0, haa = 1e-12, hab = 0, hbb = 1e-12;
            for (var i = 0; i < scores.Length; i++)
            {
                var (target, value) = (outcomes[i] ? high : low, a * scores[i] + b);
                var probability = LogisticModel.Sigmoid(value);
                sum += Math.Max(value, 0) - target * value + Math.Log(1 + Math.Exp(-Math.Abs(value)));
                var (residual, curvature) = (probability - target, probability * (1 - probability));
                (ga, gb) = (ga + residual * scores[i], gb + residual);
                (haa, hab, hbb) = (haa + curvature * scores[i] * scores[i], hab + curvature * scores[i], hbb + curvature);
            }

            if (sum > loss + Tolerance)
            {
                (stepA, stepB) = (stepA / 2, stepB / 2); // too far: half of the last step back
                (a, b) = (a + stepA, b + stepB);
                continue;
            }

            loss = sum;
            var determinant = haa * hbb - hab * hab;
            (stepA, stepB) = slope && determinant > 0
                ? ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant)
                : (0, gb / hbb);
            (a, b) = (a - stepA, b - stepB);
            if (Math.Abs(stepA) <= StepTolerance * (1 + Math.Abs(a)) && Math.Abs(stepB) <= StepTolerance * (1 + Math.Abs(b)))
                break;
        }

        return (a, b);
    }
}

/// <summary>Isotonic regression: the non-decreasing step function of the score that is closest to the outcomes (pool
/// adjacent violators; Barlow et al. 1972), with straight lines between its steps.</summary>
/// <param name="Scores">Where the values stand, ascending.</param>
/// <param name="Values">Probabilities, not decreasing.</param>
public sealed record IsotonicRegression(ImmutableArray<double> Scores, ImmutableArray<double> Values)
{
    /// <summary>Beyond the first and the last score their values hold.</summary>
    public double Probability(double score)
    {
        var place = Scores.BinarySearch(score);
        if (place >= 0) return Values[place];
        place = ~place;
        if (place == 0) return Values[0];
        if (place == Scores.Length) return Values[^1];
        var share = (score - Scores[place - 1]) / (Scores[place] - Scores[place - 1]);
        return Values[place - 1] + share * (Values[place] - Values[place - 1]);
    }

    /// <exception cref="ArgumentException">Lengths that differ, not both outcomes, or a score that is not finite.</exception>
    public static IsotonicRegression Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> outcomes)
    {
        CalibrationSample.Require(scores, outcomes);
        var (sorted, labels) = (scores.ToArray(), outcomes.ToArray());
        Array.Sort(sorted, labels);
        List<(double First, double Last, double Sum, int Count)> blocks = [];
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            var yes = 0;
            for (end = first; end < sorted.Length && sorted[end] == sorted[first]; end++)
                yes += labels[end] ? 1 : 0;
            blocks.Add((sorted[first], sorted[first], yes, end - first));
            while (blocks.Count > 1 && blocks[^2].Sum * blocks[^1].Count >= blocks[^1].Sum * blocks[^2].Count)
            {
                var (before, last) = (blocks[^2], blocks[^1]);
                blocks.RemoveAt(blocks.Count - 1);
                blocks[^1] = (before.First, last.Last, before.Sum + last.Sum, before.Count + last.Count);
            }
        }

        List<(double Score, double Value)> points = [];
        foreach (var (first, last, sum, count) in blocks)
        {
            points.Add((first, sum / count));
            if (last > first) points.Add((last, sum / count));
        }

        return new([.. points.Select(point => point.Score)], [.. points.Select(point => point.Value)]);
    }
}

static class CalibrationSample
{
    public static void Require(ReadOnlySpan<double> scores, ReadOnlySpan<bool> outcomes)
    {
        Quant.Require.Length(outcomes, scores.Length, nameof(outcomes));
        Quant.Require.Finite(scores, nameof(scores));
        if (!outcomes.Contains(true) || !outcomes.Contains(false))
            throw new ArgumentException("Both outcomes must occur.", nameof(outcomes));
    }
}
