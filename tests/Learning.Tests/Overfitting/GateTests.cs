namespace Trading.Learning.Tests;

public sealed class GateTests
{
    static readonly TrainingReport Good = Runs.Of(Planted.Of(2_000, 8, telling: 3, signal: 0.25, seed: 11)).Report!;

    [Fact]
    public void AGoodModel_IsPromoted_WithEveryRuleInTheEvidence()
    {
        var decision = PromotionGate.Decide(Good, new());
        decision.Verdict.ShouldBe(PromotionVerdict.Promote);
        decision.Findings.Select(finding => finding.Code).ShouldBe(["canaries", "leaks", "skill_p_value", "deflated_sharpe", "pbo",
            "efficiency", "selection_stability", "calibration_error"]);
        decision.Findings.ShouldAllBe(finding => finding.Observed != null);
    }

    [Fact]
    public void BesideAChampion_ItWaitsForTheShadow_AndMustBeBetterThere()
    {
        PromotionGate.Decide(Good, new(), hasChampion: true).Verdict.ShouldBe(PromotionVerdict.Hold);
        PromotionGate.Decide(Good, new(), true, new(60, -0.1, -3, 0.002)).Verdict.ShouldBe(PromotionVerdict.Promote);
        PromotionGate.Decide(Good, new(), true, new(60, 0, 0, 0.5)).Verdict.ShouldBe(PromotionVerdict.Hold);
        PromotionGate.Decide(Good, new(), true, new(60, 0.1, 3, 0.998)).Verdict.ShouldBe(PromotionVerdict.Reject);
    }

    [Fact]
    public void WhatIsNotKnown_NeverPasses()
    {
        var unknown = Good with { Overfitting = Good.Overfitting with { Pbo = null, Efficiency = null } };
        var decision = PromotionGate.Decide(unknown, new());
        decision.Verdict.ShouldBe(PromotionVerdict.Hold);
        decision.Broken.Select(finding => finding.Code).ShouldBe(["pbo", "efficiency"]);
    }

    [Fact]
    public void TighteningALimit_NeverPromotesWhatWasNot()
    {
        PromotionLimits[] tighter = [new(LeastDeflatedSharpe: 0.99999999999), new(LargestPbo: -1), new(LargestSkillPValue: 0),
            new(LeastEfficiency: 100), new(LeastStability: 1.1), new(LargestCalibrationError: 0)];
        foreach (var limits in tighter)
            PromotionGate.Decide(Good, limits).Verdict.ShouldNotBe(PromotionVerdict.Promote, limits.ToString());
    }

    [Fact]
    public void ACanaryThatWasMissed_SpeaksAgainstTheModel() =>
        PromotionGate.Decide(Good with { Canaries = Good.Canaries with { FutureRefused = 4 } }, new()).Verdict.ShouldBe(PromotionVerdict.Reject);

    [Fact]
    public void Tally_IsTheMomentsOfAllRatios()
    {
        double[] ratios = [0.1, -0.2, 0.05, 0.3];
        var tally = ratios.Aggregate(TrialTally.None.With(null, 5), (sum, ratio) => sum.With(ratio, 2));
        (tally.Count, tally.Fits, tally.WithSharpe).ShouldBe((5, 13, 4));
        tally.Variance.ShouldBe(ratios.Sum(ratio => Math.Pow(ratio - ratios.Average(), 2)) / 3, 1e-15);
    }
}
