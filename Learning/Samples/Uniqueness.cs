using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>How much of a label's time is its own (López de Prado, Advances in Financial Machine Learning, 4.3): the
/// mean over its sessions, those at which some label starts or ends, of one over the labels that run in them. Labels of
/// one symbol share time; those of different symbols are counted apart.</summary>
public static class Uniqueness
{
    /// <summary>From above 0 to 1, one for each label. A label runs from the session after its first, since the first
    /// close is where it starts, to its last.</summary>
    public static ImmutableArray<double> Of(ImmutableArray<Label> labels, ImmutableArray<int> symbols)
    {
        var weights = new double[labels.Length];
        foreach (var rows in Enumerable.Range(0, labels.Length).GroupBy(row => symbols[row]))
            Fill([.. rows], labels, weights);
        return [.. weights];
    }

    static void Fill(int[] rows, ImmutableArray<Label> labels, double[] weights)
    {
        DateOnly[] sessions = [.. rows.SelectMany(row => new[] { labels[row].Interval.From, labels[row].Interval.To })
            .Distinct().Order()];
        var running = new int[sessions.Length + 1];
        var places = new (int First, int Last)[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var interval = labels[rows[i]].Interval;
            var (first, last) = (Array.BinarySearch(sessions, interval.From) + 1, Array.BinarySearch(sessions, interval.To));
            places[i] = (first, last);
            running[first]++;
            running[last + 1]--;
        }

        var shares = new double[sessions.Length + 1];
        var count = 0;
        for (var session = 0; session < sessions.Length; session++)
        {
            count += running[session];
            shares[session + 1] = shares[session] + (count > 0 ? 1.0 / count : 0);
        }

        for (var i = 0; i < rows.Length; i++)
            weights[rows[i]] = (shares[places[i].Last + 1] - shares[places[i].First]) / (places[i].Last + 1 - places[i].First);
    }
}
