using System.Collections.Immutable;
using System.Globalization;

namespace Trading.MarketData;

/// <summary>Section <c>market_data:kraken</c>; durations are in seconds.</summary>
sealed class KrakenOptions : HttpSourceOptions
{
    public const string Section = "market_data:kraken";

    public KrakenOptions() => RequestsPerMinute = 60; // the public interface allows about one a second

    public override string DefaultAddress => "https://api.kraken.com";
}

/// <summary>Kraken's spot market over REST: the newest 720 candles of a pair, and never older ones.</summary>
/// <param name="client">A client for each request, as <see cref="IHttpClientFactory"/> gives them.</param>
sealed class KrakenSource(Func<HttpClient> client, KrakenOptions options, TimeProvider clock)
    : IBarSource, IBudgetedSource
{
    public const string SourceName = "kraken";
    const int MostBars = 720, MaxPairLength = 20;
    const int Time = 0, Open = 1, High = 2, Low = 3, Close = 4, Volume = 6, NeededFields = 7;

    readonly SourceHttp _http = new(SourceName, client, options, clock);

    public string Name => SourceName;
    public RequestBudget Budget => _http.Budget;

    /// <summary>XBTUSDT for BTCUSDT and BTC/USDT: Kraken calls bitcoin XBT and dogecoin XDG.</summary>
    public static string Symbol(string symbol)
    {
        var plain = BinanceSource.Symbol(symbol);
        return plain.StartsWith("BTC", StringComparison.Ordinal) ? $"XBT{plain[3..]}"
            : plain.StartsWith("DOGE", StringComparison.Ordinal) ? $"XDG{plain[4..]}"
            : plain;
    }

    /// <inheritdoc/>
    public async Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
    {
        var pair = Symbol(request.Symbol);
        if (pair.Length > MaxPairLength || !pair.All(char.IsAsciiLetterOrDigit)) return BarAnswer.Unknown;
        var length = request.Interval.Length();
        var path = string.Create(
            CultureInfo.InvariantCulture, $"/0/public/OHLC?pair={pair}&interval={length.TotalMinutes:0}");
        if (request.From is { } since)
            path += string.Create(CultureInfo.InvariantCulture, $"&since={since.ToUnixTimeSeconds() - 1}");
        using var reply = await _http.GetAsync(path, weight: 1, cancellation);
        if (IsUnknown(reply)) return BarAnswer.Unknown;
        var dropped = new DroppedRows();
        var kept = Candles(reply.Root["result"], pair, length, reply.Now, dropped);
        if (request.From is { } from && kept.Count >= MostBars - 1 && kept[0].Time > from)
            throw new SourceException(
                Name, SourceFailure.OutOfReach, $"its candles of {request.Interval.Code()} begin at {kept[0].Time:u}");
        var bars = kept.Where(bar => !(bar.Time < request.From) && !(bar.Time >= request.To)).ToImmutableArray();
        return dropped.In(new(true, bars, [], AnswerAge.AsOf(bars, request.Interval), null, null));
    }

    /// <summary>The candles up to <c>last</c>, which Kraken calls committed, and of these the ones that have
    /// ended.</summary>
    static List<Bar> Candles(
        JsonField result, string pair, TimeSpan length, DateTimeOffset now, DroppedRows dropped)
    {
        var last = result["last"].UnixSeconds();
        var (name, rows) = result.Properties().FirstOrDefault(property => property.Name != "last");
        if (name is null || !IsSame(name, pair)) throw result.Wrong($"the candles of {pair}");
        var bars = new List<Bar>(rows.Count);
        foreach (var row in rows.Items())
        {
            if (dropped.Read(row, candle => Candle(candle, length)) is not { } bar) continue;
            if (bars.Count > 0 && bar.Time <= bars[^1].Time) throw row[Time].Wrong("after the candle before it");
            if (bar.Time > last || bar.Time + length > now) break;
            bars.Add(bar);
        }

        dropped.ThrowIfMost(bars.Count);
        return bars;
    }

    static Bar Candle(JsonField row, TimeSpan length)
    {
        if (row.Count < NeededFields) throw row.Wrong($"a candle of {NeededFields} fields or more");
        var time = row[Time].UnixSeconds();
        if (time.UtcTicks % length.Ticks != 0) throw row[Time].Wrong("the start of a candle");
        return new(
            time, row[Open].Number(), row[High].Number(), row[Low].Number(), row[Close].Number(),
            row[Volume].Number());
    }

    /// <summary>XXBTZUSD is XBTUSD: older pairs carry X before a coin and Z before a currency.</summary>
    static bool IsSame(string name, string pair) =>
        name == pair
            || (name.Length == 8 && pair.Length == 6 && name[0] is 'X' or 'Z' && name[4] is 'X' or 'Z'
                && name[1..4] + name[5..] == pair);

    /// <summary>Kraken tells its errors in an answer of 200.</summary>
    bool IsUnknown(HttpReply reply)
    {
        var errors = reply.Root["error"].Items().Select(error => error.Text()).ToArray();
        if (errors.Length == 0 && reply.Accepted) return false;
        var text = string.Join(", ", errors.Take(3).Select(FileFindings.Quote));
        if (errors.Any(error => error.EndsWith("Unknown asset pair", StringComparison.Ordinal))) return true;
        var failure = errors.Any(error => error.Contains("Too many requests", StringComparison.OrdinalIgnoreCase)
                || error.Contains("Rate limit", StringComparison.OrdinalIgnoreCase)) ? SourceFailure.RateLimited
            : errors.Any(error => error.StartsWith("EService", StringComparison.Ordinal)) ? SourceFailure.ServerError
            : SourceFailure.Refused;
        var pause = failure == SourceFailure.RateLimited ? TimeSpan.FromSeconds(15) : (TimeSpan?)null;
        if (pause is { } wait) Budget.CloseFor(wait);
        throw new SourceException(Name, failure, $"it says {text}", pause);
    }
}
