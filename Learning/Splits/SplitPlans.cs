using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>The length of a test range that follows the calendar.</summary>
public enum CalendarPeriod
{
    Month,
    Quarter,
    Year,
}

/// <summary>The ways of splitting a sample. All rows of a session stay together, whatever the symbol.</summary>
public static class SplitPlans
{
    internal const int MaxSplits = 1_000;

    /// <summary>Equal test ranges, each after everything that it is learned from.</summary>
    /// <param name="trainSessions">The sessions right before a test to learn from (rolling); null for all
    /// (expanding).</param>
    public static SplitPlan WalkForward(
        ImmutableArray<Label> labels, int firstTest, int testSessions, int? trainSessions = null)
    {
        Require(firstTest >= 1 && testSessions >= 1 && trainSessions is null or >= 1, nameof(testSessions),
            "Walk-forward needs one or more sessions in every range.");
        var axis = new SessionAxis(labels);
        List<(string, int, int)> ranges = [];
        for (var from = firstTest; from < axis.Starts.Length; from += testSessions)
            ranges.Add(($"{axis.Starts[from]:yyyy-MM-dd}", from, Math.Min(from + testSessions, axis.Starts.Length)));
        return Forward(trainSessions is null ? "walk_forward_expanding" : "walk_forward_rolling", labels, axis, ranges,
            trainSessions);
    }

    /// <summary>Test ranges that are months, quarters or years by the calendar; the first is the first period that
    /// begins after <paramref name="firstTest"/> sessions.</summary>
    public static SplitPlan WalkForward(
        ImmutableArray<Label> labels, int firstTest, CalendarPeriod period, int? trainSessions = null)
    {
        Require(firstTest >= 1 && trainSessions is null or >= 1, nameof(firstTest),
            "Walk-forward needs one or more sessions in every range.");
        var axis = new SessionAxis(labels);
        var ranges = Enumerable.Range(0, axis.Starts.Length).GroupBy(session => PeriodOf(axis.Starts[session], period))
            .Select(group => (group.Key, group.First(), group.Last() + 1)).Where(range => range.Item2 >= firstTest).ToList();
        return Forward($"walk_forward_{period.ToString().ToLowerInvariant()}", labels, axis, ranges, trainSessions);
    }

    /// <summary>Equal contiguous ranges of sessions, each tested by what is learned from the others.</summary>
    public static SplitPlan PurgedKFold(ImmutableArray<Label> labels, int folds, int embargo) =>
        Combinatorial("purged_k_fold", labels, folds, 1, embargo) with { Paths = [] };

    /// <summary>Every choice of <paramref name="tested"/> of the groups is a test (López de Prado, Advances in Financial
    /// Machine Learning, 12): C(groups, tested) splits, from which C(groups - 1, tested - 1) whole histories can be
    /// put together.</summary>
    public static SplitPlan CombinatorialPurged(ImmutableArray<Label> labels, int groups, int tested, int embargo) =>
        Combinatorial("combinatorial_purged", labels, groups, tested, embargo);

    static SplitPlan Forward(
        string method, ImmutableArray<Label> labels, SessionAxis axis, List<(string Name, int From, int End)> ranges,
        int? trainSessions)
    {
        Require(ranges.Count is >= 1 and <= MaxSplits, nameof(labels),
            $"{axis.Starts.Length} sessions give {ranges.Count} test ranges; there are 1 to {MaxSplits}.");
        return new(method, [.. ranges.Select(range => Purge.Split(range.Name, labels, axis,
            axis.RowsOf(Math.Max(0, range.From - (trainSessions ?? range.From)), range.From),
            [axis.RowsOf(range.From, range.End)], embargo: 0))], []);
    }

    static SplitPlan Combinatorial(string method, ImmutableArray<Label> labels, int groups, int tested, int embargo)
    {
        var axis = new SessionAxis(labels);
        Require(groups >= 2 && groups <= axis.Starts.Length && tested >= 1 && tested < groups && embargo >= 0,
            nameof(groups), $"{groups} groups of {axis.Starts.Length} sessions, {tested} of them tested, cannot be.");
        var choices = Choices(groups, tested).Take(MaxSplits + 1).ToList();
        Require(choices.Count <= MaxSplits, nameof(groups), $"There are at most {MaxSplits} splits.");
        ImmutableArray<int>[] rows = [.. Enumerable.Range(0, groups).Select(group => axis.RowsOf(
            group * axis.Starts.Length / groups, (group + 1) * axis.Starts.Length / groups))];
        return new(method,
            [.. choices.Select(choice => Purge.Split($"groups {string.Join("+", choice)}", labels, axis,
                Enumerable.Range(0, labels.Length), [.. choice.Select(group => rows[group])], embargo))],
            Paths(choices, groups));
    }

    /// <summary>The i-th path takes, for each group, the i-th split that tests it.</summary>
    static ImmutableArray<ImmutableArray<int>> Paths(List<int[]> choices, int groups)
    {
        int[][] testedBy = [.. Enumerable.Range(0, groups).Select(group =>
            Enumerable.Range(0, choices.Count).Where(choice => choices[choice].Contains(group)).ToArray())];
        return [.. Enumerable.Range(0, testedBy[0].Length)
            .Select(path => testedBy.Select(splits => splits[path]).ToImmutableArray())];
    }

    static IEnumerable<int[]> Choices(int groups, int tested, int from = 0)
    {
        if (tested == 0)
        {
            yield return [];
            yield break;
        }

        for (var first = from; first <= groups - tested; first++)
            foreach (var rest in Choices(groups, tested - 1, first + 1))
                yield return [first, .. rest];
    }

    static string PeriodOf(DateOnly date, CalendarPeriod period) => period switch
    {
        CalendarPeriod.Year => $"{date.Year}",
        CalendarPeriod.Quarter => $"{date.Year}-q{(date.Month + 2) / 3}",
        _ => $"{date.Year}-{date.Month:00}",
    };

    static void Require(bool rule, string parameter, string message)
    {
        if (!rule) throw new ArgumentException(message, parameter);
    }
}
