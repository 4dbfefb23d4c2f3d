namespace Trading.Quant;

/// <summary>What each observation adds to the area under the curve: its mean is the error of the area, so that what the
/// area may be off by can be told where observations depend on each other (DeLong, DeLong and Clarke-Pearson 1988 by
/// placements; Obuchowski 1997 for groups of them).</summary>
public static class AreaInfluence
{
    /// <summary>One for each observation, zero in the mean; null where only one outcome occurred.</summary>
    /// <exception cref="ArgumentException">Lengths that differ, none, or a score that is not finite.</exception>
    public static double[]? Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> outcomes)
    {
        Require.Length(outcomes, scores.Length, nameof(outcomes));
        Require.Finite(scores, nameof(scores));
        var count = scores.Length;
        double rises = outcomes.Count(true);
        var falls = count - rises;
        if (rises == 0 || falls == 0) return null;
        var (sorted, order) = (scores.ToArray(), new int[count]);
        for (var i = 0; i < count; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        var (placements, area) = (new double[count], 0.0);
        double risesBelow = 0, fallsBelow = 0;
        for (int first = 0, end; first < count; first = end)
        {
            double tiedRises = 0, tiedFalls = 0;
            for (end = first; end < count && sorted[end] == sorted[first]; end++)
                if (outcomes[order[end]]) tiedRises++;
                else tiedFalls++;
            for (var i = first; i < end; i++)
                placements[order[i]] = outcomes[order[i]]
                    ? (fallsBelow + tiedFalls / 2) / falls
                    : (rises - risesBelow - tiedRises / 2) / rises;
            area += tiedRises * (fallsBelow + tiedFalls / 2) / falls / rises;
            (risesBelow, fallsBelow) = (risesBelow + tiedRises, fallsBelow + tiedFalls);
        }

        for (var i = 0; i < count; i++)
            placements[i] = (placements[i] - area) * count / (outcomes[i] ? rises : falls);
        return placements;
    }
}
