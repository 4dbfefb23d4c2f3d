using System.Collections.Immutable;

namespace Trading.Quant;

/// <summary>Groups of variables that move together, by average linkage.</summary>
/// <param name="Groups">Each ascending, in the order of their first variables; a variable near no other is a group of its own.</param>
/// <param name="Unknown">Variables without variance: near to nothing, and in no group.</param>
/// <param name="LeastCorrelation">Groups are joined while their mean distance is at most that of two variables so correlated.</param>
/// <remarks>The distance of two variables is sqrt((1-rho)/2), a metric from 0 (rho 1) to 1 (rho -1); that of two groups is the mean
/// over their pairs (UPGMA), so one close pair does not chain groups that are otherwise far apart.</remarks>
public sealed record CorrelationClusters(ImmutableArray<ImmutableArray<int>> Groups, ImmutableArray<int> Unknown, double LeastCorrelation)
{
    /// <summary>How far above the limit a mean of distances may lie by rounding.</summary>
    const double Rounding = 1e-12;

    /// <exception cref="ArgumentException">The least correlation is not between -1 and 1.</exception>
    public static CorrelationClusters Of(CorrelationMatrix correlations, double leastCorrelation)
    {
        if (!(leastCorrelation is >= -1 and <= 1))
            throw new ArgumentException($"A correlation lies between -1 and 1; {leastCorrelation} does not.", nameof(leastCorrelation));
        var known = correlations.Known;
        var group = Enumerable.Range(0, known.Length).ToArray();
        foreach (var (into, from, distance) in Tree(correlations))
            if (distance <= Distance(leastCorrelation) + Rounding)
                for (var (i, old, target) = (0, group[from], group[into]); i < group.Length; i++)
                    if (group[i] == old)
                        group[i] = target;

        return new(
            [.. known.Zip(group).GroupBy(pair => pair.Second, pair => pair.First).Select(members => members.ToImmutableArray())],
            [.. Enumerable.Range(0, correlations.Order).Except(known)], leastCorrelation);
    }

    /// <summary>All joins of the tree, in the order of nearest-neighbour chains (Murtagh 1983), which takes n² steps and gives the same
    /// tree as joining the nearest pair each time, ties apart. A group goes by the place of one of its variables among the known.</summary>
    static List<(int Into, int From, double Distance)> Tree(CorrelationMatrix correlations)
    {
        var distances = Distances(correlations);
        var sizes = Enumerable.Repeat(1, distances.Length).ToArray();
        var alive = Enumerable.Range(0, distances.Length).ToList();
        var joins = new List<(int, int, double)>(distances.Length);
        var chain = new List<int>(distances.Length);
        while (alive.Count > 1)
        {
            if (chain.Count == 0) chain.Add(alive[0]);
            var last = chain[^1];
            var before = chain.Count > 1 ? chain[^2] : -1;
            var nearest = Nearest(distances[last], alive, last, before);
            if (nearest != before)
            {
                chain.Add(nearest);
                continue;
            }

            chain.RemoveRange(chain.Count - 2, 2);
            alive.Remove(last);
            joins.Add((before, last, distances[last][before]));
            foreach (var other in alive)
                distances[other][before] = distances[before][other] =
                    (sizes[before] * distances[before][other] + sizes[last] * distances[last][other]) / (sizes[before] + sizes[last]);
            sizes[before] += sizes[last];
        }

        return joins;
    }

    /// <summary>The nearest of the others; among equals the one that the chain came from, so that a chain ends.</summary>
    static int Nearest(double[] distances, List<int> alive, int self, int before)
    {
        var nearest = before;
        foreach (var other in alive)
            if (other != self && (nearest < 0 || distances[other] < distances[nearest]))
                nearest = other;
        return nearest;
    }

    static double[][] Distances(CorrelationMatrix correlations) =>
        [.. correlations.Known.Select(row => correlations.Known.Select(column => Distance(correlations[row, column]!.Value)).ToArray())];

    static double Distance(double correlation) => Math.Sqrt((1 - correlation) / 2);
}
