using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Trading.Api;

namespace Trading.Hosting;

/// <summary>A request that the server cannot read (a zero byte in its path, an address that is too long, a broken header)
/// never reaches the program: the server refuses it without a body and closes the connection. Here such a refusal is given
/// the body that every other error has. Under TLS of the server's own the bytes are no longer readable here, and it stays
/// as it is.</summary>
static class ServerRefusals
{
    static ReadOnlySpan<byte> Begins => "HTTP/1.1 4"u8;
    static ReadOnlySpan<byte> NoBody => "\r\nContent-Length: 0\r\n"u8;
    static ReadOnlySpan<byte> Closes => "\r\nConnection: close\r\n"u8;
    static ReadOnlySpan<byte> Ends => "\r\n\r\n"u8;

    public static ConnectionDelegate Describe(ConnectionDelegate next) => async connection =>
    {
        var transport = connection.Transport;
        connection.Transport = new Described(transport.Input, new Output(transport.Output));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    };

    /// <summary>The refusal with a body; null for whatever else is sent.</summary>
    static byte[]? WithBody(ReadOnlySpan<byte> sent)
    {
        if (!sent.StartsWith(Begins) || !sent.EndsWith(Ends) || sent.IndexOf(Closes) < 0) return null;
        if (sent.IndexOf(NoBody) is not (>= 0 and var at)) return null;
        if (!int.TryParse(sent.Slice("HTTP/1.1 ".Length, 3), out var status)) return null;
        var problem = ApiProblem.Of(status, "The server cannot read the request; nothing was changed.", []);
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.ApiProblem);
        var headers = Encoding.ASCII.GetBytes(
            $"\r\nContent-Type: {ApiProblem.ContentType}\r\nX-Content-Type-Options: nosniff\r\n"
            + $"Content-Length: {body.Length}\r\n");
        return [.. sent[..at], .. headers, .. sent[(at + NoBody.Length)..], .. body];
    }

    sealed record Described(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Passes everything on, and looks at what is sent in one piece.</summary>
    sealed class Output(PipeWriter inner) : PipeWriter
    {
        /// <summary>Bytes that a refusal with its body needs at most: less may be left of a piece of memory.</summary>
        const int Room = 1_024;

        Memory<byte> _memory;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            if (bytes <= _memory.Length && WithBody(_memory.Span[..bytes]) is { } described
                && described.Length <= _memory.Length)
            {
                described.CopyTo(_memory);
                bytes = described.Length;
            }

            _memory = _memory[Math.Min(bytes, _memory.Length)..];
            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = inner.GetMemory(Math.Max(sizeHint, Room));

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(
            ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(source, cancellationToken);
    }
}
