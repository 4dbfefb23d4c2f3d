using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Operations;

namespace Trading.Api;

/// <summary>Who did what.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/api/audit").WithTags("Audit").Answers(400, 500);
        audit.MapGet("", ReadAsync).Produces<AuditPage>()
            .WithSummary("Entries of the audit, oldest first, with their hashes; next says where to go on.");
        audit.MapGet("/trades/{decision_id}", TraceAsync).Produces<TradeTrace>().Answers(404)
            .WithSummary("A trade from its signal to its end: who asked, the decision, and every event of the book that followed from it.");
    }

    static async Task<Answer<AuditPage>> ReadAsync(string? after, string? from, string? to, string? subject, string? kind, string? limit, IGrainFactory grains) =>
        await Reads.AskAsync(() => grains.GetGrain<IAuditGrain>(GrainKeys.Audit).ReadAsync(new(
            after is null ? 0 : long.Parse(after, CultureInfo.InvariantCulture), Moments.Parse(from), Moments.Parse(to), subject, kind,
            MarketDataEndpoints.Count(limit, AuditQuery.DefaultLimit))));

    static async Task<Answer<TradeTrace>> TraceAsync(string decision_id, IGrainFactory grains) =>
        await Reads.AskAsync(() => grains.GetGrain<IAuditGrain>(GrainKeys.Audit).TraceAsync(decision_id));
}
