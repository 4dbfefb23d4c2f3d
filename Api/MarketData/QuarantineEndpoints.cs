using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.MarketData;

namespace Trading.Api;

/// <summary>Bars that nobody has confirmed.</summary>
internal static class QuarantineEndpoints
{
    const int DefaultLimit = 100;

    public static void MapQuarantine(this IEndpointRouteBuilder data)
    {
        data.MapGet("/quarantine", ListAsync).Produces<ImmutableArray<HeldAnswer>>()
            .WithSummary("Bars in quarantine, of a symbol or of all, newest first: kept, and in no number.");
        data.MapPost("/quarantine/{symbol}/release", ReleaseAsync).Takes(BarReleaseBody.Shape).Answers(404, 409).Produces<BarAnswer>()
            .WithSummary("Takes a bar in quarantine as true: from now on it counts, with the name of who says so.");
    }

    static async Task<Answer<ImmutableArray<HeldAnswer>>> ListAsync(string? symbol, string? limit, IGrainFactory grains)
    {
        var held = await Reads.AskAsync(() => grains.GetGrain<IMarketOverviewGrain>(GrainKeys.MarketOverview)
            .GetQuarantineAsync(symbol is null ? null : GrainKeys.Symbol(symbol), MarketDataEndpoints.Count(limit, DefaultLimit)));
        return held.Select(HeldAnswer.Of).ToImmutableArray();
    }

    static async Task<Answer<BarAnswer>> ReleaseAsync(HttpRequest request, string symbol, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(BarReleaseBody.Shape);
        if (problem is not null) return problem;
        var released = await grains.GetGrain<ISymbolDataGrain>(GrainKeys.Symbol(symbol)).ReleaseAsync(new(body.Interval, body.Time, body.By, body.Reason));
        return released.IsDone ? BarAnswer.Raw(released.Value!) : ApiProblem.Of(released.Kind, released.Errors);
    }
}

/// <summary>Which bar is released, by whom, and why.</summary>
internal sealed class BarReleaseBody
{
    public DateTimeOffset Time { get; private set; }
    public BarInterval Interval { get; private set; } = BarInterval.OneDay;
    public string By { get; private set; } = "";
    public string Reason { get; private set; } = "";

    public static readonly Shape<BarReleaseBody> Shape = new Shape<BarReleaseBody>()
        .Required("time", Kinds.Moment, (body, value) => body.Time = Moments.Parse(value)!.Value, "The time of the bar.", "2026-01-05")
        .Optional("interval", Kinds.IntervalCode, (body, value) => body.Interval = MarketDataEndpoints.Interval(value), "Absent for 1d.", "1d")
        .Who((body, value) => body.By = value, "Who takes it as true.", "ada", Kinds.Words)
        .Required("reason", Kinds.Words, (body, value) => body.Reason = value, "Why.", "Confirmed by the exchange");
}
