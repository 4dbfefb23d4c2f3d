using System.Collections.Immutable;

namespace Trading.Quant;

/// <summary>How far a distribution has moved from the one that a model was trained on. The edges are frozen with the
/// baseline: those of later samples would move with them and hide it.</summary>
/// <param name="Edges">Inner edges, ascending; a value on an edge belongs below it.</param>
/// <param name="Shares">Of the baseline between the edges, one more than there are edges.</param>
public sealed record PopulationStability(ImmutableArray<double> Edges, ImmutableArray<double> Shares)
{
    public const double Watch = 0.1, Act = 0.25;

    /// <summary>What an empty bin counts as, so that one cannot make the index infinite.</summary>
    public const double LeastShare = 1e-4;

    /// <summary>Bins of equal shares of the baseline; equal values are never parted, so there may be fewer.</summary>
    /// <exception cref="ArgumentException">No value, one that is not finite, or fewer than two bins.</exception>
    public static PopulationStability Of(ReadOnlySpan<double> baseline, int bins = 10)
    {
        Require.Finite(baseline, nameof(baseline));
        if (baseline.IsEmpty || bins < 2)
            throw new ArgumentException("A baseline needs values and two or more bins.", nameof(baseline));
        var sorted = baseline.ToArray();
        Array.Sort(sorted);
        ImmutableArray<double> edges = [.. Enumerable.Range(1, bins - 1)
            .Select(bin => sorted[(int)((long)bin * sorted.Length / bins) - (sorted.Length >= bins ? 1 : 0)])
            .Where(edge => edge < sorted[^1]).Distinct()];
        return new(edges, [.. Count(sorted, edges)]);
    }

    /// <summary>Sum of (p - q) ln(p / q) over the bins: below 0.1 stable, from 0.25 on act.</summary>
    /// <exception cref="ArgumentException">No value, or one that is not finite.</exception>
    public double Index(ReadOnlySpan<double> sample)
    {
        Require.Finite(sample, nameof(sample));
        if (sample.IsEmpty) throw new ArgumentException("There is no value to compare.", nameof(sample));
        return Index([.. Shares], Count(sample, Edges));
    }

    /// <summary>Of two distributions that are given by their shares.</summary>
    public static double Index(ReadOnlySpan<double> baseline, ReadOnlySpan<double> sample)
    {
        Require.Length(sample, baseline.Length, nameof(sample));
        var sum = 0.0;
        for (var bin = 0; bin < baseline.Length; bin++)
        {
            var (p, q) = (Math.Max(sample[bin], LeastShare), Math.Max(baseline[bin], LeastShare));
            sum += (p - q) * Math.Log(p / q);
        }

        return sum;
    }

    static double[] Count(ReadOnlySpan<double> values, ImmutableArray<double> edges)
    {
        var shares = new double[edges.Length + 1];
        foreach (var value in values)
        {
            var place = edges.BinarySearch(value);
            shares[place < 0 ? ~place : place] += 1.0 / values.Length;
        }

        return shares;
    }
}
