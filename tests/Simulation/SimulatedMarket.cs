using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Simulation.Tests;

/// <summary>Prices that walk by chance, from feeds that die, come back, doubt what they say, or repeat what is old.</summary>
sealed partial class SimulatedMarket : ISymbolFeeds
{
    /// <summary>Sessions before the first moment: enough for a risk number.</summary>
    const int Sessions = 40;

    public static readonly ImmutableArray<string> Symbols = ["AA", "BB", "CC", "DD", "EE", "FF"];

    /// <summary>Priced in euro, in books of dollars; the pair's feed lives as long as the run.</summary>
    const string Foreign = "EE", Pair = "EURUSD";

    /// <summary>What fees are paid in now and then: a coin that is priced in a stablecoin only, and a currency whose
    /// feed comes and goes.</summary>
    const string CoinPair = "BNBUSDT", FrancPair = "CHFUSD";

    readonly Random _random;
    readonly TimeProvider _clock;
    readonly Dictionary<string, Quote> _quotes = [];

    public SimulatedMarket(TimeProvider clock, Random random)
    {
        (_clock, _random) = (clock, random);
        foreach (var symbol in Symbols) _quotes[symbol] = new(Begin(symbol));
        var series = _quotes[Foreign].Series;
        _quotes[Foreign] = new(series with { Terms = new() { Currency = "EUR" } });
        _quotes[Pair] = new(series with { Symbol = Pair, Sector = null, Closes = [.. series.Closes.Select(close => 1.1m + Math.Round(close % 1 / 20, 4))] });
        _quotes[CoinPair] = new(Begin(CoinPair) with { Terms = new() { Currency = "USDT" } });
        _quotes[FrancPair] = new(_quotes[Pair].Series with { Symbol = FrancPair });
        List(null);
        List("EUR");
    }

    public decimal PriceOf(string symbol) => _quotes[symbol].Series.LastPrice;

    public ISymbolFeed Open(string symbol) => new Feed(symbol, this);

    /// <summary>Every feed that lives gets a new price: moved a little, or now and then a lot.</summary>
    /// <param name="newSession">Whether the price is that of a new day.</param>
    public void Tick(bool newSession)
    {
        foreach (var symbol in Symbols)
        {
            var move = (decimal)(_random.NextDouble() - 0.5) * (_random.Next(20) == 0 ? 0.4m : 0.03m);
            if (!_quotes[symbol].Frozen) Publish(symbol, move, newSession);
        }

        Publish(Pair, (decimal)(_random.NextDouble() - 0.5) * 0.01m, newSession);
        foreach (var symbol in _mortal) Publish(symbol, (decimal)(_random.NextDouble() - 0.5) * 0.03m, newSession: false);
        if (_random.Next(6) == 0) _quotes[FrancPair] = _quotes[FrancPair] with { Silent = !_quotes[FrancPair].Silent };
        Publish(FrancPair, (decimal)(_random.NextDouble() - 0.5) * 0.01m, newSession);
        Publish(CoinPair, (decimal)(_random.NextDouble() - 0.5) * 0.03m, newSession);
    }

    /// <summary>From now on nobody answers for a symbol.</summary>
    public void Silence(string symbol) => _quotes[symbol] = _quotes[symbol] with { Silent = true };

    /// <summary>Something happens to one feed.</summary>
    public string Disturb()
    {
        var symbol = Symbols[_random.Next(Symbols.Length)];
        var quote = _quotes[symbol];
        var act = _random.Next(6);
        _quotes[symbol] = act switch
        {
            0 => quote with { Silent = true },
            1 => quote with { Frozen = true },
            2 => quote with { Series = quote.Series with { Mode = SymbolMode.ReduceOnly, Doubts = ["sources differ"], Version = quote.Series.Version + 1 } },
            3 => quote with { Series = quote.Series with { Provenance = quote.Series.Provenance with { AsOf = _clock.GetUtcNow().AddDays(-2) }, Version = quote.Series.Version + 1 } },
            _ => new(quote.Series with { Mode = SymbolMode.Normal, Doubts = [], Version = quote.Series.Version + 1 }),
        };
        return $"{symbol} {act}";
    }

    public void Heal()
    {
        foreach (var symbol in Symbols)
        {
            _quotes[symbol] = new(_quotes[symbol].Series with { Mode = SymbolMode.Normal, Doubts = [] });
            Publish(symbol, 0, newSession: false);
        }

        _quotes[FrancPair] = new(_quotes[FrancPair].Series);
    }

    void Publish(string symbol, decimal move, bool newSession)
    {
        var (quote, series) = (_quotes[symbol], _quotes[symbol].Series);
        var price = symbol is Pair or FrancPair
            ? Math.Clamp(Math.Round(series.LastPrice * (1 + move), 4), 0.8m, 1.4m)
            : Math.Max(1m, Math.Round(series.LastPrice * (1 + move), 2));
        _quotes[symbol] = quote with
        {
            Series = series with
            {
                Dates = newSession ? series.Dates.Add(series.LastSession.AddDays(1)) : series.Dates,
                Closes = newSession ? series.Closes.Add(price) : series.Closes.SetItem(series.Closes.Length - 1, price),
                Provenance = series.Provenance with { AsOf = _clock.GetUtcNow(), ReceivedAt = _clock.GetUtcNow() },
                Version = series.Version + 1,
            },
        };
    }

    PriceSeries Begin(string symbol)
    {
        var now = _clock.GetUtcNow();
        var closes = ImmutableArray.CreateBuilder<decimal>(Sessions);
        var price = (decimal)_random.Next(20, 200);
        for (var session = 0; session < Sessions; session++)
            closes.Add(price = Math.Max(1m, Math.Round(price * (1 + (decimal)(_random.NextDouble() - 0.5) * 0.04m), 2)));
        var first = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - Sessions);
        return new(symbol, symbol[0] < 'D' ? "Metals" : symbol == "FF" ? null : "Paper",
            [.. Enumerable.Range(0, Sessions).Select(first.AddDays)], closes.MoveToImmutable(), new("simulated", now, now), 1);
    }

    /// <param name="Silent">Nobody answers.</param>
    /// <param name="Frozen">The same price is said again and again.</param>
    sealed record Quote(PriceSeries Series, bool Silent = false, bool Frozen = false);

    sealed class Feed(string symbol, SimulatedMarket market) : ISymbolFeed
    {
        public PriceSeries? Series { get; private set; }

        public Task<SeriesStatus> RefreshAsync(CancellationToken cancellation)
        {
            if (!market._quotes.TryGetValue(symbol, out var quote)) return Task.FromResult(SeriesStatus.Unknown);
            if (quote.Silent) throw new IOException("nobody answers");
            if (quote.Series.Version == Series?.Version) return Task.FromResult(SeriesStatus.Unchanged);
            Series = quote.Series;
            return Task.FromResult(SeriesStatus.Updated);
        }

        public DataQuality Describe(DateTimeOffset now) => DataQuality.Nothing(symbol, SeriesStatus.Unavailable);
        public Task<BarPage> ReadAsync(BarQuery query, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IngestReceipt> IngestAsync(IngestedBars bars, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<InstrumentReport> DescribeInstrumentAsync(CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<InstrumentReport?> ChangeInstrumentAsync(
            InstrumentChange change, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ReleaseResult> ReleaseAsync(BarRelease release, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
