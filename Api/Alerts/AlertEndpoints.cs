using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Trading.Alerts;

namespace Trading.Api;

/// <summary>What is wrong, who takes care of it, and what others have found.</summary>
internal static class AlertEndpoints
{
    const int DefaultLimit = 100;

    public static void MapAlerts(this IEndpointRouteBuilder api)
    {
        var alerts = api.MapGroup("/api/alerts").WithTags("Alerts").Answers(400, 500);
        alerts.MapGet("", ListAsync).Produces<AlertList>()
            .WithSummary("Alerts, critical ones first, with silences, messages on their way, receipts, and how the channels do.");
        alerts.MapPost("/{fingerprint}/acknowledge", AcknowledgeAsync).Takes(PersonBody.Shape).Produces<Alert>()
            .Answers(404, 409)
            .WithSummary("Takes care of an alert: it is not repeated or escalated any more.");
        alerts.MapPost("/silences", SilenceAsync).Takes(SilenceBody.Shape)
            .Produces<Silence>(StatusCodes.Status201Created)
            .WithSummary("Holds back messages about alerts whose labels all match, for some minutes.");
        alerts.MapPost("/silences/{silence_id}/end", EndSilenceAsync).Takes(PersonBody.Shape).Produces<Silence>()
            .Answers(404, 409)
            .WithSummary("Ends a silence before its time.");
        alerts.MapPost("/test", TestAsync).Takes(PersonBody.Shape)
            .Produces<AlertReceipt>(StatusCodes.Status202Accepted).Answers(409)
            .WithSummary("Sends a test over every channel; the receipts are in the list.");
        alerts.MapPost("/alertmanager", ReceiveAsync).Takes(AlertmanagerBody.Shape).Produces<AlertReceipt>()
            .WithSummary("Takes what Prometheus' Alertmanager sends to webhooks.");
    }

    static async Task<Answer<AlertList>> ListAsync(string? state, string? limit, IGrainFactory grains)
    {
        var query = new AlertQuery(
            state switch { "firing" => AlertState.Firing, "resolved" => AlertState.Resolved, _ => null },
            limit is null ? DefaultLimit : int.Parse(limit, CultureInfo.InvariantCulture));
        return await Reads.AskAsync(() => Grain(grains).ListAsync(query));
    }

    static async Task<Answer<Alert>> AcknowledgeAsync(HttpRequest request, string fingerprint, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(PersonBody.Shape);
        if (problem is not null) return problem;
        return await Grain(grains).AcknowledgeAsync(fingerprint, body.By, body.Reason);
    }

    static async Task<Answer<Silence>> SilenceAsync(HttpRequest request, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(SilenceBody.Shape);
        if (problem is not null) return problem;
        Answer<Silence> answer = await Grain(grains).SilenceAsync(body.ToRequest());
        return answer.With(StatusCodes.Status201Created);
    }

    static async Task<Answer<Silence>> EndSilenceAsync(
        HttpRequest request, [FromRoute(Name = "silence_id")] string silenceId, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(PersonBody.Shape);
        if (problem is not null) return problem;
        return await Grain(grains).EndSilenceAsync(silenceId, body.By, body.Reason);
    }

    static async Task<Answer<AlertReceipt>> TestAsync(HttpRequest request, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(PersonBody.Shape);
        if (problem is not null) return problem;
        Answer<AlertReceipt> answer = await Grain(grains).TestAsync(body.By);
        return answer.With(StatusCodes.Status202Accepted);
    }

    static async Task<Answer<AlertReceipt>> ReceiveAsync(HttpRequest request, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(AlertmanagerBody.Shape);
        if (problem is not null) return problem;
        return await Grain(grains).RaiseAsync(body.Signals);
    }

    static IAlertGrain Grain(IGrainFactory grains) => grains.GetGrain<IAlertGrain>(GrainKeys.Alerts);
}
