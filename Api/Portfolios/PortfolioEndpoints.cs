using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>Books: open them, read them, post what happened to them.</summary>
internal static class PortfolioEndpoints
{
    public static void MapPortfolios(this IEndpointRouteBuilder api)
    {
        var portfolios = api.MapGroup("/api/portfolios").WithTags("Portfolios").Answers(400, 500);
        portfolios.MapGet("", ListAsync).Produces<ImmutableArray<string>>().WithSummary("The ids of all portfolios.");
        portfolios.MapPost("", CreateAsync).Takes(NewPortfolioBody.Shape).Produces<PortfolioSnapshot>(StatusCodes.Status201Created).Answers(409)
            .WithSummary("Opens a portfolio. Repeating it with the same terms changes nothing.");

        var portfolio = portfolios.MapGroup("/{id}").Answers(404);
        portfolio.MapGet("", GetAsync).Produces<PortfolioSnapshot>()
            .WithSummary("The book: cash, equity, profit and loss, positions, open reservations.");
        portfolio.MapGet("/positions", GetPositionsAsync).Produces<ImmutableArray<Position>>().WithSummary("The positions alone.");
        portfolio.MapPost("/fills", FillAsync).Takes(FillBody.Shape).Produces<FillReceipt>().Answers(409)
            .WithSummary("Books an execution against its reservation, whole or in part; one that breaks a rule is booked with it.");
        portfolio.MapPost("/transfers", TransferAsync).Takes(TransferBody.Shape).Produces<PortfolioSnapshot>().Answers(409)
            .WithSummary("Pays cash in or out.");
        portfolio.MapPost("/reservations/{reservation_id}/release", ReleaseAsync).Takes(ReleaseBody.Shape).Produces<Reservation>().Answers(409)
            .WithSummary("Gives back what is left of an approval.");
        portfolio.MapPost("/enable-symbol", EnableAsync).Takes(EnableBody.Shape).Produces<EnabledSymbol>()
            .WithSummary("Lets a symbol that repeated executions disabled trade again.");
        portfolio.MapPost("/heartbeat", HeartbeatAsync).Produces<SessionStatus>()
            .WithSummary("The caller is alive; silence for longer than heartbeat_seconds gives its approvals back.");
    }

    static async Task<Answer<ImmutableArray<string>>> ListAsync(HttpContext http, IGrainFactory grains) =>
        (await Reads.AskAsync(grains.GetGrain<IPortfolioDirectoryGrain>(GrainKeys.Directory).ListAsync)).Where(Caller.MayUse(http)).ToImmutableArray();

    static async Task<Answer<PortfolioSnapshot>> CreateAsync(HttpRequest request, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(NewPortfolioBody.Shape);
        if (problem is not null) return problem;
        Answer<PortfolioSnapshot> answer = await grains.GetGrain<IPortfolioGrain>(body.Id).CreateAsync(body.ToTerms());
        return answer.With(StatusCodes.Status201Created, $"/api/portfolios/{body.Id}");
    }

    static async Task<Answer<PortfolioSnapshot>> GetAsync(string id, IGrainFactory grains) => await SnapshotAsync(id, grains);

    static async Task<Answer<ImmutableArray<Position>>> GetPositionsAsync(string id, IGrainFactory grains)
    {
        var snapshot = await SnapshotAsync(id, grains);
        return snapshot.Value is { } book ? book.Positions : ApiProblem.NotFound(snapshot.Errors);
    }

    static async Task<Answer<FillReceipt>> FillAsync(HttpRequest request, string id, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(FillBody.Shape);
        if (problem is not null) return problem;
        return await grains.GetGrain<IPortfolioGrain>(id).FillAsync(body.ToFill());
    }

    static async Task<Answer<PortfolioSnapshot>> TransferAsync(HttpRequest request, string id, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(TransferBody.Shape);
        if (problem is not null) return problem;
        return await grains.GetGrain<IPortfolioGrain>(id).TransferAsync(body.ToTransfer());
    }

    static async Task<Answer<Reservation>> ReleaseAsync(
        HttpRequest request, string id, [FromRoute(Name = "reservation_id")] string reservationId, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(ReleaseBody.Shape);
        if (problem is not null) return problem;
        return await grains.GetGrain<IPortfolioGrain>(id).ReleaseAsync(reservationId, body.Reason);
    }

    static async Task<Answer<EnabledSymbol>> EnableAsync(HttpRequest request, string id, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(EnableBody.Shape);
        if (problem is not null) return problem;
        return await grains.GetGrain<IPortfolioGrain>(id).EnableSymbolAsync(body.Symbol, body.By, body.Reason);
    }

    static async Task<Answer<SessionStatus>> HeartbeatAsync(string id, IGrainFactory grains) =>
        await grains.GetGrain<IRiskLimitGrain>(id).HeartbeatAsync();

    static Task<Outcome<PortfolioSnapshot>> SnapshotAsync(string id, IGrainFactory grains) =>
        Reads.AskAsync(grains.GetGrain<IPortfolioGrain>(id).GetSnapshotAsync);
}
