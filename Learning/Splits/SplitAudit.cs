using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>A training row that tells of a test row.</summary>
public sealed record SplitLeak(string Split, int TrainRow, int TestRow, Interval Train, Interval Test)
{
    public override string ToString() =>
        $"{Split}: the label of training row {TrainRow} ({Train}) shares sessions with that of test row {TestRow} ({Test}).";
}

/// <summary>Whether a plan keeps what is learned apart from what it is judged on. It looks at intervals alone, each
/// training label against each test label, and shares nothing with what makes plans.</summary>
public static class SplitAudit
{
    const int MaxLeaks = 100;

    /// <summary>The first <see cref="MaxLeaks"/> leaks; empty where there is none.</summary>
    public static ImmutableArray<SplitLeak> Leaks(SplitPlan plan, ImmutableArray<Label> labels) =>
        [.. plan.Splits.SelectMany(split => Leaks(split, labels)).Take(MaxLeaks)];

    static IEnumerable<SplitLeak> Leaks(Split split, ImmutableArray<Label> labels)
    {
        int[] tests = [.. split.Test.OrderBy(row => labels[row].Interval.From)];
        DateOnly[] starts = [.. tests.Select(row => labels[row].Interval.From)];
        // The test row with the latest end among those that start no later.
        var latest = new int[tests.Length];
        for (var i = 0; i < tests.Length; i++)
            latest[i] = i > 0 && labels[latest[i - 1]].Interval.To >= labels[tests[i]].Interval.To ? latest[i - 1] : tests[i];
        foreach (var row in split.Train)
        {
            var interval = labels[row].Interval;
            var place = Array.BinarySearch(starts, interval.To);
            if (place < 0) place = ~place - 1;
            else while (place + 1 < starts.Length && starts[place + 1] == interval.To) place++;
            if (place >= 0 && labels[latest[place]].Interval.To >= interval.From)
                yield return new(split.Name, row, latest[place], interval, labels[latest[place]].Interval);
        }
    }
}
