namespace Trading.Learning.Tests;

public sealed class PipelineTests
{
    static readonly Sample Sample = Planted.Of(700, 6, telling: 2, signal: 0.3, seed: 21);

    [Fact]
    public void ATraining_IsTheSameToTheByte_EveryTime()
    {
        IReadOnlyList<IModelTrainer> trainers = [new LogisticTrainer(100), new FastTreeTrainer(), new LightGbmTrainer()];
        var spec = Runs.Spec with { Folds = 2, InnerFolds = 2 };
        var (one, other) = (Runs.Of(Sample, spec, trainers).Report!, Runs.Of(Sample, spec, trainers).Report!);
        other.Model.Save().ShouldBe(one.Model.Save());
        other.Forecasts.ShouldBe(one.Forecasts);
        other.Trials.Select(trial => (trial.Method, trial.Settings, trial.Sharpe)).ShouldBe(one.Trials.Select(trial => (trial.Method, trial.Settings, trial.Sharpe)));
    }

    [Fact]
    public void WhateverComesAfterAFold_ChangesNothingInIt()
    {
        var report = Runs.Of(Sample).Report!;
        var cut = report.Plan.Splits[2].Test[^1] + 1;
        var other = Planted.Of(700, 6, telling: 0, signal: 0, seed: 22);
        var mixed = new Sample(Sample.Columns,
            [.. Sample.Values[..(cut * 6)], .. other.Values[(cut * 6)..]], [.. Sample.Labels[..cut], .. other.Labels[cut..]],
            Sample.Weights, Sample.Symbols);
        var changed = Runs.Of(mixed).Report!;
        changed.Forecasts.Where(forecast => forecast.Fold < 3).ShouldBe(report.Forecasts.Where(forecast => forecast.Fold < 3));
        changed.Folds.Skip(3).Select(fold => fold.Test).ShouldNotBe(report.Folds.Skip(3).Select(fold => fold.Test));
    }

    [Fact]
    public void TrainingRows_EndBeforeTheTestBegins()
    {
        var report = Runs.Of(Sample).Report!;
        report.Folds.ShouldAllBe(fold => fold.TrainRange.To < fold.TestRange.From && fold.Purged > 0);
        SplitAudit.Leaks(report.Plan, Sample.Labels).ShouldBeEmpty();
        report.Forecasts.Length.ShouldBe(report.Plan.Splits.Sum(split => split.Test.Length));
    }

    [Fact]
    public void EveryFit_IsInTheTally_AndEarlierTrialsCount()
    {
        var first = Runs.Of(Sample).Report!;
        first.Trials.Length.ShouldBe(3); // three penalties
        first.Trials.ShouldAllBe(trial => trial.Fits == 5 * (3 + 1));
        first.Overfitting.Trials.ShouldBe(3);
        var again = Runs.Of(Sample, before: TrialTally.None.With(first.Trials)).Report!;
        again.Overfitting.Trials.ShouldBe(6);
        again.Overfitting.MinimumYears.ShouldBeGreaterThan(first.Overfitting.MinimumYears);
    }

    [Fact]
    public void MoreTrialsOfMoreDifferentRatios_DeflateTheSameReturns()
    {
        var few = Runs.Of(Sample).Report!.Overfitting;
        var many = TrialTally.None;
        for (var i = 0; i < 500; i++)
            many = many.With(0.05 * Math.Sin(i), 4);
        Runs.Of(Sample, before: many).Report!.Overfitting.Deflated!.Value.ShouldBeLessThan(few.Deflated!.Value);
    }

    [Fact]
    public void TheLearningCurve_IsOfTheLastFold_OnMoreAndMoreOfItsRows()
    {
        var report = Runs.Of(Planted.Of(2_000, 12, telling: 3, signal: 0.25, seed: 23)).Report!;
        var (curve, last) = (report.LearningCurve, report.Folds[^1]);
        curve.Select(point => point.Rows).ShouldBe([last.TrainRows / 4, last.TrainRows / 2, last.TrainRows * 3 / 4, last.TrainRows]);
        (curve[^1].TrainLogLoss, curve[^1].TestLogLoss).ShouldBe((last.Train.LogLoss, last.Test.LogLoss));
        // There is a signal: what all rows taught loses less than what the last quarter of them did, and both learn something by heart.
        curve[^1].TestLogLoss.ShouldBeLessThan(curve[0].TestLogLoss);
        (curve[^1].TestLogLoss - curve[^1].TrainLogLoss).ShouldBeLessThan(curve[0].TestLogLoss - curve[0].TrainLogLoss);
    }

    [Theory]
    [InlineData(SplitSchemes.Expanding, "walk_forward_expanding")]
    [InlineData(SplitSchemes.Rolling, "walk_forward_rolling")]
    [InlineData(SplitSchemes.Yearly, "walk_forward_year")]
    public void WithoutAPlan_TheSpecSaysHowItIsJudged(string plan, string method)
    {
        var report = Runs.Of(Sample, Runs.Spec with { Plan = plan, Folds = 2 }).Report!;
        report.Plan.Method.ShouldBe(method);
        report.Model.Lineage.Configuration.ShouldEndWith($"plan={method}");
        Runs.Of(Sample, Runs.Spec with { Plan = "hindsight" }).Problems.ShouldHaveSingleItem().Field.ShouldBe("plan");
    }

    [Fact]
    public void Progress_NamesEachFold_AndEndsAtOne()
    {
        var steps = new Steps();
        Runs.Of(Sample, progress: steps);
        steps.Seen.Select(step => step.Share).ShouldBe(steps.Seen.Select(step => step.Share).Order());
        steps.Seen.Count.ShouldBe(7);
        (steps.Seen[0].Step, steps.Seen[^1]).ShouldBe(("fold 1 of 5", new(1, "done")));
    }

    [Fact]
    public void EveryReason_IsNamedAtOnce()
    {
        var outcome = Runs.Of(Sample.Take([.. Enumerable.Range(0, 50).Where(row => Sample.Labels[row].Rise)]),
            Runs.Spec with { Folds = 1, Embargo = -1 }, []);
        outcome.Problems.Select(problem => problem.Rule).ShouldBe(["range", "range", "too_little_history", "one_sided", "none"]);
    }

    [Fact]
    public void OnlyConstantFeatures_AreAProblem_NotAnException()
    {
        var constant = new Sample(["same"], new double[700], Sample.Labels, Sample.Weights, Sample.Symbols);
        Runs.Of(constant).Problems.ShouldHaveSingleItem().Message.ShouldContain("same is refused (constant)");
    }

    [Fact]
    public void ANumberThatIsNone_IsNamedWithItsFeatureAndRow() =>
        Should.Throw<ArgumentException>(() => Sample.With(["x"], [[.. Enumerable.Range(0, 700).Select(row => row == 3 ? double.NaN : row)]]))
            .Message.ShouldStartWith("The feature x of row 3 is NaN.");

    [Fact]
    public void AMethodThatCannotBeUsedHere_IsAProblemWithItsReason() =>
        Runs.Of(Sample, trainers: [new Missing()]).Problems.ShouldHaveSingleItem().Message.ShouldBe("not here");

    sealed class Steps : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];
        public void Report(TrainingProgress value) => Seen.Add(value);
    }

    sealed class Missing : IModelTrainer
    {
        public string Method => "missing";
        public string Unavailable => "not here";
        public System.Collections.Immutable.ImmutableArray<TrainerSettings> Candidates => [];
        public IFittedModel Fit(Sample train, TrainerSettings settings, int seed, CancellationToken cancellation) => throw new NotSupportedException();
        public IFittedModel Load(string saved) => throw new NotSupportedException();
    }
}
