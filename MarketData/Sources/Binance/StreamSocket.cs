using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Trading.MarketData;

/// <summary>One connection to Binance's combined streams: subscribes, and reads messages until it breaks or is silent
/// for too long. The exchange's pings are answered by the socket itself, which sends its own, too.</summary>
sealed class StreamSocket : IDisposable
{
    const int MaxMessage = 1024 * 1024;
    static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20), Connecting = TimeSpan.FromSeconds(20);

    readonly ClientWebSocket _socket = new();
    readonly BinanceOptions _options;
    readonly TimeProvider _clock;
    byte[] _buffer = new byte[16 * 1024];

    StreamSocket(BinanceOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        _socket.Options.KeepAliveInterval = KeepAlive;
        _socket.Options.KeepAliveTimeout = KeepAlive;
    }

    /// <param name="topics">For example <c>btcusdt@kline_1m</c>.</param>
    /// <exception cref="SourceException">No connection.</exception>
    public static async Task<StreamSocket> OpenAsync(
        BinanceOptions options, IReadOnlyCollection<string> topics, TimeProvider clock, CancellationToken cancellation)
    {
        var socket = new StreamSocket(options, clock);
        try
        {
            using var late = new CancellationTokenSource(Connecting, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
            await Guard(
                async () => await socket._socket.ConnectAsync(new(options.Streams, "/stream"), either.Token),
                cancellation);
            var subscribe = JsonSerializer.SerializeToUtf8Bytes(new { method = "SUBSCRIBE", @params = topics, id = 1 });
            await Guard(
                async () => await socket._socket.SendAsync(
                    subscribe, WebSocketMessageType.Text, endOfMessage: true, either.Token), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Messages as they come: null when the exchange confirms the subscription, else the data of a stream,
    /// valid until the next one.</summary>
    /// <exception cref="SourceException">The connection broke, was silent, or said nonsense. The enumeration ends in
    /// no other way.</exception>
    public async IAsyncEnumerable<JsonField?> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var length = 0;
            await Guard(async () => length = await ReceiveAsync(cancellation), cancellation);
            using var document = JsonField.Parse(BinanceSource.SourceName, _buffer.AsMemory(0, length));
            var message = JsonField.Root(BinanceSource.SourceName, document);
            if (message.Find("error") is { } error)
                throw Broken(
                    SourceFailure.Refused, $"the subscription failed: {FileFindings.Quote(error["msg"].Text())}");
            yield return message.Find("id") is null ? message["data"] : null;
        }
    }

    async Task<int> ReceiveAsync(CancellationToken cancellation)
    {
        using var silent = new CancellationTokenSource(TimeSpan.FromSeconds(_options.StreamSilence), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancellation);
        for (var length = 0; ;)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), either.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new WebSocketException("the exchange closed the stream");
            length += part.Count;
            if (part.EndOfMessage) return length;
            if (length < _buffer.Length) continue;
            if (length >= MaxMessage)
                throw Broken(SourceFailure.Nonsense, $"a message is larger than {MaxMessage} bytes");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    static async Task Guard(Func<Task> act, CancellationToken cancellation)
    {
        try
        {
            await act();
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw Broken(SourceFailure.Unreachable, "the stream is silent", late);
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or InvalidOperationException)
        {
            throw Broken(SourceFailure.Unreachable, $"the stream broke: {broken.Message}", broken);
        }
    }

    static SourceException Broken(SourceFailure failure, string message, Exception? inner = null) =>
        new(BinanceSource.SourceName, failure, message, inner: inner);

    public void Dispose() => _socket.Dispose();
}
