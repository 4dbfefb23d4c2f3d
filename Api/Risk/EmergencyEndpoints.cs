using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>What was stopped or resumed: one book, or the firm.</summary>
public sealed record EmergencyAnswer(StopScope Scope, GuardReport? Portfolio, FirmReport? Firm);

/// <summary>Mode, circuit breakers and the emergency stop. It has a request budget of its own (<see cref="RequestBudgets"/>): no
/// flood of other requests stands in its way. A stop goes to the book itself, past everything that signals wait for.</summary>
internal static class EmergencyEndpoints
{
    public static void MapEmergency(this IEndpointRouteBuilder api)
    {
        var risk = api.MapGroup("/api/risk").WithTags("Emergency").Answers(400, 404, 500);
        risk.MapGet("/breakers", GetAsync).Produces<GuardReport>()
            .WithSummary("Trading mode, stops, flatten plan, and every circuit breaker with its measure now and its last move.");
        risk.MapGet("/firm", GetFirmAsync).Produces<FirmReport>()
            .WithSummary("Whether the firm is stopped, and which books have confirmed.");
        risk.MapPost("/mode", SetModeAsync).Takes(ModeBody.Shape).Produces<GuardReport>().Answers(409)
            .WithSummary("Sets the trading mode of a book.");
        risk.MapPost("/breakers/{name}/reset", ResetAsync).Takes(ResetBody.Shape).Produces<GuardReport>().Answers(409)
            .WithSummary("Lets a tripped breaker cool. Losses count from here on; the limits stay what they are.");
        risk.MapPost("/emergency-stop", StopAsync).Takes(StopBody.Shape).Produces<EmergencyAnswer>()
            .WithSummary("Halts a book, or every book of the firm, at once, and gives every approval back.")
            .WithDescription("Repeating it changes nothing. With flatten, reducing orders close every position; the plan goes on until the book is flat.");
        risk.MapPost("/resume", ResumeAsync).Takes(ResumeBody.Shape).Produces<EmergencyAnswer>().Answers(409)
            .WithSummary("Ends an emergency stop. A book that was stopped by itself and with the firm needs both.");
    }

    static async Task<Answer<GuardReport>> GetAsync(string? portfolio, IGrainFactory grains) =>
        await Reads.AskAsync(grains.GetGrain<IRiskLimitGrain>(portfolio ?? GrainKeys.DefaultPortfolio).GetGuardsAsync);

    static async Task<Answer<FirmReport>> GetFirmAsync(IGrainFactory grains) =>
        await Reads.AskAsync(grains.GetGrain<IFirmGrain>(GrainKeys.Firm).GetReportAsync);

    static async Task<Answer<GuardReport>> SetModeAsync(HttpRequest request, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(ModeBody.Shape);
        if (problem is not null) return problem;
        if (!OneBook.TryChoose(portfolio, body.Portfolio, out var book, out problem)) return problem;
        return await grains.GetGrain<IPortfolioGrain>(book).SetModeAsync(body.ToChange());
    }

    static async Task<Answer<GuardReport>> ResetAsync(HttpRequest request, string name, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(ResetBody.Shape);
        if (problem is not null) return problem;
        if (!OneBook.TryChoose(portfolio, body.Portfolio, out var book, out problem)) return problem;
        return await grains.GetGrain<IRiskLimitGrain>(book).ResetBreakerAsync(BreakerNames.Find(name)!.Value, body.ToSanction());
    }

    static async Task<Answer<EmergencyAnswer>> StopAsync(HttpRequest request, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(StopBody.Shape);
        if (problem is not null) return problem;
        if (body.OfFirm && Caller.Of(request.HttpContext) is { Books: not null } scoped)
            return ApiProblem.Forbidden($"The firm is every book; {scoped.Subject} may use {scoped.Books.Count} of them.");
        if (body.OfFirm)
            return portfolio is null ? OfFirm(await grains.GetGrain<IFirmGrain>(GrainKeys.Firm).StopAsync(body.ToCommand())) : OneScope(portfolio);
        if (!OneBook.TryChoose(portfolio, body.Portfolio, out var book, out problem)) return problem;
        return OfBook(await grains.GetGrain<IPortfolioGrain>(book).StopAsync(body.ToCommand()));
    }

    static async Task<Answer<EmergencyAnswer>> ResumeAsync(HttpRequest request, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(ResumeBody.Shape);
        if (problem is not null) return problem;
        if (body.OfFirm && Caller.Of(request.HttpContext) is { Books: not null } scoped)
            return ApiProblem.Forbidden($"The firm is every book; {scoped.Subject} may use {scoped.Books.Count} of them.");
        if (body.OfFirm)
            return portfolio is null ? OfFirm(await grains.GetGrain<IFirmGrain>(GrainKeys.Firm).ResumeAsync(body.ToSanction())) : OneScope(portfolio);
        if (!OneBook.TryChoose(portfolio, body.Portfolio, out var book, out problem)) return problem;
        return OfBook(await grains.GetGrain<IRiskLimitGrain>(book).ResumeAsync(body.ToSanction()));
    }

    static Answer<EmergencyAnswer> OfBook(Outcome<GuardReport> outcome) =>
        outcome.IsDone ? new EmergencyAnswer(StopScope.Portfolio, outcome.Value, null) : ApiProblem.Of(outcome.Kind, outcome.Errors);

    static Answer<EmergencyAnswer> OfFirm(Outcome<FirmReport> outcome) =>
        outcome.IsDone ? new EmergencyAnswer(StopScope.Firm, null, outcome.Value) : ApiProblem.Of(outcome.Kind, outcome.Errors);

    static ApiProblem OneScope(string portfolio) =>
        ApiProblem.Invalid([new("portfolio", "absent", $"The firm is every book: portfolio must be absent; it is {StrictJson.Shown(portfolio)}.")]);
}
