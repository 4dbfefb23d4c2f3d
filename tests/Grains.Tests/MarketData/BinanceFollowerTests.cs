using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class BinanceFollowerTests : IAsyncLifetime
{
    static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    readonly NoticingClock _clock = new(new ManualTimeProvider(Start.AddMinutes(3).AddSeconds(1)));
    readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(30));
    readonly Kept _kept = new();
    LocalServer _server = null!;
    string[] _messages = [];

    public async ValueTask InitializeAsync() => _server = await LocalServer.StartAsync(AnswerAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task ClosedBars_ComeToTheGrain_FromTheLastOneThatIsKeptOn()
    {
        _kept.Bars.Enqueue(("binance", Bar.OfClose(Start, 1)));
        _messages = [LocalMarket.Streamed(Start.AddMinutes(3), closed: false), LocalMarket.Streamed(Start.AddMinutes(3)), LocalMarket.Streamed(Start.AddMinutes(4))];

        await FollowAsync(new() { Stream = ["btc-usdt"] }, 5);

        _kept.Bars.Select(kept => kept.Bar.Time).ShouldBe(Enumerable.Range(0, 5).Select(minute => Start.AddMinutes(minute)), "no hole, no double");
        _kept.Bars.ShouldAllBe(kept => kept.Source == "binance");
        _kept.Asked.ShouldBe(["BTC-USDT"], ignoreOrder: false);
    }

    [Fact]
    public async Task WhereTheGrainFails_FollowingBeginsAgain_FromWhatIsKept()
    {
        _kept.Bars.Enqueue(("binance", Bar.OfClose(Start, 1)));
        _kept.Fails = 1;
        _messages = [LocalMarket.Streamed(Start.AddMinutes(3))];

        var following = FollowAsync(new() { Stream = ["BTCUSDT"] }, 4);
        await _clock.PassAsync(TimeSpan.FromSeconds(1), _stop.Token);
        await following;

        _kept.Bars.Select(kept => kept.Bar.Time).ShouldBe(Enumerable.Range(0, 4).Select(minute => Start.AddMinutes(minute)));
    }

    [Fact]
    public async Task Trades_BecomeBarsOfAMinute_WithoutTheFirstThatIsNotWhole()
    {
        _messages =
        [
            Trade(1, Start.AddSeconds(59), 90), Trade(2, Start.AddSeconds(60), 100), Trade(3, Start.AddSeconds(61), 120), Trade(4, Start.AddSeconds(119), 110),
            Trade(5, Start.AddSeconds(121), 130),
        ];

        await FollowAsync(new() { Stream = ["BTCUSDT"], StreamTrades = true }, 1);

        _kept.Bars.ShouldHaveSingleItem().ShouldBe(("binance", new Bar(Start.AddMinutes(1), 100, 120, 100, 110, 6)));
    }

    [Theory]
    [InlineData("2m", "BTCUSDT", "stream_interval")]
    [InlineData("1m", "BTC USDT", "stream has")]
    public void BadSettings_AreNamed(string interval, string symbol, string finding) =>
        new BinanceOptions { Stream = [symbol], StreamInterval = interval }.BrokenRules().ShouldHaveSingleItem().ShouldStartWith(finding);

    [Fact]
    public void SymbolThatIsNamedTwice_IsFound() =>
        new BinanceOptions { Stream = ["BTCUSDT", "btc-usdt"] }.BrokenRules().ShouldBe(["stream names a symbol twice."]);

    async Task FollowAsync(BinanceOptions options, int bars)
    {
        (options.BaseAddress, options.StreamAddress, options.Retries, options.StreamSilence) = (_server.Address, _server.StreamAddress, 0, 600);
        var stream = new BinanceStream(new(Recorded.Client, options, _clock), options, _clock, NullLogger<BinanceStream>.Instance);
        using var follower = new BinanceFollower(stream, options, null, _kept.Of, _clock, NullLogger<BinanceFollower>.Instance);
        await follower.StartedAsync(default);
        while (_kept.Bars.Count < bars) await _kept.Added.WaitAsync(_stop.Token);
        await follower.StoppingAsync(_stop.Token);
    }

    async Task AnswerAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await LocalMarket.Binance(_clock)(context);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.ReceiveAsync(new byte[4096], _stop.Token);
        foreach (var message in _messages.Prepend("""{"result":null,"id":1}"""))
            await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, _stop.Token);
        try
        {
            await socket.ReceiveAsync(new byte[16], _stop.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException)
        {
            // The follower or the test has ended.
        }
    }

    static string Trade(int id, DateTimeOffset time, decimal price) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":{{{id}}},"p":"{{{price}}}","q":"2","T":{{{time.ToUnixTimeMilliseconds()}}},"m":true} }""");

    /// <summary>A grain that keeps what it is brought.</summary>
    sealed class Kept : ISymbolDataGrain
    {
        public ConcurrentQueue<(string Source, Bar Bar)> Bars { get; } = [];
        public HashSet<string> Asked { get; } = [];
        public SemaphoreSlim Added { get; } = new(0);
        public int Fails { get; set; }

        public ISymbolDataGrain Of(string symbol)
        {
            lock (Asked) Asked.Add(symbol);
            return this;
        }

        public Task<Outcome<BarPage>> GetBarsAsync(BarQuery query) => Task.FromResult(Outcome.Done(new BarPage(
            "BTCUSDT", query.Interval, null, [.. Bars.TakeLast(1).Select(kept => new BarRecord(kept.Bar, 1, kept.Source, Start, Start, Verdict.Accept, null, null).ToVersion())], [], false)));

        public Task<Outcome<IngestReceipt>> IngestAsync(IngestedBars bars)
        {
            if (Fails-- > 0) throw new IOException("The store is away.");
            foreach (var bar in bars.Bars) Bars.Enqueue((bars.Source, bar));
            Added.Release();
            return Task.FromResult(Outcome.Done(new IngestReceipt(0, 0, bars.Bars.Length, 0, 0)));
        }

        public ValueTask<SeriesUpdate> GetSeriesAsync(long newerThan) => throw new NotSupportedException();
        public Task<DataQuality> GetQualityAsync() => throw new NotSupportedException();
        public Task<InstrumentReport> GetInstrumentAsync() => throw new NotSupportedException();
        public Task<Outcome<InstrumentReport>> ChangeInstrumentAsync(InstrumentChange change) => throw new NotSupportedException();
        public Task<Outcome<BarVersion>> ReleaseAsync(BarRelease release) => throw new NotSupportedException();
    }
}
