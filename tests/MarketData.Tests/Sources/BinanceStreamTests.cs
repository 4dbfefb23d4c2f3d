using System.Collections.Immutable;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class BinanceStreamTests : IAsyncLifetime
{
    static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    const string Confirmed = """{"result":null,"id":1}""";

    readonly NoticingClock _clock = new(new ManualTimeProvider(Start.AddMinutes(3).AddSeconds(1)));
    readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(30));
    readonly List<string> _subscriptions = [];
    LocalServer _server = null!;
    Func<int, WebSocket, Task> _talk = (_, _) => Task.CompletedTask;
    readonly TaskCompletionSource _threeRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _fourRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool _restIsDead;
    int _connections;

    public async ValueTask InitializeAsync() => _server = await LocalServer.StartAsync(AnswerAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    async Task AnswerAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await (_restIsDead ? LocalServer.Says("<html>", 502) : LocalMarket.Binance(_clock))(context);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.FromMilliseconds(20) }); // pings, often
        var buffer = new byte[4096];
        var message = await socket.ReceiveAsync(buffer, _stop.Token);
        lock (_subscriptions) _subscriptions.Add(Encoding.UTF8.GetString(buffer, 0, message.Count));
        await _talk(Interlocked.Increment(ref _connections), socket);
    }

    static Task SayAsync(WebSocket socket, params IEnumerable<string> messages) => Task.Run(async () =>
    {
        foreach (var message in messages) await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, default);
    });

    async Task StayAsync(WebSocket socket)
    {
        try
        {
            await socket.ReceiveAsync(new byte[16], _stop.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException)
        {
            // The client or the test has ended.
        }
    }

    BinanceStream Stream()
    {
        var options = new BinanceOptions { BaseAddress = _server.Address, StreamAddress = _server.StreamAddress, Retries = 0, StreamBackoff = 1, StreamSilence = 600, StreamBuffer = 2 };
        return new(new(Recorded.Client, options, _clock), options, _clock, NullLogger<BinanceStream>.Instance);
    }

    async Task<List<SourcedBar>> BarsAsync(int count, BarFill? fill = null)
    {
        var bars = new List<SourcedBar>();
        await foreach (var bar in Stream().BarsAsync(new Dictionary<string, DateTimeOffset> { ["BTCUSDT"] = Start }, BarInterval.OneMinute, fill, _stop.Token))
        {
            bars.Add(bar);
            if (bars.Count == 3) _threeRead.SetResult();
            if (bars.Count == 4) _fourRead.SetResult();
            if (bars.Count == count) break;
        }

        bars.Select(bar => bar.Bar.Time).ShouldBe(Enumerable.Range(0, count).Select(minute => Start.AddMinutes(minute)), "no hole, no double");
        bars.ShouldAllBe(bar => bar.Symbol == "BTCUSDT" && (bar.Source != "binance" || bar.Bar.Close == LocalMarket.Close(bar.Bar.Time)));
        return bars;
    }

    [Fact]
    public async Task Stream_SubscribesFirst_FillsUpToThePresent_AndGoesOnWithClosedCandles()
    {
        _talk = async (_, socket) =>
        {
            await SayAsync(socket, Confirmed);
            await SayAsync(socket, LocalMarket.Streamed(Start.AddMinutes(3), closed: false), LocalMarket.Streamed(Start.AddMinutes(3)));
            await SayAsync(socket, LocalMarket.Streamed(Start.AddMinutes(3)), LocalMarket.Streamed(Start.AddMinutes(2)), LocalMarket.Streamed(Start.AddMinutes(4)));
            await StayAsync(socket);
        };

        await BarsAsync(5);

        _subscriptions.ShouldBe(["""{"method":"SUBSCRIBE","params":["btcusdt@kline_1m"],"id":1}"""]);
    }

    [Fact]
    public async Task CandlesThatTheStreamLeavesOut_AreFetchedBeforeNewerOnes()
    {
        _talk = async (_, socket) =>
        {
            await SayAsync(socket, Confirmed, LocalMarket.Streamed(Start.AddMinutes(3)));
            await _fourRead.Task.WaitAsync(_stop.Token);
            _clock.Advance(TimeSpan.FromMinutes(7));
            await SayAsync(socket, LocalMarket.Streamed(Start.AddMinutes(9)));
            await StayAsync(socket);
        };

        await BarsAsync(10);

        _server.Asked.ShouldContain(path => path.Contains("startTime", StringComparison.Ordinal) && path.Contains("endTime", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StreamThatIsCut_IsOpenedAnewAfterAWait_AndMissesNothing()
    {
        _talk = async (connection, socket) =>
        {
            await SayAsync(socket, Confirmed);
            if (connection == 1)
            {
                await SayAsync(socket, LocalMarket.Streamed(Start.AddMinutes(3)));
                await _fourRead.Task.WaitAsync(_stop.Token);
                _clock.Advance(TimeSpan.FromMinutes(5)); // 12:08:01
                socket.Abort();
                return;
            }

            await SayAsync(socket, LocalMarket.Streamed(Start.AddMinutes(8)));
            await StayAsync(socket);
        };

        var reading = BarsAsync(9);
        await _clock.PassAsync(TimeSpan.FromSeconds(1), _stop.Token); // the first wait

        await reading;
        _subscriptions.Count.ShouldBe(2);
        _subscriptions[1].ShouldBe(_subscriptions[0]);
    }

    [Fact]
    public async Task StreamThatIsSilent_IsGivenUp()
    {
        _talk = async (connection, socket) =>
        {
            await SayAsync(socket, Confirmed);
            if (connection > 1) await SayAsync(socket, LocalMarket.Streamed(Start.AddMinutes(13)));
            await StayAsync(socket);
        };

        var reading = BarsAsync(14);
        await _threeRead.Task.WaitAsync(_stop.Token); // the confirmation has come: no message follows it that could end the wait
        await _clock.PassAsync(TimeSpan.FromMinutes(10), _stop.Token); // the bound of the silence
        await _clock.PassAsync(TimeSpan.FromSeconds(1), _stop.Token);

        await reading;
        _connections.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task WhileNoStreamCanBeHad_BarsGoOnFromWhoeverFillsThem()
    {
        _talk = (_, socket) =>
        {
            socket.Abort();
            return Task.CompletedTask;
        };

        var reading = BarsAsync(3, (request, _) => Task.FromResult(("kraken", ImmutableArray.Create(Bar.OfClose(request.From!.Value, 1m)))));
        await _clock.PassAsync(TimeSpan.FromSeconds(1), _stop.Token);
        await _clock.PassAsync(TimeSpan.FromSeconds(2), _stop.Token);

        (await reading).ShouldAllBe(bar => bar.Source == "kraken");
    }

    [Fact]
    public async Task ExchangeThatDiesInMidStream_IsReplacedByTheNext_AndComesBackWithoutHoleOrDouble()
    {
        await using var kraken = await LocalServer.StartAsync(LocalMarket.Kraken(_clock));
        await using var chain = new SourceChain(
        [
            new BinanceSource(Recorded.Client, new() { BaseAddress = _server.Address, Retries = 0 }, _clock),
            new KrakenSource(Recorded.Client, new() { BaseAddress = kraken.Address, Retries = 0 }, _clock),
        ], new() { GoodAnswers = 100 }, _clock);
        _talk = async (connection, socket) =>
        {
            await SayAsync(socket, Confirmed);
            if (connection == 1)
            {
                await SayAsync(socket, LocalMarket.Streamed(Start.AddMinutes(3)));
                await _fourRead.Task.WaitAsync(_stop.Token);
                _restIsDead = true;
                _clock.Advance(TimeSpan.FromMinutes(5)); // 12:08:01
                socket.Abort();
                return;
            }

            await SayAsync(socket, LocalMarket.Streamed(Start.AddMinutes(8)), LocalMarket.Streamed(Start.AddMinutes(9)));
            await StayAsync(socket);
        };

        var reading = BarsAsync(10, chain.FillAsync);
        await _clock.PassAsync(TimeSpan.FromSeconds(1), _stop.Token);

        (await reading).Select(bar => bar.Source).ShouldBe([.. Enumerable.Repeat("binance", 4), .. Enumerable.Repeat("kraken", 4), "binance", "binance"]);
        chain.Report().Single(report => report.Source == "binance").State.ShouldBe(SourceState.Probation);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("""{"error":{"code":2,"msg":"Invalid request"},"id":1}""")]
    [InlineData("""{"stream":"btcusdt@kline_1m"}""")]
    [InlineData("""{"stream":"btcusdt@kline_1m","data":{"s":"BTCUSDT","k":{"x":1} } }""")]
    [InlineData("other symbol")]
    public async Task Nonsense_EndsTheConnection_AndNotTheSeries(string message)
    {
        _talk = async (connection, socket) =>
        {
            await SayAsync(socket, connection > 1 ? Confirmed
                : message == "other symbol" ? LocalMarket.Streamed(Start.AddMinutes(3), symbol: "ETHUSDT") : message);
            await StayAsync(socket);
        };

        await BarsAsync(3);
    }

    [Fact]
    public async Task Trades_KeepTheirOrder_AndMissingIdsAreFetched()
    {
        _talk = async (_, socket) =>
        {
            await SayAsync(socket, Confirmed, LocalMarket.StreamedTrade(100), LocalMarket.StreamedTrade(101), LocalMarket.StreamedTrade(101),
                LocalMarket.StreamedTrade(110), LocalMarket.StreamedTrade(111));
            await StayAsync(socket);
        };
        var ids = new List<long>();

        await foreach (var trade in Stream().TradesAsync(["BTCUSDT"], _stop.Token))
        {
            ids.Add(trade.Trade.Id);
            if (ids.Count == 12) break;
        }

        ids.ShouldBe(Enumerable.Range(100, 12).Select(id => (long)id));
        _server.Asked.Count(path => path.Contains("historicalTrades", StringComparison.Ordinal)).ShouldBe(3);
    }

    [ReferenceFact]
    public void RecordedAndDocumentedMessages_AreRead()
    {
        using var trade = JsonField.Parse("binance", Recorded.Body("binance/nautilus/ws_spot_trade.json"));
        BinancePayloads.StreamedTrade(JsonField.Root("binance", trade)["data"])
            .ShouldBe(("ETHUSDT", new ExchangeTrade(705291099, Recorded.Utc("2021-12-12 23:17:42.243"), 4149.74m, 0.4387m)));
        var text = Encoding.UTF8.GetString(Recorded.Body("binance/documentation_examples/Subscriptions_Spot_ExchangeData_Klines.txt"));
        using var kline = JsonField.Parse("binance", Encoding.UTF8.GetBytes(text[(text.IndexOf("\n=", StringComparison.Ordinal) + 2)..]));
        BinancePayloads.ClosedKline(JsonField.Root("binance", kline)["data"], BarInterval.OneMinute).ShouldBeNull(); // it is still open
    }
}
