using FsCheck;
using FsCheck.Fluent;

namespace Trading.MarketData.Tests;

public sealed class NewsBoardTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    static NewsItem Item(string id, int minute, string? link = null, params string[] symbols) =>
        new(id, Noon.AddMinutes(minute), "t" + id, "wire", link, [.. symbols], Noon);

    static string Ids(NewsBoard board, string? symbol = null, DateTimeOffset? since = null, int limit = 100) =>
        string.Join(' ', board.Find(new(symbol, since, limit)).Select(item => item.Id));

    [Fact]
    public void Items_ComeNewestFirst_BySymbol_Since_AndAtMostSoMany()
    {
        var board = new NewsBoard(10);
        board.Add([Item("a", 1, null, "IBM"), Item("c", 3, null, "IBM", "AAPL"), Item("b", 2)]).ShouldBe(3);

        Ids(board).ShouldBe("c b a");
        Ids(board, "IBM").ShouldBe("c a");
        Ids(board, since: Noon.AddMinutes(2)).ShouldBe("c b");
        Ids(board, limit: 1).ShouldBe("c");
        Ids(board, "MSFT").ShouldBeEmpty();
    }

    [Fact]
    public void SameIdOrLink_IsOneItem()
    {
        var board = new NewsBoard(10);

        board.Add([Item("a", 1, "http://x/1"), Item("a", 2), Item("b", 3, "http://x/1?utm_source=rss"), Item("c", 4, "http://x/1#top")]).ShouldBe(1);

        Ids(board).ShouldBe("a");
    }

    [Fact]
    public void FullBoard_LetsTheOldestGo_AndTakesNothingOlder()
    {
        var board = new NewsBoard(2);
        board.Add([Item("a", 1), Item("b", 2), Item("c", 3)]).ShouldBe(3);
        Ids(board).ShouldBe("c b");

        board.Add([Item("a", 1)]).ShouldBe(0);
        board.Add([Item("d", 4), Item("c", 3)]).ShouldBe(1);
        Ids(board).ShouldBe("d c");
    }

    [Fact]
    public void WhateverComes_TheBoardHoldsTheNewestOfEachOnce() =>
        Prop.ForAll<(byte Id, byte Minute)[]>(arrivals =>
        {
            var board = new NewsBoard(10);
            foreach (var (id, minute) in arrivals) board.Add([Item($"{id % 40}", minute)]);

            var held = board.Find(new(null, null, 100));
            held.Length.ShouldBeLessThanOrEqualTo(10);
            held.Select(item => item.Id).ShouldBeUnique();
            held.Select(item => item.Time).ShouldBeInOrder(SortDirection.Descending);
        }).QuickCheckThrowOnFailure();
}
