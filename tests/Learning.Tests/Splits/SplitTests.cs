using System.Collections.Immutable;

namespace Trading.Learning.Tests;

public sealed class SplitTests
{
    static readonly DateOnly[] Days = Histories.Sessions(2_000);

    static ImmutableArray<Label> Intervals(params (int From, int To)[] intervals) =>
        [.. intervals.Select(each => new Label(new(Days[each.From], Days[each.To]), 0, 0, true, Barrier.Time))];

    /// <summary>A label a session, each looking so many ahead.</summary>
    static ImmutableArray<Label> Daily(int count, int horizon) =>
        Intervals([.. Enumerable.Range(0, count).Select(i => (i, i + horizon))]);

    [Theory]
    [InlineData(SplitSchemes.Expanding, 5, 1_667)]
    [InlineData(SplitSchemes.Rolling, 5, 335)]
    [InlineData(SplitSchemes.Yearly, 6, 1_826)]
    [InlineData(SplitSchemes.PurgedKFold, 5, 1_600)]
    [InlineData(SplitSchemes.CombinatorialPurged, 10, 1_200)]
    public void EveryScheme_LeaksNothing_AndLearnsFromNoMoreThanItSays(string scheme, int splits, int mostTrained)
    {
        var labels = Daily(1_990, horizon: 5);
        var plan = SplitSchemes.Of(scheme, labels, folds: 5, embargo: 5);
        plan.Splits.Length.ShouldBe(splits);
        plan.Splits.Max(split => split.Train.Length).ShouldBeInRange(mostTrained - 60, mostTrained);
        SplitAudit.Leaks(plan, labels).ShouldBeEmpty();
    }

    [Fact]
    public void ASchemeThatThereIsNot_IsRefused() =>
        Should.Throw<ArgumentException>(() => SplitSchemes.Of("hindsight", Daily(100, 1), 5, 5)).Message.ShouldContain("expanding, rolling");

    [Fact]
    public void TrainingLabels_ThatEndInStartInOrSpanTheTest_ArePurged()
    {
        // Three groups of starts: 0 1 | 10 11 | 20 21; the middle one is tested: 10 to 15.
        var labels = Intervals((0, 9), (1, 10), (10, 12), (11, 15), (20, 22), (21, 23));
        var split = SplitPlans.PurgedKFold(labels, 3, embargo: 0).Splits[1];
        split.Tested.ShouldBe([new(Days[10], Days[15])]);
        (split.Train, split.Purged).ShouldSatisfyAllConditions(each => each.Train.ShouldBe([0, 4, 5]), each => each.Purged.ShouldBe([1]));

        var spanning = Intervals((0, 30), (1, 9), (10, 12), (11, 12), (20, 22), (21, 23));
        SplitPlans.PurgedKFold(spanning, 3, 0).Splits[1].Purged.ShouldBe([0]);
    }

    [Fact]
    public void TheTestEnds_WithTheLatestEndOfItsLabels_NotWithThatOfItsLastRow()
    {
        // The first test label runs to 21, the last only to 12: rows that start at 20 and 21 know of it.
        var labels = Intervals((0, 2), (1, 3), (10, 21), (11, 12), (20, 22), (21, 23), (22, 24), (23, 25));
        var split = SplitPlans.PurgedKFold(labels, 4, 0).Splits[1];
        split.Tested.ShouldBe([new(Days[10], Days[21])]);
        split.Purged.ShouldBe([4, 5]);
        split.Train.ShouldBe([0, 1, 6, 7]);
    }

    [Fact]
    public void TheTestBegins_WithTheStartOfItsFirstLabel_NotWithItsEnd()
    {
        // Training label 1 ends at 10, where the test's first label starts.
        var labels = Intervals((0, 2), (5, 10), (10, 14), (12, 16));
        SplitPlans.PurgedKFold(labels, 2, 0).Splits[1].Purged.ShouldBe([1]);
    }

    [Fact]
    public void Embargo_ComesOnTopOfThePurge_InSessions()
    {
        // Daily labels over 5 sessions, 30 of them; the test has starts 10 to 19 and ends at 24.
        var split = SplitPlans.PurgedKFold(Daily(30, 5), 3, embargo: 3).Splits[1];
        split.Purged.ShouldBe([5, 6, 7, 8, 9, 20, 21, 22, 23, 24]);
        split.Embargoed.ShouldBe([25, 26, 27]);
        split.Train.ShouldBe([0, 1, 2, 3, 4, 28, 29]);
    }

    [Fact]
    public void Rolling_LearnsFromTheLastSessions_Expanding_FromAll()
    {
        var labels = Daily(100, 1);
        var rolling = SplitPlans.WalkForward(labels, 50, 25, trainSessions: 20);
        rolling.Splits.Select(split => (split.Train[0], split.Train[^1], split.Purged[^1], split.Test[0], split.Test[^1]))
            .ShouldBe([(30, 48, 49, 50, 74), (55, 73, 74, 75, 99)]);
        var expanding = SplitPlans.WalkForward(labels, 50, 25);
        expanding.Splits.Select(split => (split.Train[0], split.Train[^1], split.Test.Length)).ShouldBe([(0, 48, 25), (0, 73, 25)]);
    }

    [Fact]
    public void TestsByCalendar_AreWholeMonthsQuartersOrYears()
    {
        var labels = Daily(1_000, 3);
        foreach (var period in Enum.GetValues<CalendarPeriod>())
        {
            var plan = SplitPlans.WalkForward(labels, 300, period);
            foreach (var split in plan.Splits)
                split.Test.Select(row => Key(labels[row].Interval.From, period)).Distinct().Count().ShouldBe(1);
            plan.Splits.SelectMany(split => split.Test).ShouldBe(Enumerable.Range(plan.Splits[0].Test[0], 1_000 - plan.Splits[0].Test[0]));
            SplitAudit.Leaks(plan, labels).ShouldBeEmpty();
        }
    }

    static (int, int) Key(DateOnly date, CalendarPeriod period) => period switch
    {
        CalendarPeriod.Year => (date.Year, 0),
        CalendarPeriod.Quarter => (date.Year, (date.Month - 1) / 3),
        _ => (date.Year, date.Month),
    };

    [Fact]
    public void Combinatorial_HasEveryChoiceOnce_AndEveryPathTestsEveryRowOnce()
    {
        var labels = Daily(120, 2);
        var plan = SplitPlans.CombinatorialPurged(labels, 6, 2, embargo: 2);
        plan.Splits.Length.ShouldBe(15); // C(6, 2)
        plan.Paths.Length.ShouldBe(5); // C(5, 1)
        foreach (var path in plan.Paths)
            path.SelectMany((split, group) => plan.Splits[split].Test.Where(row => row / 20 == group)).ShouldBe(Enumerable.Range(0, 120));
        plan.Paths.SelectMany(path => path.Select((split, group) => (split, group))).ShouldBeUnique();
    }

    [Fact]
    public void NoPlan_Leaks_WhateverTheLabels()
    {
        foreach (var seed in Enumerable.Range(1, 30))
        {
            var random = new Random(seed);
            var labels = Intervals([.. Enumerable.Range(0, 300).Select(i => (i / 2, i / 2 + 1 + random.Next(1 + seed)))]);
            SplitPlan[] plans =
            [
                SplitPlans.WalkForward(labels, 60, 1 + random.Next(30)), SplitPlans.WalkForward(labels, 70, 20, 40),
                SplitPlans.PurgedKFold(labels, 2 + random.Next(6), random.Next(5)), SplitPlans.CombinatorialPurged(labels, 6, 2, 1),
            ];
            foreach (var plan in plans)
            {
                Brute(plan, labels).ShouldBe(0, plan.Method);
                SplitAudit.Leaks(plan, labels).ShouldBeEmpty(plan.Method);
                foreach (var split in plan.Splits)
                    split.Train.Concat(split.Test).Concat(split.Purged).Concat(split.Embargoed).ShouldBeUnique();
            }
        }
    }

    [Fact]
    public void TheAudit_FindsEveryLeakThatLookingAtEachPairFinds()
    {
        foreach (var seed in Enumerable.Range(1, 40))
        {
            var random = new Random(seed);
            var labels = Intervals([.. Enumerable.Range(0, 60).Select(_ => random.Next(200)).Select(at => (at, at + 1 + random.Next(6)))]);
            var rows = Enumerable.Range(0, 60).ToArray();
            random.Shuffle(rows);
            var plan = new SplitPlan("chance", [new("only", [.. rows[..50]], [.. rows[50..]], [], [], [])], []);
            SplitAudit.Leaks(plan, labels).Length.ShouldBe(Brute(plan, labels));
        }
    }

    [Fact]
    public void AnOverlappingSplit_IsNamedWithBothLabels()
    {
        var labels = Daily(10, 3);
        var plan = new SplitPlan("by index", [new("last two", [.. Enumerable.Range(0, 8)], [8, 9], [], [], [])], []);
        SplitAudit.Leaks(plan, labels)[0].ToString().ShouldBe(
            $"last two: the label of training row 5 ({labels[5].Interval}) shares sessions with that of test row 8 ({labels[8].Interval}).");
    }

    [Theory]
    [InlineData(SplitSchemes.CombinatorialPurged, 5, 0, "of 5 groups 1 to 4")]
    [InlineData(SplitSchemes.CombinatorialPurged, 5, 5, "of 5 groups 1 to 4")]
    [InlineData(SplitSchemes.CombinatorialPurged, 20, 10, "that makes 184756 splits, and 1000 are the most")]
    [InlineData(SplitSchemes.Expanding, 5, 2, "tested is a parameter of combinatorial_purged, not of expanding.")]
    public void AChoiceOfGroupsThatCannotBe_IsRefused(string scheme, int folds, int tested, string why)
    {
        SplitSchemes.BrokenRules(scheme, folds, tested).ShouldHaveSingleItem().Message.ShouldContain(why);
        Should.Throw<ArgumentException>(() => SplitSchemes.Of(scheme, Daily(100, 1), folds, 5, tested));
    }

    [Fact]
    public void APlan_CanBeDrawn_OverTime()
    {
        var labels = Daily(30, 2);
        SplitText.Draw(SplitPlans.PurgedKFold(labels, 3, embargo: 2), labels, 39).ShouldBe($"""
            groups 0 TTTTTTTTTTppee################
            groups 1 ########ppTTTTTTTTTTppee######
            groups 2 ##################ppTTTTTTTTTT
                     {Days[0]:yyyy-MM-dd}          {Days[29]:yyyy-MM-dd}

            """.ReplaceLineEndings("\n"));
        SplitText.Draw(SplitPlans.WalkForward(labels, 10, 10, trainSessions: 10), labels, 41).Split('\n')[1]
            .ShouldBe($"{Days[20]:yyyy-MM-dd} ..........########ppTTTTTTTTTT");
    }

    [Theory]
    [InlineData(SplitSchemes.Expanding)]
    [InlineData(SplitSchemes.Rolling)]
    [InlineData(SplitSchemes.Yearly)]
    [InlineData(SplitSchemes.PurgedKFold)]
    [InlineData(SplitSchemes.CombinatorialPurged)]
    public void ADrawingAndAList_FitATerminal(string scheme)
    {
        var labels = Daily(1_990, 5);
        var plan = SplitSchemes.Of(scheme, labels, folds: 6, embargo: 5);
        var drawing = SplitText.Draw(plan, labels).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        drawing.ShouldAllBe(line => line.Length == SplitText.UsualWidth);
        drawing.Length.ShouldBe(plan.Splits.Length + 1);
        var list = SplitText.List(plan, labels).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        list.ShouldAllBe(line => line.Length <= SplitText.UsualWidth);
        list.Length.ShouldBe(1 + plan.Splits.Sum(split => split.Tested.Length));
    }

    [Fact]
    public void AList_SaysWhatEachSplitLearnsFromAndTests_AndWhatItLeavesOut()
    {
        var labels = Daily(30, 2);
        SplitText.List(SplitPlans.CombinatorialPurged(labels, 3, 2, embargo: 1), labels).Split('\n')[3..5].ShouldBe(
        [
            $"groups 0+2 all the rest               5 {Days[0]:yyyy-MM-dd}..{Days[11]:yyyy-MM-dd}    20      4    1",
            $"                                        {Days[20]:yyyy-MM-dd}..{Days[31]:yyyy-MM-dd}",
        ]);
        SplitText.List(SplitPlans.WalkForward(labels, 10, 10), labels).Split('\n')[1].ShouldBe(
            $"{Days[10]:yyyy-MM-dd} {Days[0]:yyyy-MM-dd}..{Days[9]:yyyy-MM-dd}     8 {Days[10]:yyyy-MM-dd}..{Days[21]:yyyy-MM-dd}    10      2    0");
    }

    [Fact]
    public void EveryTestRow_IsOfThePathThatItsGroupIsOf()
    {
        var labels = Daily(120, 2);
        var plan = SplitPlans.CombinatorialPurged(labels, 6, 3, embargo: 2);
        for (var split = 0; split < plan.Splits.Length; split++)
            plan.PathsOf(split, labels).ShouldBe(plan.Splits[split].Test.Select(row =>
                Enumerable.Range(0, plan.Paths.Length).Single(path => plan.Paths[path][row / 20] == split)));
        SplitPlans.PurgedKFold(labels, 4, 2).PathsOf(1, labels).ShouldAllBe(path => path == 0);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(5, 5, 0)]
    [InlineData(31, 1, 0)]
    [InlineData(4, 1, -1)]
    public void GroupsThatCannotBe_AreRefused(int groups, int tested, int embargo) =>
        Should.Throw<ArgumentException>(() => SplitPlans.CombinatorialPurged(Daily(30, 1), groups, tested, embargo));

    static int Brute(SplitPlan plan, ImmutableArray<Label> labels) => plan.Splits.Sum(split => split.Train.Count(train =>
        split.Test.Any(test => labels[train].Interval.From <= labels[test].Interval.To && labels[test].Interval.From <= labels[train].Interval.To)));
}
