using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>Temporary changes of limits.</summary>
internal static class OverrideEndpoints
{
    /// <summary>How often an override is tried again where the limits changed between reading and writing.</summary>
    const int MaxAttempts = 3;

    public static void MapOverrides(this IEndpointRouteBuilder api)
    {
        var overrides = api.MapGroup("/api/risk/overrides").WithTags("Risk").Answers(400, 404, 409, 500);
        overrides.MapPost("", BeginAsync).Takes(OverrideBody.Shape).Produces<LimitOverride>()
            .WithSummary("Changes limits for a time; they revert by themselves. To loosen one takes a second person.");
        overrides.MapPost("/{override_id}/cancel", CancelAsync).Takes(CancelBody.Shape).Produces<LimitOverride>()
            .WithSummary("Ends an override before its time.");
    }

    static async Task<Answer<LimitOverride>> BeginAsync(HttpRequest request, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(OverrideBody.Shape);
        if (problem is not null) return problem;
        if (!OneBook.TryChoose(portfolio, body.Portfolio, out var book, out problem)) return problem;

        var snapshot = await Reads.AskAsync(grains.GetGrain<IPortfolioGrain>(book).GetSnapshotAsync);
        if (!snapshot.IsDone) return ApiProblem.NotFound(snapshot.Errors);
        var grain = grains.GetGrain<IRiskLimitGrain>(book);
        for (var attempt = 1; ; attempt++)
        {
            var current = (await Reads.AskAsync(grain.GetLimitsAsync)).Current;
            AuditNote.Of(request.HttpContext)?.Was(current);
            var outcome = await grain.OverrideAsync(
                new(body.Limits.ApplyTo(current.Limits), body.Owner, body.Approver, body.Reason, body.Minutes, current.Version));
            if (attempt == MaxAttempts || outcome is not { Kind: OutcomeKind.Conflict, Errors: [{ Field: "expected_version" }] }) return outcome;
        }
    }

    static async Task<Answer<LimitOverride>> CancelAsync(HttpRequest request, string override_id, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(CancelBody.Shape);
        if (problem is not null) return problem;
        return await grains.GetGrain<IRiskLimitGrain>(portfolio ?? GrainKeys.DefaultPortfolio)
            .CancelOverrideAsync(new(override_id, body.By, body.Reason));
    }
}
