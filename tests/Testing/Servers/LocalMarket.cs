using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Trading.Testing;

/// <summary>A market of one coin whose candles of a minute are known at every time, as two exchanges tell of it. The second one's closes are
/// a little higher, so that a bar shows where it is from.</summary>
public static class LocalMarket
{
    public const decimal KrakensPremium = 0.5m;

    public static decimal Close(DateTimeOffset time) => 1000 + time.ToUnixTimeSeconds() / 60 % 97;

    /// <summary>The exchange info, candles and trades of the first exchange.</summary>
    public static RequestDelegate Binance(TimeProvider clock, decimal factor = 1) => context =>
    {
        var query = context.Request.Query;
        if (context.Request.Path == "/api/v3/exchangeInfo")
            return LocalServer.Says("""{"symbols":[{"symbol":"BTCUSDT","status":"TRADING","quoteAsset":"USDT","filters":[]}]}""")(context);
        if (context.Request.Path == "/api/v3/historicalTrades")
            return LocalServer.Says($"[{string.Join(',', Enumerable.Range(Number(query, "fromId") is { } id ? (int)id : 0, 3).Select(Trade))}]")(context);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var times = Times(Number(query, "startTime") ?? now - 60_000 * 999, Math.Min(Number(query, "endTime") ?? now, now), 60_000).Take(1000);
        return LocalServer.Says($"[{string.Join(',', times.Select(time => Kline(time, factor)))}]")(context);
    };

    /// <summary>The candles of the second exchange: the last 720, the open one included.</summary>
    public static RequestDelegate Kraken(TimeProvider clock) => context =>
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var times = Times((Number(context.Request.Query, "since") ?? 0) + 1, now, 60, now - 720 * 60).ToArray();
        var rows = times.Select(time => Row(time, Close(DateTimeOffset.FromUnixTimeSeconds(time)) + KrakensPremium));
        return LocalServer.Says($$"""{"error":[],"result":{"XBTUSDT":[{{string.Join(',', rows)}}],"last":{{now / 60 * 60 - 60}}} }""")(context);

        static string Row(long time, decimal close) =>
            string.Create(CultureInfo.InvariantCulture, $"""[{time},"{close}","{close}","{close}","{close}","{close}","1",1]""");
    };

    /// <summary>The stream's message of a closed candle.</summary>
    public static string Streamed(DateTimeOffset time, bool closed = true, string symbol = "BTCUSDT") => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"stream":"btcusdt@kline_1m","data":{"e":"kline","s":"{{{symbol}}}","k":{"t":{{{time.ToUnixTimeMilliseconds()}}},"i":"1m","o":"{{{Close(time)}}}","c":"{{{Close(time)}}}","h":"{{{Close(time)}}}","l":"{{{Close(time)}}}","v":"1","x":{{{(closed ? "true" : "false")}}} } } }""");

    public static string StreamedTrade(int id) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":{{{id}}},"p":"{{{id}}}","q":"1","T":1767571200000,"m":true} }""");

    static string Trade(int id) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"price":"{{id}}","qty":"1","time":1767571200000}""");

    static string Kline(long time, decimal factor)
    {
        var close = Close(DateTimeOffset.FromUnixTimeMilliseconds(time)) * factor;
        return string.Create(CultureInfo.InvariantCulture, $"""[{time},"{close}","{close}","{close}","{close}","1",{time + 59_999},"1",1,"1","1","0"]""");
    }

    static IEnumerable<long> Times(long from, long to, long step, long earliest = 0)
    {
        for (var time = (Math.Max(from, earliest) + step - 1) / step * step; time <= to; time += step) yield return time;
    }

    static long? Number(IQueryCollection query, string name) =>
        long.TryParse(query[name], CultureInfo.InvariantCulture, out var number) ? number : null;
}
