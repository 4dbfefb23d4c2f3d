using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Trading.Learning;

/// <summary>A plan for people: a list of its splits, and a drawing of them over time.</summary>
public static class SplitText
{
    /// <summary>Of a line of a terminal.</summary>
    public const int UsualWidth = 80;

    /// <summary>What the marks of <see cref="Draw"/> mean.</summary>
    public const string Legend = "# learned from, T tested, p purged, e embargoed, . not used";

    const int LeastMarks = 10;

    /// <summary>One line for each split over time: <c>#</c> train, <c>T</c> test, <c>p</c> purged, <c>e</c> embargoed,
    /// <c>.</c> unused; where a column holds several, the rarest in this order: e, p, T, #.</summary>
    public static string Draw(SplitPlan plan, ImmutableArray<Label> labels, int width = UsualWidth)
    {
        var names = plan.Splits.Max(split => split.Name.Length) + 1;
        var columns = Math.Max(LeastMarks, width - names);
        int[] rank = [.. Enumerable.Range(0, labels.Length).OrderBy(row => labels[row].Interval.From).ThenBy(row => row)];
        var place = new int[rank.Length];
        for (var i = 0; i < rank.Length; i++)
            place[rank[i]] = (int)((long)i * columns / rank.Length);
        var text = new StringBuilder();
        foreach (var split in plan.Splits)
        {
            var line = new string('.', columns).ToCharArray();
            foreach (var (rows, mark) in new[]
                { (split.Train, '#'), (split.Test, 'T'), (split.Purged, 'p'), (split.Embargoed, 'e') })
                foreach (var row in rows)
                    line[place[row]] = mark;
            text.Append(split.Name.PadRight(names)).Append(line).Append('\n');
        }

        var (first, last) = ($"{labels[rank[0]].Interval.From:yyyy-MM-dd}", $"{labels[rank[^1]].Interval.From:yyyy-MM-dd}");
        text.Append(' ', names).Append(first);
        return (columns > first.Length + last.Length ? text.Append(last.PadLeft(columns - first.Length)) : text)
            .Append('\n').ToString();
    }

    /// <summary>One line for each test range of each split: what is learned from, what is tested, and how many rows are
    /// left out so that nothing leaks.</summary>
    public static string List(SplitPlan plan, ImmutableArray<Label> labels)
    {
        var names = Math.Max("split".Length, plan.Splits.Max(split => split.Name.Length));
        var text = new StringBuilder();
        void Line(string name, string learned, object learnedRows, string tested, object testedRows, object purged, object embargoed) =>
            text.Append(string.Create(CultureInfo.InvariantCulture,
                $"{name.PadRight(names)} {learned,-22} {learnedRows,5} {tested,-22} {testedRows,5} {purged,6} {embargoed,4}").TrimEnd()).Append('\n');
        Line("split", "learned from", "rows", "tested", "rows", "purged", "emb.");
        foreach (var split in plan.Splits)
        {
            Line(split.Name, Learned(split, labels), split.Train.Length, split.Tested[0].ToString(), split.Test.Length,
                split.Purged.Length, split.Embargoed.Length);
            foreach (var range in split.Tested.Skip(1))
                Line("", "", "", range.ToString(), "", "", "");
        }

        return text.ToString();
    }

    static string Learned(Split split, ImmutableArray<Label> labels)
    {
        if (split.Train.IsEmpty) return "nothing";
        var range = new Interval(
            split.Train.Min(row => labels[row].Interval.From), split.Train.Max(row => labels[row].Interval.To));
        return range.To < split.Tested[0].From ? range.ToString() : "all the rest";
    }
}
