using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.MarketData;

namespace Trading.Api;

/// <summary>Where prices come from, how good they are, and what they are.</summary>
internal static class MarketDataEndpoints
{
    public static void MapMarketData(this IEndpointRouteBuilder api)
    {
        var data = api.MapGroup("/api/data").WithTags("Market data").Answers(400, 500);
        data.MapGet("/sources", GetSourcesAsync).Produces<ImmutableArray<SourceReport>>()
            .WithSummary("How every source does: trust, breaker, latency, budget, and its share of the answers.");
        data.MapGet("/quality/{symbol}", GetQualityAsync).Answers(404).Produces<DataQuality>()
            .WithSummary("Scores, verdicts and the latest anomalies of a symbol's daily bars, and what they let it do.");
        data.MapGet("/bars/{symbol}", GetBarsAsync).Answers(404).Produces<BarsAnswer>()
            .WithSummary("Bars as they are known, or were known at a past instant.")
            .WithDescription("Every bar with its verdict and provenance: as the source gave it and, where it is daily and counts, adjusted for "
                + "splits and dividends beside it. With adjusted=true only the bars that count, adjusted: a series to compute with.");
        data.MapQuarantine();
        data.MapIntake();
    }

    static async Task<Answer<ImmutableArray<SourceReport>>> GetSourcesAsync(IGrainFactory grains) =>
        await Reads.AskAsync(grains.GetGrain<IMarketOverviewGrain>(GrainKeys.MarketOverview).GetSourcesAsync);

    static async Task<Answer<DataQuality>> GetQualityAsync(string symbol, IGrainFactory grains)
    {
        var quality = await Reads.AskAsync(grains.GetGrain<ISymbolDataGrain>(GrainKeys.Symbol(symbol)).GetQualityAsync);
        if (quality.Status != SeriesStatus.Unknown) return quality;
        return ApiProblem.NotFound([new("symbol", "unknown", $"No source knows the symbol '{quality.Symbol}'.")]);
    }

    static async Task<Answer<BarsAnswer>> GetBarsAsync(
        string symbol, string? interval, string? from, string? to, string? as_of, string? adjusted, string? limit, IGrainFactory grains)
    {
        var isAdjusted = adjusted == "true";
        var query = new BarQuery(Interval(interval), Moments.Parse(from), Moments.Parse(to), Moments.Parse(as_of), Count(limit, BarQuery.DefaultLimit));
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        if (query.From >= query.To) errors.Add(new("to", "after_from", $"to must be later than from; they are {to} and {from}."));
        if (isAdjusted && query.Interval != BarInterval.OneDay)
            errors.Add(new("adjusted", "daily", $"Only daily bars are adjusted; interval is {interval}."));
        if (errors.Count > 0) return ApiProblem.Invalid(errors.DrainToImmutable());
        var page = await Reads.AskAsync(() => grains.GetGrain<ISymbolDataGrain>(GrainKeys.Symbol(symbol)).GetBarsAsync(query));
        return page.IsDone ? BarsAnswer.Of(page.Value!, isAdjusted) : ApiProblem.Of(page.Kind, page.Errors);
    }

    /// <summary>The interval of a parameter that <see cref="Identifiers"/> has checked.</summary>
    public static BarInterval Interval(string? code) => code is null ? BarInterval.OneDay : BarIntervals.Parse(code)!.Value;

    /// <summary>The number of a parameter that <see cref="Identifiers"/> has checked.</summary>
    public static int Count(string? limit, int otherwise) => limit is null ? otherwise : int.Parse(limit, CultureInfo.InvariantCulture);
}
