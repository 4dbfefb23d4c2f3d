using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class KrakenSourceTests
{
    static readonly BarRequest Minutes = new("BTCUSDT", BarInterval.OneMinute, null, null);

    static KrakenSource Source(LocalServer server, ManualTimeProvider? clock = null) =>
        new(Recorded.Client, new() { BaseAddress = server.Address, Retries = 0 }, clock ?? new ManualTimeProvider());

    [ReferenceFact]
    public async Task RecordedCandles_BecomeBars_UpToTheCommittedOne()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says(Recorded.Body("kraken/http_ohlc.json")));
        var source = Source(server);

        var answer = await source.FetchAsync(Minutes, default);

        server.Asked.ShouldBe(["/0/public/OHLC?pair=XBTUSDT&interval=1"]);
        answer.Bars.Length.ShouldBe(720);
        answer.Bars[2].ShouldBe(new Bar(Recorded.Utc("2025-11-10 12:19:00"), 106038.3m, 106038.3m, 106038.3m, 106038.3m, 0.00032101m));
        answer.Bars[^1].ShouldBe(new Bar(Recorded.Utc("2025-11-11 00:16:00"), 105899.4m, 105899.4m, 105899.4m, 105899.4m, 0m));
        answer.AsOf.ShouldBe(Recorded.Utc("2025-11-11 00:14:00")); // nothing traded in the last three minutes
    }

    [Fact]
    public async Task BarsWithoutTrades_DoNotRenewTheAgeOfThePrice()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says("""
            {"error":[],"result":{"XBTUSDT":[
             [1762820040,"10","10","10","10","0.0","0.00000000",0],
             [1762820100,"10","11","10","11","10.5","2.00000000",2],
             [1762820160,"11","11","11","11","0.0","0.00000000",0]],"last":1762820160}}
            """));

        var answer = await Source(server).FetchAsync(Minutes, default);

        answer.Bars.Length.ShouldBe(3);
        answer.AsOf.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1762820160));
    }

    [Fact]
    public async Task OnlyBarsWithoutTrades_SayNothingOfTheAge()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says("""
            {"error":[],"result":{"XBTUSDT":[[1762820040,"10","10","10","10","0.0","0.00000000",0]],"last":1762820160}}
            """));

        (await Source(server).FetchAsync(Minutes, default)).AsOf.ShouldBeNull();
    }

    [Fact]
    public async Task CandleThatCannotBeRead_IsNamedAndDropped()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says("""
            {"error":[],"result":{"XBTUSDT":[
             [1762820040,"1e1","1.1e1","9","10","10.5","2.0",2],
             [1762820100,"inf","11","10","11","10.5","2.0",2],
             [1762820160,"11","11","11","11","11","1.0","many"]],"last":1762820160}}
            """));

        var answer = await Source(server).FetchAsync(Minutes, default);

        answer.Bars.Select(bar => bar.Close).ShouldBe([10m, 11m]);
        answer.Dropped.ShouldHaveSingleItem().ShouldContain("[1][1] is 'inf', not a number");
    }

    [ReferenceFact]
    public async Task RequestsWithin_AreCutToSize_AndOnesBeforeItsReachAreNotAnsweredInPart()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says(Recorded.Body("kraken/http_ohlc.json")));
        var source = Source(server);
        var from = Recorded.Utc("2025-11-10 13:00:00");

        var answer = await source.FetchAsync(Minutes with { From = from, To = from.AddMinutes(5) }, default);
        var failed = await Should.ThrowAsync<SourceException>(source.FetchAsync(Minutes with { From = from.AddDays(-1) }, default));

        answer.Bars.Select(bar => bar.Time).ShouldBe(Enumerable.Range(0, 5).Select(minute => from.AddMinutes(minute)));
        failed.Failure.ShouldBe(SourceFailure.OutOfReach);
    }

    [Theory]
    [InlineData("EGeneral:Too many requests", SourceFailure.RateLimited)]
    [InlineData("EService:Unavailable", SourceFailure.ServerError)]
    [InlineData("EGeneral:Invalid arguments", SourceFailure.Refused)]
    public async Task ErrorsInAnAnswerOf200_AreErrors(string error, SourceFailure failure)
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says($$"""{"error":["{{error}}"]}"""));

        (await Should.ThrowAsync<SourceException>(Source(server).FetchAsync(Minutes, default))).Failure.ShouldBe(failure);
    }

    [Fact]
    public async Task PairItDoesNotList_IsUnknown()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says("""{"error":["EQuery:Unknown asset pair"]}"""));

        (await Source(server).FetchAsync(Minutes with { Symbol = "AAPL" }, default)).ShouldBe(BarAnswer.Unknown);
    }

    [Fact]
    public async Task CandlesOfAnotherPair_AreNonsense_ButOldNamesOfTheSamePairAreNot()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says("""{"error":[],"result":{"XXBTZUSD":[],"last":1762820160}}"""));

        (await Should.ThrowAsync<SourceException>(Source(server).FetchAsync(Minutes, default))).Failure.ShouldBe(SourceFailure.Nonsense);
        (await Source(server).FetchAsync(Minutes with { Symbol = "BTCUSD" }, default)).Known.ShouldBeTrue();
    }
}
