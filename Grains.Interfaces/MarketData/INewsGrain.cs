namespace Trading.MarketData;

/// <summary>The news that the configured feeds gave, the last ones in memory. Key: <see cref="GrainKeys.News"/>.</summary>
[Alias("trading.news")]
public interface INewsGrain : IGrainWithStringKey
{
    [Traced]
    Task<NewsPage> GetAsync(NewsQuery query);
}
