namespace Trading.MarketData;

/// <summary>The way from anywhere to the feeds of this process; it holds nothing of its own.</summary>
sealed class NewsGrain(NewsPoller poller) : Grain, INewsGrain
{
    public Task<NewsPage> GetAsync(NewsQuery query) =>
        Task.FromResult(poller.Find(query with { Limit = Math.Clamp(query.Limit, 1, NewsQuery.MaxLimit) }));
}
