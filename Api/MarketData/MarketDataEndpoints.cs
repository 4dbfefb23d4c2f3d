using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.MarketData;

namespace Trading.Api;

/// <summary>How good the data is that decisions rest on.</summary>
internal static class MarketDataEndpoints
{
    public static void MapMarketData(this IEndpointRouteBuilder api)
    {
        var data = api.MapGroup("/api/data").WithTags("Market data").Answers(400, 404, 500);
        data.MapGet("/quality/{symbol}", GetQualityAsync).Produces<DataQuality>()
            .WithSummary("Completeness, consistency, freshness, provenance and anomalies of a symbol's series.");
    }

    static async Task<Answer<DataQuality>> GetQualityAsync(string symbol, IGrainFactory grains)
    {
        var quality = await Reads.AskAsync(grains.GetGrain<ISymbolDataGrain>(GrainKeys.Symbol(symbol)).GetQualityAsync);
        if (quality.Status != SeriesStatus.Unknown) return quality;
        return ApiProblem.NotFound([new("symbol", "unknown", $"No source knows the symbol '{quality.Symbol}'.")]);
    }
}
