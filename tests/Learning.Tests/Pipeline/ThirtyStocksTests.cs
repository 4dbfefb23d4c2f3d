namespace Trading.Learning.Tests;

/// <summary>Ten years of the thirty bundled stocks, learned together.</summary>
public sealed class ThirtyStocksTests
{
    [Fact]
    public void TheWholeWalkForward_LeaksNothing_CatchesItsCanaries_AndSaysWhatItFound()
    {
        var spec = TrainingSpec.Default with { Label = new LabelSpec.NextReturn(5), Folds = 3, InnerFolds = 2, Selection = new(TopK: 20, Subsamples: 2) };
        // Every fifth row of a table of 68,000 is enough to test with; the whole is in docs/models.md.
        var table = FeatureTable.Of(Histories.Sample());
        var whole = Sample.Of(table, spec.Label);
        var sample = whole.Take([.. Enumerable.Range(0, whole.Count).Where(row => row % 5 == 0)]);
        table.Columns.Length.ShouldBeGreaterThan(100);
        table.Undefined.Sum().ShouldBeLessThan(table.Count / 50);

        var report = TrainingPipeline.Run(sample, [.. table.Columns.Select(column => column.Id)], spec, [new LogisticTrainer(100)],
            TrialTally.None, "test").Report!;

        SplitAudit.Leaks(report.Plan, sample.Labels).ShouldBeEmpty();
        report.Canaries.AllCaught.ShouldBeTrue();
        report.Folds.Select(fold => fold.Purged).ShouldAllBe(purged => purged > 0);
        report.Refused.ShouldNotContain(refused => refused.Rule == "knows_the_outcome");
        report.Scores.AreaUnderCurve!.Value.ShouldBeInRange(0.45, 0.58);
        var decision = PromotionGate.Decide(report, new());
        (decision.Verdict == PromotionVerdict.Promote || decision.Reason.Length > 0).ShouldBeTrue();
        TestContext.Current.TestOutputHelper?.WriteLine($"{decision.Verdict}: {decision.Reason}");
    }
}
