using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Risk;

namespace Trading.Api;

/// <summary>The question: may this signal trade? Asked more often than all others together, so that its handlers check the query and write
/// the answer themselves: the filter and a result object took about 4 % of a request.</summary>
internal static class SignalEndpoints
{
    static readonly string[] Parameters = ["portfolio"];

    public static void MapSignals(this IEndpointRouteBuilder api)
    {
        var risk = api.MapGroup("/api/risk").WithTags("Risk").Answers(400, 404, 500);
        risk.MapPost("/validate-signal", ValidateAsync).Takes(SignalBody.Shape).Produces<SignalDecision>()
            .WithSummary("May this signal trade? Reserves its exposure where it is approved.")
            .WithDescription("A refusal is an answer: status 200, approved false, and every violation with the observed value and the limit.");
        risk.MapPost("/validate-signals", ValidateManyAsync).Takes(SignalBody.Batch).Produces<ImmutableArray<SignalDecision>>()
            .WithSummary("Decides signals of one book in order, each counting the approvals before it.")
            .WithDescription("At most 10,000. A signal whose values break a rule of form gets a decision with the code malformed in its place; "
                + "a body of the wrong shape is refused as a whole, with nothing decided.");
    }

    /// <summary>Whether a request is such a question: what watches requests leaves these alone.</summary>
    public static bool IsQuestion(HttpRequest request) =>
        request.Path.Value is "/api/risk/validate-signal" or "/api/risk/validate-signals";

    static async Task ValidateAsync(HttpContext http, string? portfolio, SignalBatcher signals, AuditTrail audit)
    {
        var times = RequestTimes.Of(http);
        times?.Identified();
        var problem = Identifiers.Check(http.Request, Parameters);
        if (problem is null)
        {
            (var signal, problem) = await http.Request.ReadAsync(SignalBody.Shape);
            times?.Read();
            if (problem is null && OneBook.TryChoose(portfolio, signal.Portfolio, out var book, out problem))
            {
                var began = ApiMetrics.Now;
                var decided = await signals.ValidateAsync(book, signal.ToOrder(Caller.Of(http)?.Subject), times);
                ApiMetrics.Decided(began);
                times?.Decided();
                await DecisionAnswer.WriteAsync(http, decided, audit);
                times?.Tell(decided);
                return;
            }
        }

        await problem.ExecuteAsync(http);
    }

    static async Task ValidateManyAsync(
        HttpContext http, string? portfolio, IGrainFactory grains, BatchAdmission batches, AuditTrail audit)
    {
        var problem = Identifiers.Check(http.Request, Parameters);
        if (problem is null)
        {
            (var signals, problem) = await http.Request.ReadAsync(SignalBody.Batch);
            if (problem is null && OneBook.TryChoose(portfolio, signals, out var book, out problem))
            {
                var by = Caller.Of(http)?.Subject;
                var orders = signals.Select(signal => signal.ToOrder(by)).ToImmutableArray();
                using var place = await batches.EnterAsync(book, http.RequestAborted);
                await DecisionAnswer.WriteAsync(http, await grains.GetGrain<IRiskLimitGrain>(book).ValidateManyAsync(orders), audit);
                return;
            }
        }

        await problem.ExecuteAsync(http);
    }
}
