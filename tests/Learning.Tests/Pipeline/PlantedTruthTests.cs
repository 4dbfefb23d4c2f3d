namespace Trading.Learning.Tests;

/// <summary>Samples whose truth is known.</summary>
public sealed class PlantedTruthTests
{
    static readonly Sample WithSignal = Planted.Of(2_000, 12, telling: 3, signal: 0.25, seed: 11);

    [Fact]
    public void AWeakSignal_IsFound_WithItsSign_AndAnHonestScore_AndPromoted()
    {
        var report = Runs.Of(WithSignal).Report!;
        // A correlation of 0.25 parts rises from falls with an area of about 0.58 to 0.62 for whoever knows it.
        report.AreaUnderCurve!.Value.Value.ShouldBeInRange(0.55, 0.66);
        report.Scores.LogLoss.ShouldBeLessThan(report.BaselineLogLoss);
        foreach (var feature in report.Features.Where(feature => feature.Name.StartsWith("signal", StringComparison.Ordinal)))
        {
            feature.Importance!.Value.ShouldBeGreaterThan(0);
            feature.ChosenShare.ShouldBe(1);
            feature.Permutation!.Value.ShouldBeGreaterThan(0);
        }

        report.Features.Take(3).ShouldAllBe(feature => feature.Name.StartsWith("signal"));
        var decision = PromotionGate.Decide(report, new());
        decision.Verdict.ShouldBe(PromotionVerdict.Promote, decision.Reason);
    }

    [Fact]
    public void OfTwoHundredNoiseSamples_AtMostFivePercentArePromoted()
    {
        PromotionVerdict[] verdicts = [.. Enumerable.Range(1, 200).AsParallel().Select(seed =>
        {
            var sample = Planted.Of(500, 8, telling: 0, signal: 0, seed);
            var report = Runs.Of(sample, Runs.Spec with { Selection = new(6, Subsamples: 3) }).Report!;
            report.Canaries.AllCaught.ShouldBeTrue($"seed {seed}");
            return PromotionGate.Decide(report, new()).Verdict;
        })];
        int Count(PromotionVerdict verdict) => verdicts.Count(each => each == verdict);
        Count(PromotionVerdict.Promote).ShouldBeLessThanOrEqualTo(10);
        TestContext.Current.TestOutputHelper?.WriteLine($"Of 200 noise samples {Count(PromotionVerdict.Promote)} were promoted, "
            + $"{Count(PromotionVerdict.Hold)} held and {Count(PromotionVerdict.Reject)} rejected.");
    }

    [Fact]
    public void OnNoise_TheReportSaysThatThereIsNoEdge()
    {
        var report = Runs.Of(Planted.Of(1_200, 10, 0, 0, seed: 5)).Report!;
        var decision = PromotionGate.Decide(report, new());
        decision.Verdict.ShouldNotBe(PromotionVerdict.Promote);
        decision.Broken.Select(finding => finding.Code).ShouldContain("skill_p_value");
        report.Scores.LogLoss.ShouldBeGreaterThan(report.BaselineLogLoss - 0.003);
    }

    [Fact]
    public void EveryCanary_IsCaught_InEveryFold()
    {
        var canaries = Runs.Of(WithSignal).Report!.Canaries;
        canaries.ShouldBe(new CanaryReport(5, 5, 5, false, canaries.AboveNoise));
    }

    [Fact]
    public void AFeatureThatKnowsTheFuture_IsNeverLearnedFrom_AndTheModelIsRejected_WithTheReason()
    {
        var random = new Random(1);
        double[] leaky = [.. WithSignal.Labels.Select(label => label.Return + 0.005 * Histories.Normal(random))];
        var report = Runs.Of(WithSignal.With(["leaky"], [leaky])).Report!;
        report.Folds.ShouldAllBe(fold => !fold.Features.Contains("leaky"));
        var decision = PromotionGate.Decide(report, new());
        decision.Verdict.ShouldBe(PromotionVerdict.Reject);
        decision.Reason.ShouldContain("leaky is refused (knows_the_outcome)");
    }

    [Fact]
    public void ASplitThatOverlaps_IsRefused_WithBothLabels()
    {
        var plan = new SplitPlan("by index", [new("late", [.. Enumerable.Range(0, 1_500)], [.. Enumerable.Range(1_500, 500)], [], [], [])], []);
        var outcome = Runs.Of(WithSignal, plan: plan);
        outcome.Report.ShouldBeNull();
        outcome.Problems.ShouldHaveSingleItem().Message.ShouldStartWith("late: the label of training row 1499 (");
    }

    [Fact]
    public void ACombinatorialPlan_IsJudgedByTheMedianOfItsHistories()
    {
        var plan = SplitPlans.CombinatorialPurged(WithSignal.Labels, 4, 2, 2);
        var report = Runs.Of(WithSignal, plan: plan, trainers: [new LogisticTrainer(10)]).Report!;
        report.Folds.Length.ShouldBe(6); // C(4, 2)
        // Each of C(3, 1) paths forecasts every row once, by the split that the plan says.
        foreach (var path in Enumerable.Range(0, 3))
            report.Forecasts.Where(forecast => forecast.Path == path).OrderBy(forecast => forecast.Session)
                .Select(forecast => forecast.Fold)
                .ShouldBe(plan.Paths[path].SelectMany(split => Enumerable.Repeat(split, 500)));
        double Ratio(IEnumerable<Forecast> history)
        {
            var returns = Strategy.Returns(history, 1, Runs.Spec.CostPerTurnover);
            var mean = returns.Average();
            return mean / Math.Sqrt(returns.Sum(value => (value - mean) * (value - mean)) / (returns.Length - 1));
        }

        double[] ratios = [.. Enumerable.Range(0, 3).Select(path => Ratio(report.Forecasts.Where(each => each.Path == path))).Order()];
        report.Overfitting.PathRatios.ShouldBe(ratios, 1e-9);
        report.Overfitting.Sharpe!.Value.Ratio.ShouldBe(ratios[1], 1e-9);
        report.Returns.Length.ShouldBe(2_000);
        PromotionGate.Decide(report, new()).Verdict.ShouldBe(PromotionVerdict.Promote);
    }
}
