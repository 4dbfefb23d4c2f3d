using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Trading.Testing;

/// <summary>A server of HTTP on loopback that says, byte for byte, what a test tells it to: whole answers, half ones, none.</summary>
public sealed class FeedServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly SemaphoreSlim _arrived = new(0);
    readonly Task _serving;

    public FeedServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The heads of the requests, oldest first.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What is said to the next requests; null for nothing, the connection left open.</summary>
    public byte[]? Answer { get; set; }

    public void Says(string body, int status = 200, params string[] headers) =>
        Answer = [.. Head(status, Encoding.UTF8.GetByteCount(body), headers), .. Encoding.UTF8.GetBytes(body)];

    /// <summary>An answer that promises twice what it holds and breaks off.</summary>
    public void BreaksOff(string body) => Answer = [.. Head(200, 2 * body.Length, []), .. Encoding.UTF8.GetBytes(body)];

    public void SaysNothing() => Answer = null;

    public Task ArrivedAsync() => _arrived.WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
        _arrived.Dispose();
    }

    static byte[] Head(int status, int length, string[] headers) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    async Task ServeAsync()
    {
        List<TcpClient> open = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                open.Add(client);
                var stream = client.GetStream();
                Requests.Add(await HeadAsync(stream));
                _arrived.Release();
                if (Answer is not { } answer) continue;
                await stream.WriteAsync(answer, _stop.Token);
                client.Dispose();
            }
        }
        // A listener that was stopped while an answer was written refuses to accept in a way of its own.
        catch (Exception stopped) when (_stop.IsCancellationRequested || stopped is SocketException or IOException)
        {
            foreach (var client in open) client.Dispose();
        }
    }

    async Task<string> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[4_096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0) break;
            head.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return head.ToString();
    }
}
