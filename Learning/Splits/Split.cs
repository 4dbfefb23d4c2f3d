using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>Rows to learn from and rows to be judged on.</summary>
/// <param name="Purged">Rows left out since their label shares a session with the test.</param>
/// <param name="Embargoed">Rows left out since they follow the test too closely.</param>
/// <param name="Tested">The time of each test range: from its first label's start to its latest label's end.</param>
public sealed record Split(
    string Name, ImmutableArray<int> Train, ImmutableArray<int> Test, ImmutableArray<int> Purged,
    ImmutableArray<int> Embargoed, ImmutableArray<Interval> Tested);

/// <summary>All splits of one way of validating; a value that can be listed, drawn and audited.</summary>
/// <param name="Paths">For combinatorial splits: for each path, the split that tests each group. Empty
/// otherwise.</param>
public sealed record SplitPlan(string Method, ImmutableArray<Split> Splits, ImmutableArray<ImmutableArray<int>> Paths)
{
    /// <summary>The path of each test row of a split; 0 where there are none: then every split is a part of one
    /// history.</summary>
    public ImmutableArray<int> PathsOf(int split, ImmutableArray<Label> labels)
    {
        var (rows, ranges) = (Splits[split].Test, Splits[split].Tested);
        if (Paths.IsEmpty) return [.. rows.Select(_ => 0)];
        // The groups that the split tests, in the order of its ranges, and whose path each of them is a part of.
        int[] paths = [.. Enumerable.Range(0, Paths[0].Length)
            .Select(group => Enumerable.Range(0, Paths.Length).FirstOrDefault(path => Paths[path][group] == split, -1))
            .Where(path => path >= 0)];
        return [.. rows.Select(row => paths[ranges.Count(range => range.From <= labels[row].Interval.From) - 1])];
    }
}
