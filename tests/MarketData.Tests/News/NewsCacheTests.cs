using FsCheck;
using FsCheck.Fluent;

namespace Trading.MarketData.Tests;

public sealed class NewsCacheTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    static NewsItem Item(string id, int minute, string? link = null, params string[] symbols) =>
        new(id, Noon.AddMinutes(minute), "t" + id, "wire", link, [.. symbols], Noon);

    static string Ids(NewsCache cache, string? symbol = null, DateTimeOffset? since = null, int limit = 100) =>
        string.Join(' ', cache.Find(new(symbol, since, limit)).Select(item => item.Id));

    [Fact]
    public void Items_ComeNewestFirst_BySymbol_Since_AndAtMostSoMany()
    {
        var cache = new NewsCache(10);
        cache.Add([Item("a", 1, null, "IBM"), Item("c", 3, null, "IBM", "AAPL"), Item("b", 2)]).ShouldBe(3);

        Ids(cache).ShouldBe("c b a");
        Ids(cache, "IBM").ShouldBe("c a");
        Ids(cache, since: Noon.AddMinutes(2)).ShouldBe("c b");
        Ids(cache, limit: 1).ShouldBe("c");
        Ids(cache, "MSFT").ShouldBeEmpty();
    }

    [Fact]
    public void SameIdOrLink_IsOneItem()
    {
        var cache = new NewsCache(10);

        cache.Add([Item("a", 1, "http://x/1"), Item("a", 2), Item("b", 3, "http://x/1?utm_source=rss"), Item("c", 4, "http://x/1#top")]).ShouldBe(1);

        Ids(cache).ShouldBe("a");
    }

    [Fact]
    public void FullCache_LetsTheOldestGo_AndTakesNothingOlder()
    {
        var cache = new NewsCache(2);
        cache.Add([Item("a", 1), Item("b", 2), Item("c", 3)]).ShouldBe(3);
        Ids(cache).ShouldBe("c b");

        cache.Add([Item("a", 1)]).ShouldBe(0);
        cache.Add([Item("d", 4), Item("c", 3)]).ShouldBe(1);
        Ids(cache).ShouldBe("d c");
    }

    [Fact]
    public void WhateverComes_TheCacheHoldsTheNewestOfEachOnce() =>
        Prop.ForAll<(byte Id, byte Minute)[]>(arrivals =>
        {
            var cache = new NewsCache(10);
            foreach (var (id, minute) in arrivals) cache.Add([Item($"{id % 40}", minute)]);

            var held = cache.Find(new(null, null, 100));
            held.Length.ShouldBeLessThanOrEqualTo(10);
            held.Select(item => item.Id).ShouldBeUnique();
            held.Select(item => item.Time).ShouldBeInOrder(SortDirection.Descending);
        }).QuickCheckThrowOnFailure();
}
