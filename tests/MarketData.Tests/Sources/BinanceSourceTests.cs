using System.Globalization;
using Microsoft.AspNetCore.Http;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class BinanceSourceTests
{
    static readonly DateTimeOffset Minute = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    const string Listed = """{"symbols":[{"symbol":"BTCUSDT","status":"TRADING","quoteAsset":"USDT","filters":[]}]}""";
    readonly ManualTimeProvider _clock = new(Minute.AddDays(30));

    BinanceSource Source(LocalServer server, string? key = null) =>
        new(Recorded.Client, new() { BaseAddress = server.Address, Key = key, Retries = 0 }, _clock);

    static Task Route(HttpContext context, RequestDelegate klines, string listed = Listed) =>
        context.Request.Path.Value switch
        {
            "/api/v3/exchangeInfo" => LocalServer.Says(listed)(context),
            "/api/v3/klines" => klines(context),
            _ => LocalServer.NotFound(context),
        };

    /// <summary>Candles of a minute from startTime to endTime as the exchange would answer them, without end.</summary>
    static RequestDelegate Market => context =>
    {
        var start = long.Parse(context.Request.Query["startTime"].ToString(), CultureInfo.InvariantCulture);
        var end = long.TryParse(context.Request.Query["endTime"], CultureInfo.InvariantCulture, out var until) ? until : long.MaxValue;
        var rows = Enumerable.Range(0, 1000).Select(row => start + row * 60_000L).Where(time => time <= end).Select(time => Row(time));
        return LocalServer.Says($"[{string.Join(',', rows)}]")(context);
    };

    static string Row(long time, string close = "10", long length = 60_000) =>
        $"""[{time},"10","11","9","{close}","5",{time + length - 1},"50",3,"1","1","0"]""";

    [ReferenceFact]
    public async Task RecordedCandles_BecomeBars_AndTheOpenOneIsLeftOut()
    {
        await using var server = await LocalServer.StartAsync(context => Route(context,
            LocalServer.Says(Recorded.Body("binance/nautilus/http_spot_market_klines.json")),
            System.Text.Encoding.UTF8.GetString(Recorded.Body("binance/nautilus/http_spot_market_exchange_info.json"))));
        var clock = new ManualTimeProvider(Recorded.Utc("2021-10-22 23:12:30"));
        var source = new BinanceSource(Recorded.Client, new() { BaseAddress = server.Address }, clock);

        var answer = await source.FetchAsync(new("BTC/USDT", BarInterval.OneMinute, null, null), default);

        answer.Bars.Length.ShouldBe(9);
        answer.Bars[0].ShouldBe(new Bar(Recorded.Utc("2021-10-22 23:03:00"), 60685.22m, 60729.84m, 60670.90m, 60719.27m, 21.63272m));
        answer.Bars[^1].Time.ShouldBe(Recorded.Utc("2021-10-22 23:11:00"));
        answer.AsOf.ShouldBe(Recorded.Utc("2021-10-22 23:12:00"));
        answer.Currency.ShouldBe("USDT");
        answer.Terms.ShouldBe(new(Tradable: true, LotSize: 0.00001m, TickSize: 0.01m, MinNotional: 10m));
    }

    [Fact]
    public async Task LongRequests_AreReadPageAfterPage_WithoutHoleOrDouble()
    {
        await using var server = await LocalServer.StartAsync(context => Route(context, Market));

        var answer = await Source(server).FetchAsync(new("BTCUSDT", BarInterval.OneMinute, Minute, Minute.AddMinutes(2500)), default);

        answer.Bars.Select(bar => bar.Time).ShouldBe(Enumerable.Range(0, 2500).Select(minute => Minute.AddMinutes(minute)));
        answer.AsOf.ShouldBe(Minute.AddMinutes(2500));
        server.Asked.Count(path => path.Contains("klines", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task SymbolTheExchangeDoesNotList_IsUnknown_AndAskedForOnce()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says("""{"code":-1121,"msg":"Invalid symbol."}""", 400));
        var source = Source(server);

        (await source.FetchAsync(new("AAPL", BarInterval.OneDay, null, null), default)).ShouldBe(BarAnswer.Unknown);
        (await source.FetchAsync(new("AAPL", BarInterval.OneDay, null, null), default)).ShouldBe(BarAnswer.Unknown);

        server.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task HaltedInstrument_IsNotTradable_AndItsOldTermsStandWhileNoNewOnesCome()
    {
        var failing = false;
        await using var server = await LocalServer.StartAsync(context => failing && context.Request.Path.Value!.EndsWith("Info", StringComparison.Ordinal)
            ? LocalServer.Says("{}", 503)(context)
            : Route(context, LocalServer.Says("[]"), Listed.Replace("TRADING", "HALT", StringComparison.Ordinal)));
        var source = Source(server);

        (await source.FetchAsync(new("BTCUSDT", BarInterval.OneDay, null, null), default)).Terms.ShouldBe(new(Tradable: false));
        failing = true;
        _clock.Advance(TimeSpan.FromHours(2));
        var later = await source.FetchAsync(new("BTCUSDT", BarInterval.OneDay, null, null), default);

        later.Terms.ShouldBe(new(Tradable: false));
        later.Bars.ShouldBeEmpty();
        later.AsOf.ShouldBeNull();
    }

    [Theory]
    [InlineData("""[[1767571200000,"10","11","9","x","5",1767571259999]]""", "$[0][4] is 'x', not a number")]
    [InlineData("""[[1767571200000,"10","11","9",null,"5",1767571259999]]""", "$[0][4] is 'null', not a number")]
    [InlineData("""[[1767571200000,"10","11","9","10","5",1767574799999]]""", "$[0][6] is '1767574799999', not the end of 1m")]
    [InlineData("""[[1767571200001,"10","11","9","10","5",1767571260000]]""", "$[0][0] is '1767571200001', not the start of 1m")]
    [InlineData("""[[1767571200000,"10"]]""", "$[0] is ")]
    [InlineData("""{"rows":[]}""", "not an array")]
    [InlineData("<html>Sorry</html>", "the answer is not JSON")]
    [InlineData("""[[1767571200000,"10","11","9",""", "the answer is not JSON")]
    [InlineData("", "the answer is not JSON")]
    public async Task AnswerOfAnotherShape_IsNonsense_AndNamesTheField(string body, string message)
    {
        await using var server = await LocalServer.StartAsync(context => Route(context, LocalServer.Says(body)));

        var failed = await Should.ThrowAsync<SourceException>(Source(server).FetchAsync(new("BTCUSDT", BarInterval.OneMinute, Minute, null), default));

        failed.Failure.ShouldBe(SourceFailure.Nonsense);
        failed.SourceName.ShouldBe("binance");
        failed.Message.ShouldContain(message);
    }

    [Fact]
    public async Task CandlesThatWereNotAskedFor_AndUnorderedOnes_AreNonsense()
    {
        var time = Minute.ToUnixTimeMilliseconds();
        var body = $"[{Row(time - 60_000)}]";
        await using var server = await LocalServer.StartAsync(context => Route(context, LocalServer.Says(body)));
        var request = new BarRequest("BTCUSDT", BarInterval.OneMinute, Minute, null);

        (await Should.ThrowAsync<SourceException>(Source(server).FetchAsync(request, default))).Message.ShouldContain("outside of the request");
        body = $"[{Row(time + 60_000)},{Row(time)}]";
        server.Answer = context => Route(context, LocalServer.Says(body));
        (await Should.ThrowAsync<SourceException>(Source(server).FetchAsync(request, default))).Message.ShouldContain("after the candle before it");
    }

    [Fact]
    public async Task ListOfOtherSymbols_IsNonsense()
    {
        await using var server = await LocalServer.StartAsync(context => Route(context, Market, Listed.Replace("BTC", "ETH", StringComparison.Ordinal)));

        (await Should.ThrowAsync<SourceException>(Source(server).FetchAsync(new("BTCUSDT", BarInterval.OneMinute, null, null), default)))
            .Failure.ShouldBe(SourceFailure.Nonsense);
    }

    [Fact]
    public async Task Key_IsSentInItsHeader_AndTheUsedWeightCountsForTheBudget()
    {
        var keys = new List<string>();
        await using var server = await LocalServer.StartAsync(context =>
        {
            lock (keys) keys.Add(context.Request.Headers["X-MBX-APIKEY"].ToString());
            context.Response.Headers["X-MBX-USED-WEIGHT-1M"] = "2990";
            return Route(context, LocalServer.Says("[]"));
        });
        var source = Source(server, "secret");

        await source.FetchAsync(new("BTCUSDT", BarInterval.OneDay, null, null), default);

        keys.ShouldAllBe(key => key == "secret");
        source.Budget.Left.ShouldBe(8, 2);
    }

    [ReferenceFact]
    public async Task RecordedTrades_KeepTheirIds_AndTheTickerItsNumbers()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says(Recorded.Body("binance/nautilus/http_spot_market_trades.json")));
        var source = Source(server);

        var trades = await source.TradesAsync("BTCUSDT", 1111468873, default);
        server.Answer = LocalServer.Says("""{"symbol":"BTCUSDT","lastPrice":"10.5","bidPrice":"10","askPrice":"0.00000000","volume":"7","closeTime":1767571200000}""");
        var ticker = await source.TickerAsync("btcusdt", default);

        trades.Length.ShouldBe(10);
        trades[0].ShouldBe(new(1111468873, Recorded.Utc("2021-10-22 22:49:09.263"), 60650m, 0.02924m));
        trades[^1].ShouldBe(new(1111468882, Recorded.Utc("2021-10-22 22:49:10.067"), 60654.99m, 0.00997m));
        ticker.ShouldBe(new ExchangeTicker("BTCUSDT", 10.5m, 10m, null, 7m, Minute));
    }

    [Theory]
    [InlineData("btc-usdt", "BTCUSDT")]
    [InlineData("ETH/USDT", "ETHUSDT")]
    public void Symbols_AreWrittenWithoutSeparators(string symbol, string written) => BinanceSource.Symbol(symbol).ShouldBe(written);

    [ReferenceFact]
    public void DocumentedAnswers_AreRead()
    {
        using var listed = JsonField.Parse("binance", Example("Endpoints_Spot_ExchangeData_GetExchangeInfo.txt"));
        BinancePayloads.Instrument(JsonField.Root("binance", listed), "ETHBTC").ShouldBe(new("BTC", new()));
        using var weeks = JsonField.Parse("binance", Example("Endpoints_Spot_ExchangeData_GetKlines.txt"));
        Should.Throw<SourceException>(() => BinancePayloads.Klines(JsonField.Root("binance", weeks), BarInterval.OneDay)); // its candle is a week
    }

    static byte[] Example(string name)
    {
        var text = System.Text.Encoding.UTF8.GetString(Recorded.Body($"binance/documentation_examples/{name}"));
        return System.Text.Encoding.UTF8.GetBytes(text[text.IndexOfAny(['[', '{'])..]);
    }
}
