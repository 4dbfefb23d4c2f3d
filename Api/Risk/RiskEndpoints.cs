using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>Limits, the risk report, and what was decided.</summary>
internal static class RiskEndpoints
{
    /// <summary>How often a change of limits is tried again where another one came between reading and writing.</summary>
    const int MaxUpdateAttempts = 3;

    const int DefaultDecisions = 50;

    public static void MapRisk(this IEndpointRouteBuilder api)
    {
        var risk = api.MapGroup("/api/risk").WithTags("Risk").Answers(400, 404, 500);
        risk.MapGet("/limits", GetLimitsAsync).Produces<LimitsHistory>()
            .WithSummary("The limits in force, and the versions before them, newest first.");
        risk.MapGet("/report", GetReportAsync).Produces<RiskReport>()
            .WithSummary("The book's risk as last calculated, with every limit's usage.");
        risk.MapGet("/backtest", GetBacktestAsync).Produces<BacktestReport>()
            .WithSummary("The book's forecasts of its losses against what happened, and what follows for its limit.");
        risk.MapGet("/stress", GetStressAsync).Produces<StressReport>()
            .WithSummary("What the positions would lose in the configured events.");
        risk.MapPost("/stress", PostStressAsync).Takes(StressBody.Shape).Produces<StressReport>()
            .WithSummary("What the positions would lose under the shocks given.")
            .WithDescription("For each position the most specific shock counts: of its symbol, else of its sector, else the market's times its beta. "
                + "A shock that touches no position is refused: a mistyped name must not look like safety.");
        risk.MapPost("/update-limits", UpdateLimitsAsync).Takes(LimitsBody.Shape).Produces<LimitsVersion>().Answers(409)
            .WithSummary("Replaces the limits that are given by a new version.");
        risk.MapPost("/what-if", PreviewAsync).Takes(SignalBody.Shape).Produces<TradePreview>()
            .WithSummary("What a signal would do now, with every check; reserves nothing.");
        risk.MapGet("/decisions", GetDecisionsAsync).Produces<ImmutableArray<SignalDecision>>()
            .WithSummary("The last decisions of the book, newest first; at most 200, older ones are found by their id.");
        risk.MapGet("/decisions/{decision_id}", ExplainAsync).Produces<DecisionExplanation>().Answers(503)
            .WithSummary("A decision, every rule that was held against the order, and the limits then in force.");
        risk.MapGet("/decisions/{decision_id}/replay", ReplayAsync).Produces<DecisionReplay>().Answers(503)
            .WithSummary("Makes a decision again from the journal alone, and compares both byte for byte.");
    }

    static async Task<Answer<LimitsHistory>> GetLimitsAsync(string? portfolio, IGrainFactory grains)
    {
        var book = portfolio ?? GrainKeys.DefaultPortfolio;
        var snapshot = await Reads.AskAsync(grains.GetGrain<IPortfolioGrain>(book).GetSnapshotAsync);
        if (!snapshot.IsDone) return ApiProblem.NotFound(snapshot.Errors);
        return await Reads.AskAsync(grains.GetGrain<IRiskLimitGrain>(book).GetLimitsAsync);
    }

    static async Task<Answer<RiskReport>> GetReportAsync(string? portfolio, IGrainFactory grains) =>
        await Reads.AskAsync(grains.GetGrain<IRiskLimitGrain>(portfolio ?? GrainKeys.DefaultPortfolio).GetReportAsync);

    static async Task<Answer<BacktestReport>> GetBacktestAsync(string? portfolio, IGrainFactory grains) =>
        await Reads.AskAsync(grains.GetGrain<IPortfolioGrain>(portfolio ?? GrainKeys.DefaultPortfolio).GetBacktestAsync);

    static async Task<Answer<StressReport>> GetStressAsync(string? portfolio, IGrainFactory grains) =>
        await Reads.AskAsync(() => grains.GetGrain<IPortfolioGrain>(portfolio ?? GrainKeys.DefaultPortfolio).GetStressAsync(null));

    static async Task<Answer<StressReport>> PostStressAsync(HttpRequest request, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(StressBody.Shape);
        if (problem is not null) return problem;
        if (!OneBook.TryChoose(portfolio, body.Portfolio, out var book, out problem)) return problem;
        return await Reads.AskAsync(() => grains.GetGrain<IPortfolioGrain>(book).GetStressAsync(body.ToShocks()));
    }

    static async Task<Answer<LimitsVersion>> UpdateLimitsAsync(HttpRequest request, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(LimitsBody.Shape);
        if (problem is not null) return problem;
        if (!OneBook.TryChoose(portfolio, body.Portfolio, out var book, out problem)) return problem;

        var snapshot = await Reads.AskAsync(grains.GetGrain<IPortfolioGrain>(book).GetSnapshotAsync);
        if (!snapshot.IsDone) return ApiProblem.NotFound(snapshot.Errors);
        var grain = grains.GetGrain<IRiskLimitGrain>(book);
        for (var attempt = 1; ; attempt++)
        {
            var current = (await Reads.AskAsync(grain.GetLimitsAsync)).Current;
            AuditNote.Of(request.HttpContext)?.Was(current);
            var change = new LimitsChange(body.Limits.ApplyTo(current.Limits), body.ChangedBy, body.Reason, body.ExpectedVersion ?? current.Version);
            var outcome = await grain.UpdateLimitsAsync(change);
            if (outcome.Kind != OutcomeKind.Conflict || body.ExpectedVersion is not null || attempt == MaxUpdateAttempts) return outcome;
        }
    }

    static async Task<Answer<TradePreview>> PreviewAsync(HttpRequest request, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(SignalBody.Shape);
        if (problem is not null) return problem;
        if (!OneBook.TryChoose(portfolio, body.Portfolio, out var book, out problem)) return problem;
        return await Reads.AskAsync(() => grains.GetGrain<IRiskLimitGrain>(book).PreviewAsync(body.ToOrder()));
    }

    static async Task<Answer<ImmutableArray<RecordedDecision>>> GetDecisionsAsync(string? portfolio, string? limit, IGrainFactory grains) =>
        await Reads.AskAsync(() => grains.GetGrain<IPortfolioGrain>(portfolio ?? GrainKeys.DefaultPortfolio)
            .GetDecisionsAsync(0, MarketDataEndpoints.Count(limit, DefaultDecisions)));

    static async Task<Answer<DecisionExplanation>> ExplainAsync(string decision_id, IGrainFactory grains)
    {
        var replay = await AskAgainAsync(decision_id, grains);
        return replay.IsDone ? replay.Value!.Explanation : ApiProblem.Of(replay.Kind, replay.Errors);
    }

    static async Task<Answer<DecisionReplay>> ReplayAsync(string decision_id, IGrainFactory grains) => await AskAgainAsync(decision_id, grains);

    /// <summary>A decision's id begins with the book that made it.</summary>
    static Task<Outcome<DecisionReplay>> AskAgainAsync(string decisionId, IGrainFactory grains) =>
        Reads.AskAsync(() => grains.GetGrain<IPortfolioGrain>(decisionId[..decisionId.LastIndexOf(':')]).ReplayAsync(decisionId));
}
