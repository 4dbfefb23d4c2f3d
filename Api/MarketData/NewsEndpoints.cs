using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.MarketData;

namespace Trading.Api;

/// <summary>What the news feeds say.</summary>
internal static class NewsEndpoints
{
    public static void MapNews(this IEndpointRouteBuilder api) =>
        api.MapGet("/api/data/news", GetNewsAsync).WithTags("Market data").Answers(400, 500).Produces<NewsPage>()
            .WithSummary("The newest news, of a symbol or of all, and the state of every feed.");

    static async Task<Answer<NewsPage>> GetNewsAsync(string? symbol, string? since, string? limit, IGrainFactory grains)
    {
        var query = new NewsQuery(
            symbol is null ? null : GrainKeys.Symbol(symbol), Moments.Parse(since),
            limit is null ? NewsQuery.DefaultLimit : int.Parse(limit, CultureInfo.InvariantCulture));
        return await Reads.AskAsync(() => grains.GetGrain<INewsGrain>(GrainKeys.News).GetAsync(query));
    }
}
