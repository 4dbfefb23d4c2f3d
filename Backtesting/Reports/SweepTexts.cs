using System.Globalization;

namespace Trading.Backtests;

/// <summary>What a sweep says of its own best trial, in words.</summary>
public static class SweepTexts
{
    /// <summary>Different reasons that are told.</summary>
    const int MostReasons = 3;

    public static IEnumerable<string> Of(SweepReport report)
    {
        yield return Invariant($"{report.Trials:N0} trials, {report.Failed:N0} of them without a result");
        foreach (var reason in report.Failures.GroupBy(failure => failure.Reason).Take(MostReasons))
            yield return Invariant($"Without a result, as trial {reason.First().Place}: {reason.Key}");
        if (report.DeflatedSharpe is { } deflated)
            yield return Invariant(
                $"Probability that the best has skill, deflated for {report.Trials:N0} trials (DSR): {MeasureTexts.Percent(deflated)}; without any, the best would show a Sharpe ratio of {MeasureTexts.Two(report.ExpectedMaximum)}");
        if (report.Overfitting is { } overfitting)
            yield return Invariant(
                $"Probability of backtest overfitting (PBO, {overfitting.Combinations:N0} choices of {report.Spec.Blocks} blocks): {MeasureTexts.Percent(overfitting.Probability)}; of a loss out of sample: {MeasureTexts.Percent(overfitting.ProbabilityOfLoss)}");
        if (report.WalkForward is { } walk)
            yield return Invariant(
                $"Walk forward over {walk.Steps.Length} windows: {MeasureTexts.Percent(walk.TotalReturn)}, efficiency {MeasureTexts.Two(walk.Efficiency)}");
        yield return $"Sweep {report.Hash}";
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
