using NSubstitute;
using Trading.MarketData;

namespace Trading.Api.Tests;

public sealed class NewsEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    INewsGrain News(NewsPage page)
    {
        var grain = api.Grain(Substitute.For<INewsGrain>(), GrainKeys.News);
        grain.GetAsync(default!).ReturnsForAnyArgs(page);
        return grain;
    }

    [Fact]
    public async Task News_IsWrittenWithTheStateOfTheFeeds()
    {
        News(new(
            [new("wire/1", Noon, "IBM rises", "Wire", "https://example.com/1", ["IBM"], Noon)],
            [new("wire", FeedStatus.RateLimited, Noon, null, Noon.AddHours(1), 1, "wire: 429: asked to wait")]));

        (await api.GetAsync("/api/data/news")).Text.ShouldBe("""
            {"items":[{"id":"wire/1","time":"2026-01-05T12:00:00+00:00","title":"IBM rises","source":"Wire","link":"https://example.com/1","symbols":["IBM"],
            "received_at":"2026-01-05T12:00:00+00:00"}],"feeds":[{"name":"wire","status":"rate_limited","asked_at":"2026-01-05T12:00:00+00:00","answered_at":null,
            "next_at":"2026-01-05T13:00:00+00:00","items":1,"problem":"wire: 429: asked to wait"}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Query_ReachesTheGrain()
    {
        var grain = News(new([], []));

        (await api.GetAsync("/api/data/news?symbol=ibm&since=2026-01-05T12:00:00Z&limit=7")).Status.ShouldBe(200);
        (await api.GetAsync("/api/data/news?since=2026-01-05")).Status.ShouldBe(200);

        await grain.Received().GetAsync(new("IBM", Noon, 7));
        await grain.Received().GetAsync(new(null, new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), NewsQuery.DefaultLimit));
    }

    [Fact]
    public async Task EveryBrokenParameter_IsNamedAtOnce() =>
        (await api.GetAsync("/api/data/news?symbol=a%20b&since=2026-01-05T12:00:00&limit=10001&colour=red")).Errors
            .ShouldBe(["symbol form", "since form", "limit form", "colour unknown_parameter"], ignoreOrder: true);
}
