namespace Trading.Quant;

/// <summary>What a number tells of a yes-or-no outcome.</summary>
public static class MutualInformation
{
    /// <summary>
    /// Of quantile bins of the values with the outcome, in nats, less the mean that independence would give by chance,
    /// (bins - 1) / (2 n) (Miller 1955): about zero, above or below, for a value that tells nothing.
    /// </summary>
    /// <param name="bins">Quantile bins; equal values are never parted, so there may be fewer.</param>
    /// <exception cref="ArgumentException">Lengths that differ, no value, or fewer than two bins.</exception>
    public static double Of(ReadOnlySpan<double> values, ReadOnlySpan<bool> outcomes, int bins = 10)
    {
        Require.Length(outcomes, values.Length, nameof(outcomes));
        if (values.IsEmpty || bins < 2)
            throw new ArgumentException("Mutual information needs values and two or more bins.", nameof(values));
        var (sorted, labels) = (values.ToArray(), outcomes.ToArray());
        Array.Sort(sorted, labels);
        var (n, total, used) = (sorted.Length, 0.0, 0);
        var positives = labels.Count(label => label);
        for (int first = 0, end; first < n; first = end)
        {
            end = Math.Max(first + 1, (int)((long)n * (used + 1) / bins));
            while (end < n && sorted[end] == sorted[end - 1])
                end++;
            var yes = 0;
            for (var i = first; i < end; i++)
                yes += labels[i] ? 1 : 0;
            total += Term(yes, end - first, positives, n) + Term(end - first - yes, end - first, n - positives, n);
            used++;
        }

        return total - (used - 1) / (2.0 * n);
    }

    static double Term(int both, int inBin, int inClass, int n) =>
        both == 0 ? 0 : (double)both / n * Math.Log((double)both * n / ((double)inBin * inClass));
}
