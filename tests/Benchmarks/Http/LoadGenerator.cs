using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Trading.Benchmarks.Http;

/// <summary>What one round of load saw. Latency is from the first byte sent to the last byte received.</summary>
public sealed record LoadResult(double RequestsPerSecond, double MedianMilliseconds, double P99Milliseconds);

/// <summary>Closed-loop HTTP/1.1 load on loopback: each connection sends its next request when the answer to the last one is whole.</summary>
public static class LoadGenerator
{
    /// <summary>Of the program that was started last, with the end of its line.</summary>
    public static string Authorization { get; set; } = "";

    /// <summary>One POST request as it goes over the wire.</summary>
    /// <param name="header">Another header, with the end of its line; absent that by which the program that is measured knows its caller.</param>
    public static byte[] Post(string path, string json, string? header = null) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{header ?? Authorization}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    /// <param name="requestAt">The request of a connection's n-th turn: connection, turn.</param>
    public static async Task<LoadResult> RunAsync(int port, int connections, TimeSpan duration, Func<int, int, byte[]> requestAt)
    {
        var started = Stopwatch.GetTimestamp();
        var runs = Enumerable.Range(0, connections)
            .Select(connection => Task.Run(() => ConnectionAsync(port, started, duration, turn => requestAt(connection, turn))))
            .ToArray();
        var results = await Task.WhenAll(runs);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var latencies = results.SelectMany(result => result).Order().ToArray();
        return new LoadResult(latencies.Length / elapsed, Quantile(latencies, 0.5), Quantile(latencies, 0.99));
    }

    static double Quantile(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[(int)((sorted.Length - 1) * share)];

    static async Task<List<double>> ConnectionAsync(int port, long started, TimeSpan duration, Func<int, byte[]> requestAt)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var latencies = new List<double>(100_000);
        var buffer = ArrayPool<byte>.Shared.Rent(4 * 1024 * 1024);
        for (var turn = 0; Stopwatch.GetElapsedTime(started) < duration; turn++)
        {
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(requestAt(turn));
            await ReceiveAsync(socket, buffer);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return latencies;
    }

    /// <summary>Reads one response with a Content-Length or in chunks. A status that is not 200 ends the benchmark: it would measure errors.</summary>
    static async Task ReceiveAsync(Socket socket, byte[] buffer)
    {
        var received = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(received));
            if (read == 0) throw new IOException("The server closed the connection.");
            received += read;
            if (!IsWhole(buffer.AsSpan(0, received))) continue;
            if (buffer.AsSpan(0, received).StartsWith("HTTP/1.1 200"u8)) return;
            throw new InvalidDataException(Encoding.UTF8.GetString(buffer, 0, Math.Min(received, 2_000)));
        }
    }

    static bool IsWhole(ReadOnlySpan<byte> response)
    {
        var headers = response.IndexOf("\r\n\r\n"u8);
        if (headers < 0) return false;
        var length = response[..headers].IndexOf("Content-Length: "u8);
        if (length < 0) return response.EndsWith("0\r\n\r\n"u8);
        System.Buffers.Text.Utf8Parser.TryParse(response[(length + 16)..], out int content, out _);
        return response.Length >= headers + 4 + content;
    }
}
