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

/// <summary>Candles of one answer.</summary>
/// <param name="Rows">How many it had, those that could not be read among them.</param>
sealed record KlinePage(List<Bar> Bars, int Rows, DroppedRows Dropped);

/// <summary>The shapes of Binance's spot interface, as its documentation has them.</summary>
static class BinancePayloads
{
    const int OpenTime = 0, Open = 1, High = 2, Low = 3, Close = 4, Volume = 5, CloseTime = 6, NeededFields = 6;

    /// <summary>Candles of a REST answer, oldest first. Fields that no bar needs are not looked at, but for the closing
    /// times, of which one at least must be right: else they are candles of another length.</summary>
    public static KlinePage Klines(JsonField root, BarInterval interval)
    {
        var (bars, dropped, last) = (new List<Bar>(root.Count), new DroppedRows(), (DateTimeOffset?)null);
        JsonField? otherEnd = null;
        var isOfLength = false;
        foreach (var row in root.Items())
        {
            if (dropped.Read(row, candle => Candle(candle, interval)) is not { } bar) continue;
            if (bar.Time <= last) throw row[OpenTime].Wrong("after the candle before it");
            last = bar.Time;
            bars.Add(bar);
            if (row.Count <= CloseTime || row[CloseTime].Milliseconds() is not { } end) continue;
            if (end == bar.Time + interval.Length() - TimeSpan.FromMilliseconds(1)) isOfLength = true;
            else otherEnd ??= row[CloseTime];
        }

        dropped.ThrowIfMost(bars.Count);
        if (!isOfLength && otherEnd is { } other) throw other.Wrong($"the end of {interval.Code()}");
        return new(bars, root.Count, dropped);
    }

    static Bar Candle(JsonField row, BarInterval interval) => row.Count < NeededFields
        ? throw row.Wrong($"a candle of {NeededFields} fields or more")
        : new(
            Grid(row[OpenTime], interval), row[Open].Number(), row[High].Number(), row[Low].Number(),
            row[Close].Number(), row[Volume].Number());

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

    /// <summary>The lot, tick and notional filters of a symbol, of the spot market or of futures, whose least notional
    /// has another name. A filter that is absent, empty or 0 is no rule.</summary>
    public static BinanceInstrument Instrument(JsonField root, string symbol)
    {
        foreach (var listed in root["symbols"].Items())
        {
            if (listed.Find("symbol") is not { } name || name.Text() != symbol) continue;
            var filters = (listed.Find("filters")?.Items() ?? [])
                .ToLookup(filter => filter.Find("filterType")?.Text(), StringComparer.Ordinal);
            var status = listed.Find("status") ?? listed["contractStatus"];
            return new(listed["quoteAsset"].Text(), new(
                Tradable: status.Text() == "TRADING",
                LotSize: Rule("LOT_SIZE", "stepSize"),
                TickSize: Rule("PRICE_FILTER", "tickSize"),
                MinNotional: Rule("NOTIONAL", "minNotional") ?? Rule("MIN_NOTIONAL", "minNotional")
                    ?? Rule("MIN_NOTIONAL", "notional")));

            decimal? Rule(string filter, string field)
            {
                foreach (var found in filters[filter])
                    if (found.Find(field) is { } rule && rule.Number() is > 0 and var number) return Plain(number);
                return null;
            }
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
