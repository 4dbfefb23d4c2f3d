using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>Takes out of the rows beside a test what would tell of it.</summary>
static class Purge
{
    /// <param name="tests">The rows of each test range; every range has one or more.</param>
    /// <param name="embargo">Sessions after the latest end of a range's labels in which no training label starts: it
    /// comes on top of the purge.</param>
    public static Split Split(
        string name, ImmutableArray<Label> labels, SessionAxis axis, IEnumerable<int> candidates,
        IReadOnlyList<ImmutableArray<int>> tests, int embargo)
    {
        Interval[] tested = [.. tests.Select(rows => new Interval(
            rows.Min(row => labels[row].Interval.From), rows.Max(row => labels[row].Interval.To)))];
        DateOnly[] until = [.. tested.Select(range => axis.After(range.To, embargo))];
        HashSet<int> testRows = [.. tests.SelectMany(rows => rows)];
        var (train, purged, embargoed) = (new List<int>(), new List<int>(), new List<int>());
        foreach (var row in candidates.Where(row => !testRows.Contains(row)))
        {
            var interval = labels[row].Interval;
            var rows = tested.Any(interval.Overlaps) ? purged
                : tested.Zip(until).Any(pair => interval.From > pair.First.To && interval.From <= pair.Second) ? embargoed
                : train;
            rows.Add(row);
        }

        return new(name, [.. train], [.. tests.SelectMany(rows => rows)], [.. purged], [.. embargoed], [.. tested]);
    }
}
