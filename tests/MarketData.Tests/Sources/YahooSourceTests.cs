using System.Globalization;
using System.Text.Json.Nodes;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class YahooSourceTests
{
    const string SplitFile = "yahoo/yahoo-finance2/chart_AAPL_2020-08-31_2020-11-07_split_and_dividend.json";
    static readonly BarRequest Days = new("AAPL", BarInterval.OneDay, null, null);

    static YahooSource Source(LocalServer server, YahooOptions? options = null)
    {
        options ??= new();
        (options.BaseAddress, options.Retries) = (server.Address, 0);
        return new(Recorded.Client, options, AssetClasses.ByForm, new ManualTimeProvider(Recorded.Utc("2026-11-20 12:00:00")));
    }

    static async Task<BarAnswer> ReadAsync(byte[] body, BarRequest request)
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says(body));
        return await Source(server).FetchAsync(request, default);
    }

    [ReferenceFact]
    public async Task RecordedSharesInDollars_BecomeBarsOfSessions_WithDividends()
    {
        var answer = await ReadAsync(Recorded.Body("yahoo/yfinance-rs/history_chart_AAPL.json"), Days);

        answer.Bars.Length.ShouldBe(127);
        answer.Bars[0].ShouldBe(new Bar(Recorded.Utc("2025-04-30"), 209.3m, 213.58m, 206.67m, 212.5m, 52286500m));
        answer.Bars[^1].ShouldBe(new Bar(Recorded.Utc("2025-10-29"), 269.275m, 271.41m, 267.11m, 269.7m, 43332154m));
        answer.Currency.ShouldBe("USD");
        answer.AsOf.ShouldBe(Recorded.Utc("2025-10-29 20:00:00"));
        answer.Actions.ShouldBe([
            new(new(2025, 5, 12), CorporateActionKind.Dividend, 0.26m),
            new(new(2025, 8, 11), CorporateActionKind.Dividend, 0.26m),
        ]);
    }

    [ReferenceFact]
    public async Task RecordedSharesInEuro_KeepTheirCurrencyAndTheDatesOfTheirExchange()
    {
        var answer = await ReadAsync(Recorded.Body("yahoo/yfinance-rs/history_chart_GS2C.DE.json"), Days with { Symbol = "GS2C.DE" });

        answer.Currency.ShouldBe("EUR");
        answer.Bars.Select(bar => bar.Time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            .ShouldBe(["2025-10-23", "2025-10-24", "2025-10-27", "2025-10-28", "2025-10-29"]);
        answer.Bars[^1].ShouldBe(new Bar(Recorded.Utc("2025-10-29"), 20.13m, 20.15m, 19.786m, 19.948m, 9179m));
        answer.AsOf.ShouldBe(Recorded.Utc("2025-10-29 16:30:00"));
    }

    [ReferenceFact]
    public async Task RecordedSplit_LeavesTheSessionsFromItsDateOnAsTheyAre()
    {
        var answer = await ReadAsync(Recorded.Body(SplitFile), Days with { From = Recorded.Utc("2020-08-31") });

        answer.Bars.Length.ShouldBe(49);
        answer.Bars[0].ShouldBe(new Bar(Recorded.Utc("2020-08-31"), 127.58m, 131m, 126m, 129.04m, 225702700m));
        answer.Actions.ShouldBe([
            new(new(2020, 8, 31), CorporateActionKind.Split, 4m),
            new(new(2020, 11, 6), CorporateActionKind.Dividend, 0.205m),
        ]);
    }

    [ReferenceFact]
    public async Task SessionsBeforeASplit_AreTakenBackToWhatTraded()
    {
        var chart = JsonNode.Parse(Recorded.Body(SplitFile))!;
        var result = chart["chart"]!["result"]![0]!;
        result["timestamp"]!.AsArray().Insert(0, 1598621400); // 2020-08-28, when 499.23 traded
        foreach (var (name, value) in new[] { ("open", 126.0124969482422), ("high", 126.44249725341797), ("low", 124.57749938964844), ("close", 124.80750274658203), ("volume", 187629600) })
            result["indicators"]!["quote"]![0]![name]!.AsArray().Insert(0, value);
        result["events"]!["dividends"]!["1596807000"] = new JsonObject { ["amount"] = 0.205, ["date"] = 1596807000 }; // 0.82 of 2020-08-07

        var answer = await ReadAsync(System.Text.Encoding.UTF8.GetBytes(chart.ToJsonString()), Days);

        answer.Bars[0].ShouldBe(new Bar(Recorded.Utc("2020-08-28"), 504.05m, 505.77m, 498.31m, 499.23m, 46907400m));
        answer.Bars[1].Close.ShouldBe(129.04m);
        answer.Actions[0].ShouldBe(new(new(2020, 8, 7), CorporateActionKind.Dividend, 0.82m));
    }

    [Fact]
    public async Task EveryQuestion_ReachesToThePresent_SoThatLaterSplitsAreKnown()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says("""{"chart":{"result":[],"error":null}}"""));

        var answer = await Source(server).FetchAsync(new("BRK.B", BarInterval.OneDay, Recorded.Utc("2020-01-02"), Recorded.Utc("2020-02-01")), default);

        answer.ShouldBe(BarAnswer.Unknown);
        server.Asked.Single().ShouldBe("/v8/finance/chart/BRK-B?period1=1577836800&period2=1795176000&interval=1d&events=div%2Csplits%2CcapitalGains&includePrePost=false");
    }

    [ReferenceFact]
    public async Task NullCurrencyAndNoRows_AreKnownWithoutBars()
    {
        var answer = await ReadAsync(Recorded.Body("yahoo/yahoo-finance2/chart_LUCYW_null_currency_no_rows.json"), Days with { Symbol = "LUCYW" });

        answer.Known.ShouldBeTrue();
        answer.Bars.ShouldBeEmpty();
        answer.Currency.ShouldBeNull();
        answer.AsOf.ShouldBeNull();
    }

    [ReferenceFact]
    public async Task NullRows_AreNoBars_AndNullVolumeIsNotZero()
    {
        var body = Changed(quote =>
        {
            foreach (var name in new[] { "open", "high", "low", "close", "volume" }) quote[name]![1] = null;
            quote["volume"]![2] = null;
        });

        var answer = await ReadAsync(body, Days);

        answer.Bars.Length.ShouldBe(48);
        answer.Bars[1].Time.ShouldBe(Recorded.Utc("2020-09-02"));
        answer.Bars[1].Volume.ShouldBeNull();
    }

    [ReferenceFact]
    public async Task ColumnsOfOtherLengthsAndOtherSymbols_AreNonsense()
    {
        byte[][] bodies =
        [
            Changed(quote => quote["close"]!.AsArray().RemoveAt(0)),
            Changed(quote => quote.AsObject().Remove("low")),
            Recorded.Body("yahoo/yfinance-rs/history_chart_GS2C.DE.json"),
            Recorded.Body("yahoo/yfinance-rs/quote_v7_AAPL.json"),
        ];

        foreach (var body in bodies)
            (await Should.ThrowAsync<SourceException>(ReadAsync(body, Days))).Failure.ShouldBe(SourceFailure.Nonsense);
    }

    [Theory]
    [InlineData(404, "Not Found", "No data found, symbol may be delisted", null)]
    [InlineData(422, "Unprocessable Entity", "1m data not available for startTime=1 and endTime=2.", SourceFailure.OutOfReach)]
    [InlineData(401, "Unauthorized", "Invalid Crumb", SourceFailure.Refused)]
    public async Task ErrorObjects_SayWhatTheyMean(int status, string code, string description, SourceFailure? failure)
    {
        var body = $$"""{"chart":{"result":null,"error":{"code":"{{code}}","description":"{{description}}"} } }""";
        await using var server = await LocalServer.StartAsync(LocalServer.Says(body, status));
        var answer = Source(server).FetchAsync(Days, default);

        if (failure is null) (await answer).ShouldBe(BarAnswer.Unknown);
        else (await Should.ThrowAsync<SourceException>(answer)).Failure.ShouldBe(failure.Value);
    }

    [Theory]
    [InlineData("BRK.B", "BRK-B")]
    [InlineData("VOD.L", "VOD.L")]
    [InlineData("AAPL", "AAPL")]
    [InlineData("BTCUSD", "BTC-USD")]
    [InlineData("ETH-USD", "ETH-USD")]
    [InlineData("EURUSD", "EURUSD=X")]
    [InlineData("BTCUSDT", null)]
    [InlineData("SPX", "^GSPC")]
    public async Task Symbols_AreWrittenAsYahooWritesThem(string symbol, string? written)
    {
        await using var server = await LocalServer.StartAsync();

        Source(server, new() { Symbols = { ["SPX"] = "^GSPC" } }).Symbol(symbol).ShouldBe(written);
    }

    static byte[] Changed(Action<JsonNode> change)
    {
        var chart = JsonNode.Parse(Recorded.Body(SplitFile))!;
        change(chart["chart"]!["result"]![0]!["indicators"]!["quote"]![0]!);
        return System.Text.Encoding.UTF8.GetBytes(chart.ToJsonString());
    }
}
