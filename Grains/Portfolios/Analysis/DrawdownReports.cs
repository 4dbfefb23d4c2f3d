using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>Drawdowns of a path of returns.</summary>
static class DrawdownReports
{
    const double Confidence = 0.95;

    public static DrawdownReport OfScenarios(HeldReturns history) => Of("scenarios", history.Book, history.Sessions);

    /// <summary>Null with too few comparable forecasts, which are the record of the book's equity.</summary>
    public static DrawdownReport? OfEquity(ImmutableArray<Forecast> forecasts)
    {
        Forecast[] realised = [.. forecasts.Where(forecast => forecast.Realised is not null)];
        return realised.Length < TailRisk.MinimumSampleCount ? null : Of(
            "equity", [.. realised.Select(forecast => forecast.Realised!.Fraction)],
            [realised[0].Session, .. realised.Select(forecast => forecast.Realised!.Session)]);
    }

    static DrawdownReport Of(string path, double[] returns, DateOnly[] sessions)
    {
        var measure = DrawdownRisk.Measure(DrawdownRisk.Compound(returns), Confidence);
        var deepest = measure.Maximum;
        return new(
            path, deepest?.Depth ?? 0, At(deepest?.Peak), At(deepest?.Trough), At(deepest?.Recovery), measure.Average,
            measure.UlcerIndex,
            measure.AtRisk, measure.ConditionalAtRisk, Confidence, measure.SampleCount);

        DateOnly? At(int? position) => position is { } index ? sessions[index] : null;
    }
}
