using System.Collections.Immutable;
using System.Globalization;
using System.Text;

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
    /// <summary>One line for each split over time: <c>#</c> train, <c>T</c> test, <c>p</c> purged, <c>e</c> embargoed,
    /// <c>.</c> unused; where a column holds several, the rarest in this order: e, p, T, #.</summary>
    public string Draw(ImmutableArray<Label> labels, int columns = 80)
    {
        var rank = labels.Select((label, row) => (label.Interval.From, row)).OrderBy(pair => pair).Select(pair => pair.row)
            .ToArray();
        var place = new int[rank.Length];
        for (var i = 0; i < rank.Length; i++)
            place[rank[i]] = (int)((long)i * columns / rank.Length);
        var text = new StringBuilder(Method).Append('\n');
        foreach (var split in Splits)
        {
            var line = new string('.', columns).ToCharArray();
            foreach (var (rows, mark) in new[]
                { (split.Train, '#'), (split.Test, 'T'), (split.Purged, 'p'), (split.Embargoed, 'e') })
                foreach (var row in rows)
                    line[place[row]] = mark;
            text.Append(CultureInfo.InvariantCulture, $"{split.Name,-24} {new string(line)}\n");
        }

        return text.ToString();
    }
}
