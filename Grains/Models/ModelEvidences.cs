using System.Collections.Immutable;
using Trading.Learning;

namespace Trading.Models;

/// <summary>A training's report in the form in which it is kept and shown.</summary>
static class ModelEvidences
{
    /// <summary>Points of a curve at most.</summary>
    const int MaxPoints = 200;

    public static ModelEvidence Of(TrainingReport report, PromotionDecision decision) => new(
        VerdictOf(decision.Verdict), decision.Reason, [.. decision.Findings.Select(Of)], Of(report.Model.Lineage),
        report.Model.Settings.ToString(), report.Model.Calibrator.Method, report.LogLoss.Low, report.LogLoss.High,
        report.AreaUnderCurve?.Low, report.AreaUnderCurve?.High, report.AgainstBaseline?.PValueBetter,
        Of(report.Overfitting, report.Spec.Label.Horizon), report.Calibration.ExpectedError, report.SelectionStability,
        [.. report.Folds.Select(fold => new FoldEvidence(fold.TestRange.From, fold.TestRange.To, fold.TrainRows, fold.Purged,
            fold.Method, fold.Settings, fold.Loss.Low, fold.Loss.High, fold.Train.LogLoss, fold.Features.Length)
            { Groups = report.Plan.Paths.IsEmpty ? null : fold.Name })],
        [.. report.Features.Select(feature => new FeatureEvidence(feature.Name, feature.Information, feature.Frequency,
            feature.ChosenShare, feature.Importance, feature.Permutation))],
        [.. report.Refused.Select(refused => refused.ToString())],
        [.. report.Calibration.Bins.Select(bin => new CurvePoint(bin.MeanProbability, bin.ShareOfRises, bin.Count))],
        [.. report.LearningCurve.Select(point => new CurvePoint(point.Rows, point.TrainLogLoss, point.TestLogLoss))],
        Earned(report.Returns));

    public static ModelVerdict VerdictOf(PromotionVerdict verdict) => verdict switch
    {
        PromotionVerdict.Promote => ModelVerdict.Promote,
        PromotionVerdict.Hold => ModelVerdict.Hold,
        _ => ModelVerdict.Reject,
    };

    public static ModelScores Scores(TrainingReport report) => new(report.Scores.Count, report.Scores.Accuracy,
        report.Scores.LogLoss, report.BaselineLogLoss, report.Scores.BrierScore, report.Scores.AreaUnderCurve,
        [.. report.Folds.Select(fold => new FoldScore(fold.TrainRange.From, fold.TrainRange.To, fold.TestRange.From,
            fold.TestRange.To, fold.Test.Count, fold.Test.Accuracy, fold.Test.LogLoss, fold.BaselineLogLoss,
            fold.Test.AreaUnderCurve))]);

    public static ModelDrift Of(DriftReport drift) => new(drift.Rows, drift.Features.IsEmpty ? null : drift.DriftedShare,
        drift.Features.IsEmpty ? null : drift.Features[0].Name, drift.Scores, drift.Loss?.Low, drift.Loss?.High,
        drift.ExpectedLoss, drift.Decayed, drift.Act, drift.SameScores, drift.CalibrationError);

    static GateEvidence Of(GateFinding finding) =>
        new(finding.Code, finding.Observed, finding.Limit, finding.Passed, finding.Meaning);

    static ModelLineage Of(Lineage lineage) => new(lineage.DataHash, lineage.CodeVersion, lineage.Seed,
        lineage.Configuration, lineage.TrainedFrom, lineage.TrainedThrough, lineage.Rows,
        lineage.Label);

    static OverfittingEvidence Of(OverfittingReport report, int horizon)
    {
        var periods = (double)Strategy.SessionsPerYear / horizon;
        return new(report.Sharpe?.Annualised(periods), report.Probabilistic, report.Deflated, report.Trials,
            report.Pbo?.Probability, report.Efficiency, report.MinimumTrackRecord, report.TrainTestGap, report.Years,
            report.MinimumYears)
        {
            Paths = report.PathRatios.Length,
            LowestSharpe = report.PathRatios is [var low, ..] ? low * Math.Sqrt(periods) : null,
            HighestSharpe = report.PathRatios is [.., var high] ? high * Math.Sqrt(periods) : null,
        };
    }

    static ImmutableArray<CurvePoint> Earned(ImmutableArray<double> returns)
    {
        var (points, sum, step) = (ImmutableArray.CreateBuilder<CurvePoint>(), 0.0, Math.Max(1, returns.Length / MaxPoints));
        for (var i = 0; i < returns.Length; i++)
        {
            sum += returns[i];
            if (i % step == 0 || i == returns.Length - 1) points.Add(new(i, sum, null));
        }

        return points.ToImmutable();
    }
}
