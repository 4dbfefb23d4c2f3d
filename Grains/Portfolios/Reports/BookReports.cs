using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What a book answers to whoever asks how it stands. Nothing here changes it.</summary>
sealed class BookReports(BookWriter writer, AnalysisRunner analyst, Revaluation revaluation)
{
    BookValuation Valuation => writer.Valuation;

    public Task<Outcome<PortfolioSnapshot>> SnapshotAsync() =>
        writer.AnswerAsync(Outcome.Done(RiskReporting.Snapshot(Valuation)));

    public async Task<Outcome<RiskReport>> RiskAsync(RiskLimits limits)
    {
        var analysis = await analyst.CurrentAsync();
        var report = RiskReporting.Report(Valuation, limits, revaluation.At, writer.Now);
        return await writer.AnswerAsync(Outcome.Done(report with
        {
            Analysis = analysis,
            Warnings = analyst.Failure is { } failure ? report.Warnings.Add(failure) : report.Warnings,
        }));
    }

    public async Task<Outcome<BacktestReport>> BacktestAsync() =>
        await writer.AnswerAsync(Outcome.Done(await analyst.BacktestAsync()));

    public async Task<Outcome<StressReport>> StressAsync(StressShocks? shocks) =>
        await writer.AnswerAsync(await analyst.StressAsync(shocks));

    public Outcome<LimitInputs> LimitInputs() => Outcome.Done(DynamicLimitInputs.Of(Valuation, writer.Now));

    public Task<Outcome<BudgetStanding>> BudgetAsync() =>
        writer.AnswerAsync(Outcome.Done(BudgetStandings.Of(Valuation)));
}
