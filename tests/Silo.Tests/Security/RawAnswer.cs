using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Trading.Silo.Tests;

/// <summary>What the program answers to a request that is sent byte by byte.</summary>
sealed record RawAnswer(int Status, SortedDictionary<string, string> Headers, string Body)
{
    /// <summary>The content type of every error.</summary>
    public const string Problem = "application/problem+json";

    /// <param name="lines">The first line, headers, and after an empty one the body.</param>
    public static async Task<RawAnswer> OfAsync(Uri address, string token, string[] lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        var empty = Array.IndexOf(lines, "");
        var (headers, body) = empty < 0 ? (lines, "") : (lines[..empty], lines[^1]);
        if (!headers.Any(header => header.StartsWith("Authorization", StringComparison.Ordinal)))
            headers = [.. headers, $"Authorization: Bearer {token}"];
        var request = string.Join("\r\n", [.. headers, $"Host: {address.Authority}", "Connection: close", "", body]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Of(await reader.ReadToEndAsync());
    }

    static RawAnswer Of(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = text[..end].Split("\r\n");
        var headers = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines[1..]) headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        var body = text[(end + 4)..];
        var isChunked = headers.ContainsKey("Transfer-Encoding") && body.Length > 0;
        return new(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, isChunked ? Joined(body) : body);
    }

    public void ShouldBeProblem(int status)
    {
        Status.ShouldBe(status, Body);
        Headers.GetValueOrDefault("Content-Type").ShouldBe(Problem, Body);
        var problem = JsonDocument.Parse(Body).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("type").GetString().ShouldBe("about:blank");
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    public void ShouldBeHead(int status, string contentType) =>
        (Status, Headers.GetValueOrDefault("Content-Type"), Body).ShouldBe((status, contentType, ""));

    static string Joined(string chunks)
    {
        var bytes = Encoding.UTF8.GetBytes(chunks);
        using var joined = new MemoryStream();
        for (var at = 0; at < bytes.Length;)
        {
            var line = Array.IndexOf(bytes, (byte)'\r', at);
            var size = Encoding.ASCII.GetString(bytes, at, line - at);
            var length = int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            joined.Write(bytes, line + 2, length);
            at = line + 4 + length;
        }

        return Encoding.UTF8.GetString(joined.ToArray());
    }
}
