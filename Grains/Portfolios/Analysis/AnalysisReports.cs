using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <summary>What a book shows of its analysis.</summary>
static class AnalysisReports
{
    public static BacktestReport Backtest(Desk desk, RiskAnalysis? analysis, Backtest? realised) => new(
        desk.Book.Portfolio, desk.Book.Terms!.Currency, analysis?.CalculatedAt, analysis?.Sequence ?? desk.Book.Sequence, desk.Book.Forecasts.Standing,
        realised, analysis?.Hypothetical, [.. desk.Book.Forecasts.All.Reverse()], Warnings(desk, analysis));

    public static StressReport Stress(Desk desk, RiskAnalysis? analysis, DateTimeOffset now) => new(
        desk.Book.Portfolio, desk.Book.Terms!.Currency, analysis?.CalculatedAt ?? now, analysis?.Sequence ?? desk.Book.Sequence, analysis?.PricesAsOf,
        analysis?.Equity ?? desk.Equity, analysis?.Factor, analysis?.Stress ?? [], Warnings(desk, analysis));

    public static StressReport Stress(Desk desk, RiskInput input, StressResult result, MarketFactor? factor) => new(
        desk.Book.Portfolio, desk.Book.Terms!.Currency, input.At, input.Sequence, input.PricesAsOf, input.Equity, factor, [result], []);

    static ImmutableArray<ReportWarning> Warnings(Desk desk, RiskAnalysis? analysis) => analysis?.Failures ?? [RiskInput.Missing(desk)];
}
