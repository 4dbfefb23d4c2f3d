using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Features that must never be learned from, put among the others to see whether the pipeline notices.</summary>
public static class Canaries
{
    public const string Prefix = "canary_";
    public const string Future = Prefix + "future", Time = Prefix + "time";

    /// <summary>Columns of noise: what tells no more than they do tells nothing.</summary>
    public const int NoiseColumns = 10;

    public static bool IsCanary(string column) => column.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The sample with noise, what is to come (the label's own return with a tenth of noise), and the place in
    /// time behind its columns.</summary>
    public static Sample Add(Sample sample, int seed)
    {
        var random = new Random(seed);
        var scale = Math.Sqrt(sample.Labels.Average(label => label.Return * label.Return));
        List<string> names = [.. Enumerable.Range(1, NoiseColumns).Select(i => $"{Prefix}noise_{i}"), Future, Time];
        List<double[]> columns =
        [
            .. Enumerable.Range(1, NoiseColumns)
                .Select(_ => Enumerable.Range(0, sample.Count).Select(_ => Normal(random)).ToArray()),
            [.. sample.Labels.Select(label => label.Return + 0.1 * scale * Normal(random))],
            [.. sample.Labels.Select(label => (double)label.Interval.From.DayNumber)],
        ];
        return sample.With([.. names], columns);
    }

    static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>A column that must not be learned from, and why.</summary>
public sealed record RefusedFeature(string Name, string Rule, double Observed, double Limit)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Name} is refused ({Rule}): {Observed:0.####} against a limit of {Limit:0.####}.");
}

/// <summary>Columns that look too good, too empty or too much like a clock.</summary>
public static class FeatureAudit
{
    /// <summary>A single feature that parts outcomes better than this knows them: markets leave no such edge.</summary>
    public const double LargestAuc = 0.70;

    /// <summary>Rank correlation with time above which a column is a clock: what it learns of the past holds nowhere
    /// else.</summary>
    public const double LargestTimeCorrelation = 0.98;

    /// <summary>Every column that is refused.</summary>
    public static ImmutableArray<RefusedFeature> Refused(Sample sample)
    {
        var outcomes = sample.Outcomes();
        double[] times = [.. sample.Labels.Select(label => (double)label.Interval.From.DayNumber)];
        var rankedTimes = Ranks(times);
        var refused = ImmutableArray.CreateBuilder<RefusedFeature>();
        for (var column = 0; column < sample.Columns.Length; column++)
        {
            var (name, values) = (sample.Columns[column], sample.Column(column));
            if (values.Max() - values.Min() <= 1e-12 * Math.Abs(values.Max()))
            {
                refused.Add(new(name, "constant", 0, 0));
                continue;
            }

            var ranks = Ranks(values);
            var area = ClassificationScores.Of([.. ranks.Select(rank => rank / (ranks.Length + 1.0))], outcomes)
                .AreaUnderCurve ?? 0.5;
            if (Math.Max(area, 1 - area) > LargestAuc)
                refused.Add(new(name, "knows_the_outcome", Math.Max(area, 1 - area), LargestAuc));
            var correlation = Math.Abs(Comovement.Of(ranks, rankedTimes).Correlation ?? 0);
            if (correlation > LargestTimeCorrelation)
                refused.Add(new(name, "is_a_clock", correlation, LargestTimeCorrelation));
        }

        return refused.ToImmutable();
    }

    /// <summary>From 1; equal values share their mean rank.</summary>
    internal static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort((double[])values.Clone(), order);
        var ranks = new double[values.Length];
        for (int first = 0, end; first < order.Length; first = end)
        {
            for (end = first + 1; end < order.Length && values[order[end]] == values[order[first]]; end++)
            {
            }

            for (var i = first; i < end; i++)
                ranks[order[i]] = (first + 1 + end) / 2.0;
        }

        return ranks;
    }
}
