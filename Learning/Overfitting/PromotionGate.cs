using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>What becomes of a trained model.</summary>
public enum PromotionVerdict
{
    /// <summary>Every rule is kept.</summary>
    Promote,
    /// <summary>Not enough evidence for it, and none against it: it stays in shadow.</summary>
    Hold,
    /// <summary>There is evidence against it.</summary>
    Reject,
}

/// <summary>The limits of promotion.</summary>
public sealed record PromotionLimits(
    double LeastDeflatedSharpe = 0.95, double LargestPbo = 0.2, double LargestSkillPValue = 0.05, double LeastEfficiency = 0.3,
    double LeastStability = 0.3, double LargestCalibrationError = 0.05, double LargestShadowPValue = 0.05);

/// <summary>One rule of the gate.</summary>
/// <param name="Observed">Null where it is not known, which never passes.</param>
/// <param name="Against">Whether breaking it speaks against the model, rather than being too little for it.</param>
public sealed record GateFinding(string Code, double? Observed, double Limit, bool Passed, bool Against, string Meaning);

/// <summary>A verdict with its evidence.</summary>
public sealed record PromotionDecision(PromotionVerdict Verdict, ImmutableArray<GateFinding> Findings)
{
    public IEnumerable<GateFinding> Broken => Findings.Where(finding => !finding.Passed);

    /// <summary>In one sentence.</summary>
    public string Reason => Verdict == PromotionVerdict.Promote
        ? "Every rule of the promotion gate is kept."
        : string.Join(" ", Broken.Select(finding => finding.Meaning));
}

/// <summary>The promotion gate as code: every rule is evaluated, in a fixed order, and all that is broken is told.</summary>
public static class PromotionGate
{
    /// <param name="hasChampion">Whether another model is in use, which the new one must beat in shadow.</param>
    /// <param name="shadow">Both models' losses on the same sessions since; null before there are enough.</param>
    /// <param name="isComparable">Whether both learned the same: else no shadow can part them, and a person decides.</param>
    public static PromotionDecision Decide(
        TrainingReport report, PromotionLimits limits, bool hasChampion = false, DieboldMariano? shadow = null,
        bool isComparable = true)
    {
        var overfitting = report.Overfitting;
        var skill = report.AgainstBaseline;
        var worse = skill is { MeanDifference: >= 0 };
        List<GateFinding> findings =
        [
            Least("canaries", report.Canaries.AllCaught ? 1 : 0, 1, against: true,
                "A canary was not noticed: the pipeline cannot be trusted on this sample."),
            Most("leaks", report.Refused.Count(refused => refused.Rule == "knows_the_outcome"), 0, against: true,
                $"A feature knows the outcome: {string.Join(" ", report.Refused.Where(r => r.Rule == "knows_the_outcome"))}"),
            Most("skill_p_value", skill?.PValueBetter, limits.LargestSkillPValue, against: worse, worse
                ? "There is no edge: out of sample the model is no better than always saying the share of rises."
                : "The edge over always saying the share of rises may be chance."),
            Least("deflated_sharpe", overfitting.Deflated, limits.LeastDeflatedSharpe, against: overfitting.Sharpe?.Ratio <= 0,
                $"What the forecasts would have earned may be the luck of {overfitting.Trials} trials."),
            Most("pbo", overfitting.Pbo?.Probability, limits.LargestPbo, against: overfitting.Pbo?.Probability > 0.5,
                "The best of the trials in one half of history is not above the median in the other often enough."),
            Least("efficiency", overfitting.Efficiency, limits.LeastEfficiency, against: false,
                "Too little of what it earned in sample is left out of sample."),
            Least("selection_stability", report.SelectionStability, limits.LeastStability, against: false,
                "The folds choose different features."),
            Most("calibration_error", report.Calibration.ExpectedError, limits.LargestCalibrationError, against: false,
                "Its probabilities do not say how often it rises."),
        ];
        if (hasChampion)
            findings.Add(Most("shadow_p_value", shadow?.PValueBetter, limits.LargestShadowPValue,
                against: shadow?.PValueBetter > 1 - limits.LargestShadowPValue,
                !isComparable ? "It learned another label than the model in use: which of them is wanted, a person decides."
                    : shadow is null ? "It has not run beside the model in use for long enough."
                    : "In shadow it is not better than the model in use."));
        var verdict = findings.All(finding => finding.Passed) ? PromotionVerdict.Promote
            : findings.Any(finding => !finding.Passed && finding.Against) ? PromotionVerdict.Reject
            : PromotionVerdict.Hold;
        return new(verdict, [.. findings]);
    }

    static GateFinding Least(string code, double? observed, double limit, bool against, string broken) =>
        Made(code, observed, limit, observed >= limit, against, broken);

    static GateFinding Most(string code, double? observed, double limit, bool against, string broken) =>
        Made(code, observed, limit, observed <= limit, against, broken);

    static GateFinding Made(string code, double? observed, double limit, bool passed, bool against, string broken) =>
        new(code, observed, limit, passed, !passed && against, passed ? "" : broken);
}
