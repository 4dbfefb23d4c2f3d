using System.Text;

namespace Trading.MarketData.Tests;

/// <summary>Answers of Binance as users of other programs reported them.</summary>
public sealed class BinanceRowsTests
{
    static readonly DateTimeOffset Minute = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    static string Row(int minute, string open = "10", string close = "10.5", string volume = "5", string? end = null, string rest = "\"50\",3,\"1\",\"1\",\"0\"") =>
        $"""[{Minute.AddMinutes(minute).ToUnixTimeMilliseconds()},"{open}","11","9","{close}","{volume}",{end ?? (Minute.AddMinutes(minute + 1).ToUnixTimeMilliseconds() - 1).ToString(System.Globalization.CultureInfo.InvariantCulture)},{rest}]""";

    static KlinePage Read(params string[] rows)
    {
        using var document = JsonField.Parse("binance", Encoding.UTF8.GetBytes($"[{string.Join(',', rows)}]"));
        return BinancePayloads.Klines(JsonField.Root("binance", document), BarInterval.OneMinute);
    }

    [Theory]
    [InlineData("3.104e-05", 0.00003104)]
    [InlineData("3.104E-05", 0.00003104)]
    [InlineData("1e+1", 10)]
    [InlineData("9.5", 9.5)]
    public void TextNumbersWithAnExponent_AreNumbers(string text, double expected) =>
        Read(Row(0, close: text)).Bars.ShouldHaveSingleItem().Close.ShouldBe((decimal)expected);

    [Theory]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("NaN")]
    [InlineData("744.3L")]
    [InlineData("1e400")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("")]
    [InlineData("1,5")]
    public void OneBadRow_IsNamedAndDropped_AndTheGoodOnesAreDelivered(string bad)
    {
        var page = Read(Row(0), Row(1, volume: bad), Row(2), Row(3));

        page.Bars.Select(bar => bar.Time).ShouldBe([Minute, Minute.AddMinutes(2), Minute.AddMinutes(3)]);
        (page.Rows, page.Dropped.Count).ShouldBe((4, 1));
        page.Dropped.In(BarAnswer.Unknown).Dropped.ShouldHaveSingleItem().ShouldContain("$[1][5] is ");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1767571260000,\"10\"]")]
    [InlineData("{\"t\":1}")]
    [InlineData("[\"soon\",\"10\",\"11\",\"9\",\"10\",\"5\"]")]
    public void RowOfAnotherShape_IsDroppedToo(string row)
    {
        var page = Read(Row(0), row, Row(2));

        page.Bars.Count.ShouldBe(2);
        page.Dropped.In(BarAnswer.Unknown).Dropped.ShouldHaveSingleItem().ShouldContain("$[1]");
    }

    [Theory]
    [InlineData("\"inf\",\"many\",null,\"744.3L\",{}")]
    [InlineData("null")]
    public void FieldsThatNoBarNeeds_AreNotJudged(string rest) => Read(Row(0, rest: rest), Row(1)).Bars.Count.ShouldBe(2);

    [Theory]
    [InlineData("1767571230000")]
    [InlineData("\"?\"")]
    [InlineData("null")]
    public void ClosingTimeOfOneCandle_MayBeOdd(string end) => Read(Row(0, end: end), Row(1)).Bars.Count.ShouldBe(2);

    [Fact]
    public void MostlyBadRows_AreNonsense_AndNameTheFirst() =>
        Should.Throw<SourceException>(() => Read(Row(0, open: "x"), Row(1), Row(2, open: "y"))).Message.ShouldContain("$[0][1] is 'x'");

    [Theory]
    [InlineData("""{"filterType":"MIN_NOTIONAL","notional":"100"}""", "status", 100)]
    [InlineData("""{"filterType":"MIN_NOTIONAL","minNotional":"10"}""", "status", 10)]
    [InlineData("""{"filterType":"NOTIONAL","minNotional":"5.00"}""", "status", 5)]
    [InlineData("""{"filterType":"MIN_NOTIONAL"}""", "contractStatus", null)]
    [InlineData("""{"note":"a filter without a type"}""", "status", null)]
    public void InstrumentOfFutures_IsReadLikeOneOfTheSpotMarket(string filter, string status, int? minNotional)
    {
        var body = $$"""
            {"symbols":[{"pair":"ETHUSDT"},{"symbol":"BTCUSDT","quoteAsset":"USDT","{{status}}":"TRADING","contractType":"PERPETUAL",
             "filters":[{"filterType":"PRICE_FILTER","tickSize":"0.10"},{"filterType":"LOT_SIZE","stepSize":"0.001"},{{filter}}]}]}
            """;
        using var document = JsonField.Parse("binance", Encoding.UTF8.GetBytes(body));

        BinancePayloads.Instrument(JsonField.Root("binance", document), "BTCUSDT")
            .ShouldBe(new("USDT", new(Tradable: true, LotSize: 0.001m, TickSize: 0.1m, MinNotional: minNotional)));
    }
}
