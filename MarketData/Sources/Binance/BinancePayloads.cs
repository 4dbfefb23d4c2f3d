using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>One trade of an exchange.</summary>
/// <param name="Id">Consecutive within a symbol, so that a missing one shows.</param>
public readonly record struct ExchangeTrade(long Id, DateTimeOffset Time, decimal Price, decimal Quantity);

/// <summary>What a symbol did in the last 24 hours, in its own units and currency.</summary>
/// <param name="At">The end of the 24 hours.</param>
public sealed record ExchangeTicker(
    string Symbol, decimal Last, decimal? Bid, decimal? Ask, decimal Volume, DateTimeOffset At);

/// <summary>What the exchange says of an instrument.</summary>
sealed record BinanceInstrument(string QuoteAsset, InstrumentTerms Terms);

/// <summary>The shapes of Binance's spot interface, as its documentation has them.</summary>
static class BinancePayloads
{
    const int OpenTime = 0, Open = 1, High = 2, Low = 3, Close = 4, Volume = 5, CloseTime = 6, KlineFields = 7;

    /// <summary>Candles of a REST answer, oldest first.</summary>
    public static List<Bar> Klines(JsonField root, BarInterval interval)
    {
        var bars = new List<Bar>(root.Count);
        foreach (var row in root.Items())
        {
            if (row.Count < KlineFields) throw row.Wrong($"a candle of {KlineFields} fields or more");
            var time = Grid(row[OpenTime], interval);
            if (row[CloseTime].UnixMilliseconds() != time + interval.Length() - TimeSpan.FromMilliseconds(1))
                throw row[CloseTime].Wrong($"the end of {interval.Code()}");
            if (bars.Count > 0 && time <= bars[^1].Time) throw row[OpenTime].Wrong("after the candle before it");
            bars.Add(
                new(time, row[Open].Number(), row[High].Number(), row[Low].Number(), row[Close].Number(),
                    row[Volume].Number()));
        }

        return bars;
    }

    /// <summary>The candle of a stream's message; null while it is still open.</summary>
    public static (string Symbol, Bar Bar)? ClosedKline(JsonField data, BarInterval interval)
    {
        var kline = data["k"];
        if (!kline["x"].Flag()) return null;
        if (kline["i"].Text() != interval.Code()) throw kline["i"].Wrong(interval.Code());
        var bar = new Bar(
            Grid(kline["t"], interval), kline["o"].Number(), kline["h"].Number(), kline["l"].Number(),
            kline["c"].Number(), kline["v"].Number());
        return (data["s"].Text(), bar);
    }

    /// <summary>The trade of a stream's message.</summary>
    public static (string Symbol, ExchangeTrade Trade) StreamedTrade(JsonField data) =>
        (data["s"].Text(),
            new(data["t"].Integer(), data["T"].UnixMilliseconds(), data["p"].Number(), data["q"].Number()));

    /// <summary>Trades of a REST answer, by id.</summary>
    public static ImmutableArray<ExchangeTrade> Trades(JsonField root)
    {
        var trades = ImmutableArray.CreateBuilder<ExchangeTrade>(root.Count);
        foreach (var row in root.Items())
        {
            var trade = new ExchangeTrade(
                row["id"].Integer(), row["time"].UnixMilliseconds(), row["price"].Number(), row["qty"].Number());
            if (trades.Count > 0 && trade.Id <= trades[^1].Id) throw row["id"].Wrong("after the trade before it");
            trades.Add(trade);
        }

        return trades.MoveToImmutable();
    }

    public static ExchangeTicker Ticker(JsonField root, string symbol)
    {
        if (root["symbol"].Text() != symbol) throw root["symbol"].Wrong(symbol);
        return new(
            symbol, root["lastPrice"].Number(), Quoted("bidPrice"), Quoted("askPrice"), root["volume"].Number(),
            root["closeTime"].UnixMilliseconds());

        // an empty side is written as 0
        decimal? Quoted(string field) => root.Find(field)?.Number() is { } price and > 0 ? price : null;
    }

    /// <summary>The lot, tick and notional filters of a symbol. A filter that is absent or 0 is no rule.</summary>
    public static BinanceInstrument Instrument(JsonField root, string symbol)
    {
        foreach (var listed in root["symbols"].Items())
        {
            if (listed["symbol"].Text() != symbol) continue;
            var filters = listed["filters"].Items().ToLookup(filter => filter["filterType"].Text());
            return new(listed["quoteAsset"].Text(), new(
                Tradable: listed["status"].Text() == "TRADING",
                LotSize: Rule("LOT_SIZE", "stepSize"),
                TickSize: Rule("PRICE_FILTER", "tickSize"),
                MinNotional: Rule("NOTIONAL", "minNotional") ?? Rule("MIN_NOTIONAL", "minNotional")));

            decimal? Rule(string filter, string field) =>
                filters[filter].Select(found => Plain(found[field].Number()))
                    .FirstOrDefault(number => number > 0) is var rule and > 0 ? rule : null;
        }

        throw root["symbols"].Wrong($"a list with {symbol}");
    }

    static DateTimeOffset Grid(JsonField field, BarInterval interval)
    {
        var time = field.UnixMilliseconds();
        return time.UtcTicks % interval.Length().Ticks == 0
            ? time : throw field.Wrong($"the start of {interval.Code()}");
    }

    /// <summary>Without the zeros that the exchange pads with.</summary>
    static decimal Plain(decimal number) => number / 1.0000000000000000000000000000m;
}
