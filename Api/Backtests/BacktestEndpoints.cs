using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Backtests;

namespace Trading.Api;

/// <summary>Backtests: submitted, looked at, taken back, compared.</summary>
internal static class BacktestEndpoints
{
    /// <summary>Jobs in a list.</summary>
    const int MostListed = 100;

    /// <summary>A report brings its scripts and styles within itself; they run as of nowhere, without the caller's
    /// cookies, and can load and send nothing.</summary>
    const string ReportPolicy = "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline'; "
        + "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapBacktests(this IEndpointRouteBuilder api)
    {
        var backtests = api.MapGroup("/api/backtests").WithTags("Backtests").Answers(400, 500);
        backtests.MapPost("", SubmitAsync).Takes(BacktestBody.Shape).Answers(409, 503)
            .Produces<BacktestJob>(StatusCodes.Status202Accepted)
            .WithSummary("Begins a test or a sweep; the same again answers with the one that there is.");
        backtests.MapGet("", ListAsync).Produces<ImmutableArray<BacktestJob>>().WithSummary("The newest jobs.");
        backtests.MapGet("/compare", CompareAsync).Answers(404, 409).Produces<BacktestComparison>()
            .WithSummary("Two results side by side, and what differs.");
        backtests.MapGet("/{id}", GetAsync).Answers(404).Produces<BacktestJob>().WithSummary("How a job stands.");
        backtests.MapPost("/{id}/cancel", CancelAsync).Answers(404).Produces<BacktestJob>()
            .WithSummary("Takes a job back; one that has ended stays.");
        Part("result", BacktestPart.Result, "Measures, profit and its parts.");
        Part("equity", BacktestPart.Equity,
            "Equity, cash and exposure at the end of each day, the benchmark, and rolling statistics.");
        Part("trades", BacktestPart.Trades, "Orders with their costs, fills, round trips and refusals.");
        Part("sweep", BacktestPart.Sweep,
            "The best trials of a sweep, with the deflated Sharpe ratio and the probability of overfitting.");
        Part("report", BacktestPart.Report, "A page with charts that needs nothing else.");

        void Part(string name, BacktestPart part, string words) => backtests
            .MapGet($"/{{id}}/{name}", (string id, IGrainFactory grains, HttpResponse response) =>
                PartAsync(id, part, grains, response))
            .Answers(404, 409).Produces<string>(200, part == BacktestPart.Report ? "text/html" : "application/json").WithSummary(words);
    }

    static async Task<Answer<BacktestJob>> SubmitAsync(HttpRequest request, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(BacktestBody.Shape);
        if (problem is not null) return problem;
        var id = body.Id ?? IdOf(body);
        var submitted = await grains.GetGrain<IBacktestGrain>(id).SubmitAsync(new(body.Test, body.Sweep));
        if (submitted.Kind == OutcomeKind.Invalid) return ApiProblem.Invalid(body.Placed(submitted.Errors));
        Answer<BacktestJob> answer = submitted;
        return answer.With(StatusCodes.Status202Accepted, $"/api/backtests/{id}");
    }

    /// <summary>The same request has the same id.</summary>
    static string IdOf(BacktestBody body) =>
        "bt-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{body.Test}\n{body.Sweep}")))[..20];

    static async Task<Answer<ImmutableArray<BacktestJob>>> ListAsync(IGrainFactory grains)
    {
        var ids = await Reads.AskAsync(grains.GetGrain<IBacktestDirectoryGrain>(GrainKeys.Directory).GetIdsAsync);
        var jobs = await Task.WhenAll(ids.Take(MostListed)
            .Select(id => Reads.AskAsync(grains.GetGrain<IBacktestGrain>(id).GetAsync)));
        return jobs.Where(job => job.IsDone).Select(job => job.Value!).ToImmutableArray();
    }

    static async Task<Answer<BacktestJob>> GetAsync(string id, IGrainFactory grains) =>
        await Reads.AskAsync(grains.GetGrain<IBacktestGrain>(id).GetAsync);

    static async Task<Answer<BacktestJob>> CancelAsync(string id, IGrainFactory grains) =>
        await grains.GetGrain<IBacktestGrain>(id).CancelAsync();

    static async Task<IResult> PartAsync(string id, BacktestPart part, IGrainFactory grains, HttpResponse response)
    {
        if (part == BacktestPart.Report) response.Headers.ContentSecurityPolicy = ReportPolicy;
        var content = await Reads.AskAsync(() => grains.GetGrain<IBacktestGrain>(id).GetPartAsync(part));
        return content.IsDone
            ? Results.Bytes(content.Value!, part == BacktestPart.Report ? "text/html; charset=utf-8"
                : "application/json")
            : ApiProblem.Of(content.Kind, content.Errors);
    }

    static async Task<Answer<BacktestComparison>> CompareAsync(string? first, string? second, IGrainFactory grains)
    {
        ImmutableArray<FieldError> missing =
        [
            .. new[] { ("first", first), ("second", second) }.Where(one => one.Item2 is null)
                .Select(one => new FieldError(one.Item1, "required", $"{one.Item1} names a backtest.")),
        ];
        if (!missing.IsEmpty) return ApiProblem.Invalid(missing);
        var results = await Task.WhenAll(new[] { first!, second! }.Select(id =>
            Reads.AskAsync(() => grains.GetGrain<IBacktestGrain>(id).GetPartAsync(BacktestPart.Result))));
        return results.FirstOrDefault(result => !result.IsDone) is { } refused
            ? ApiProblem.Of(refused.Kind, refused.Errors)
            : BacktestComparison.Of(first!, results[0].Value!, second!, results[1].Value!);
    }
}
