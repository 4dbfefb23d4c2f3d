namespace Trading.MarketData;

/// <summary>Reads the body of an answer up to a bound.</summary>
static class BoundedBody
{
    const int FirstBuffer = 32 * 1024;

    /// <exception cref="SourceException">The body is larger than the bound.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        string source, HttpContent content, int maxBytes, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > maxBytes) throw TooLarge();
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[(int)Math.Min(maxBytes + 1L, content.Headers.ContentLength + 1 ?? FirstBuffer)];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0) return buffer.AsMemory(0, length);
            length += read;
            if (length > maxBytes) throw TooLarge();
            if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(maxBytes + 1L, buffer.Length * 2L));
        }

        SourceException TooLarge() =>
            new(source, SourceFailure.Nonsense, $"the answer is larger than {maxBytes} bytes");
    }
}
