using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Trading.MarketData;

/// <summary>Binance's spot market over REST: candles, tickers, trades, and the terms of its instruments.</summary>
public sealed class BinanceSource : IBarSource, IBudgetedSource
{
    public const string SourceName = "binance";
    internal const int PageSize = 1000;
    const int MaxPages = 600, MaxSymbolLength = 20, UnknownSymbol = -1121, MaxKnownTerms = 10_000;
    const int KlinesWeight = 2, InstrumentWeight = 20, TickerWeight = 2, TradesWeight = 25;

    readonly ConcurrentDictionary<string, (BinanceInstrument? Instrument, DateTimeOffset At)> _instruments = new(
        StringComparer.Ordinal);
    readonly SourceHttp _http;
    readonly TimeProvider _clock;
    readonly TimeSpan _termsTtl;

    /// <param name="client">A client for each request, as <see cref="IHttpClientFactory"/> gives them.</param>
    public BinanceSource(Func<HttpClient> client, BinanceOptions options, TimeProvider clock)
    {
        _clock = clock;
        _termsTtl = TimeSpan.FromSeconds(options.TermsTtl);
        _http = new(SourceName, client, options, clock, dress: request =>
        {
            if (!string.IsNullOrEmpty(options.Key)) request.Headers.Add("X-MBX-APIKEY", options.Key);
        }, observe: response =>
        {
            if (response.Headers.TryGetValues("X-MBX-USED-WEIGHT-1M", out var used)
                && int.TryParse(
                    used.First(), NumberStyles.None, CultureInfo.InvariantCulture,
                    out var weight)) Budget.CountedByTheSource(weight);
        });
    }

    public string Name => SourceName;
    public RequestBudget Budget => _http.Budget;

    /// <summary>BTCUSDT for BTCUSDT, BTC-USDT, BTC/USDT and btcusdt.</summary>
    public static string Symbol(string symbol) =>
        string.Concat(symbol.Where(letter => letter is not ('-' or '/'))).ToUpperInvariant();

    /// <inheritdoc/>
    public async Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
    {
        var symbol = Symbol(request.Symbol);
        if (symbol.Length > MaxSymbolLength || !symbol.All(char.IsAsciiLetterOrDigit)) return BarAnswer.Unknown;
        if (await InstrumentAsync(symbol, cancellation) is not { } instrument) return BarAnswer.Unknown;
        var (bars, dropped) = (ImmutableArray.CreateBuilder<Bar>(), new DroppedRows());
        var from = request.From;
        for (var page = 0; ; page++)
        {
            if (page == MaxPages)
                throw new SourceException(
                    Name, SourceFailure.OutOfReach, $"more than {MaxPages * PageSize} bars in one request");
            var (read, now) = await KlinesAsync(symbol, request.Interval, from, request.To, cancellation);
            bars.AddRange(read.Bars.Where(bar => bar.Time + request.Interval.Length() <= now));
            dropped.Add(read.Dropped);
            if (request.From is null || read.Rows < PageSize) break;
            from = read.Bars[^1].Time + request.Interval.Length();
            if (from >= (request.To ?? now)) break;
        }

        var asOf = AnswerAge.AsOf(bars, request.Interval);
        return dropped.In(new(true, bars.DrainToImmutable(), [], asOf, instrument.QuoteAsset, instrument.Terms));
    }

    /// <summary>The last 24 hours of a symbol; null where the exchange has no such symbol.</summary>
    /// <exception cref="SourceException">No usable answer.</exception>
    public async Task<ExchangeTicker?> TickerAsync(string symbol, CancellationToken cancellation)
    {
        var name = Symbol(symbol);
        using var reply = await _http.GetAsync(
            $"/api/v3/ticker/24hr?symbol={Uri.EscapeDataString(name)}", TickerWeight, cancellation);
        return IsUnknown(reply) ? null : BinancePayloads.Ticker(reply.Root, name);
    }

    /// <summary>Up to 1,000 trades from an id on, by id; none where the id is yet to come.</summary>
    /// <exception cref="SourceException">No usable answer, also where the exchange has no such symbol.</exception>
    public async Task<ImmutableArray<ExchangeTrade>> TradesAsync(
        string symbol, long fromId, CancellationToken cancellation)
    {
        var path = string.Create(CultureInfo.InvariantCulture,
            $"/api/v3/historicalTrades?symbol={Uri.EscapeDataString(Symbol(symbol))}&fromId={fromId}&limit={PageSize}");
        using var reply = await _http.GetAsync(path, TradesWeight, cancellation);
        if (IsUnknown(reply)) throw new SourceException(Name, SourceFailure.Refused, $"there is no {symbol}");
        var trades = BinancePayloads.Trades(reply.Root);
        return trades.Length == 0 || trades[0].Id >= fromId ? trades
            : throw new SourceException(
                Name, SourceFailure.Nonsense, $"asked for trades from {fromId}, got {trades[0].Id}");
    }

    async Task<(KlinePage Page, DateTimeOffset Now)> KlinesAsync(
        string symbol, BarInterval interval, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"/api/v3/klines?symbol={symbol}&interval={interval.Code()}&limit={PageSize}");
        if (from is { } start)
            path += string.Create(CultureInfo.InvariantCulture, $"&startTime={start.ToUnixTimeMilliseconds()}");
        if (to is { } end)
            path += string.Create(CultureInfo.InvariantCulture, $"&endTime={end.ToUnixTimeMilliseconds() - 1}");
        using var reply = await _http.GetAsync(path, KlinesWeight, cancellation);
        if (IsUnknown(reply))
            throw new SourceException(Name, SourceFailure.Nonsense, $"{symbol} is listed, but has no candles");
        var page = BinancePayloads.Klines(reply.Root, interval);
        var bars = page.Bars;
        if (bars.Count > 0 && (bars[0].Time < from || bars[^1].Time >= to))
            throw new SourceException(
                Name, SourceFailure.Nonsense, $"the candles of {symbol} are outside of the request");
        return (page, reply.Now);
    }

    /// <summary>What is known of the instrument, asked anew from time to time; what was known before stands where no
    /// answer comes.</summary>
    async Task<BinanceInstrument?> InstrumentAsync(string symbol, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var known = _instruments.TryGetValue(symbol, out var held);
        if (known && now - held.At < _termsTtl) return held.Instrument;
        try
        {
            using var reply = await _http.GetAsync(
                $"/api/v3/exchangeInfo?symbol={symbol}", InstrumentWeight, cancellation);
            var instrument = IsUnknown(reply) ? null : BinancePayloads.Instrument(reply.Root, symbol);
            if (_instruments.Count >= MaxKnownTerms) _instruments.Clear();
            _instruments[symbol] = (instrument, now);
            return instrument;
        }
        catch (SourceException) when (held.Instrument is not null)
        {
            return held.Instrument;
        }
    }

    /// <returns>True where the exchange has no such symbol; every other refusal throws.</returns>
    bool IsUnknown(HttpReply reply)
    {
        if (reply.Accepted) return false;
        var code = reply.Root.Find("code")?.Integer();
        if (reply.Status == HttpStatusCode.BadRequest && code == UnknownSymbol) return true;
        throw new SourceException(Name, SourceFailure.Refused, string.Create(
            CultureInfo.InvariantCulture, $"refused with {(int)reply.Status}{(code is null ? "" : ", code ")}{code}"));
    }
}
