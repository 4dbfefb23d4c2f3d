using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <summary>What a book shows of its analysis.</summary>
static class AnalysisReports
{
    public static BacktestReport Backtest(
        BookValuation valuation, RiskAnalysis? analysis, Backtest? realised, ReportWarning? failure) => new(
        valuation.Book.Portfolio, valuation.Book.Terms!.Currency, analysis?.CalculatedAt,
        analysis?.Sequence ?? valuation.Book.Sequence, valuation.Book.Forecasts.Standing,
        realised, analysis?.Hypothetical, [.. valuation.Book.Forecasts.All.Reverse()],
        Warnings(valuation, analysis, failure));

    public static StressReport Stress(
        BookValuation valuation, RiskAnalysis? analysis, DateTimeOffset now, ReportWarning? failure) => new(
        valuation.Book.Portfolio, valuation.Book.Terms!.Currency, analysis?.CalculatedAt ?? now,
        analysis?.Sequence ?? valuation.Book.Sequence, analysis?.PricesAsOf,
        analysis?.Equity ?? valuation.Equity, analysis?.Factor, analysis?.Stress ?? [],
        Warnings(valuation, analysis, failure));

    public static StressReport Stress(
        BookValuation valuation, RiskInput input, StressResult result, MarketFactor? factor) => new(
        valuation.Book.Portfolio, valuation.Book.Terms!.Currency, input.At, input.Sequence, input.PricesAsOf,
        input.Equity, factor, [result], []);

    /// <param name="failure">Of an analysis newer than the one shown.</param>
    static ImmutableArray<ReportWarning> Warnings(
        BookValuation valuation, RiskAnalysis? analysis, ReportWarning? failure) =>
        failure is null ? analysis?.Failures ?? [RiskInput.Missing(valuation)] : [failure, .. analysis?.Failures ?? []];
}
