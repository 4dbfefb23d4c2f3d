namespace Trading.MarketData;

/// <summary>An item of a stream with its place in the sequence of its symbol.</summary>
/// <param name="Position">The next item of the symbol has the next number, so that a missing one shows.</param>
readonly record struct Sequenced<T>(string Symbol, long Position, T Item);

/// <summary>What a stream is read and filled by.</summary>
/// <param name="Topic">The stream of a symbol.</param>
/// <param name="Read">The item of a message; null for a message that holds none.</param>
/// <param name="Fill">Items of a symbol from a position on, up to a position (exclusive; null for the newest there
/// is), by position.</param>
sealed record StreamFeed<T>(
    Func<string, string> Topic,
    Func<JsonField, Sequenced<T>?> Read,
    Func<string, long, long?, CancellationToken, Task<IReadOnlyList<Sequenced<T>>>> Fill);

/// <summary>Hands items on in the order of their positions, each once: older ones are dropped, and what is missing is
/// fetched first.</summary>
/// <param name="next">The position that each symbol is at; a symbol without one begins with the first item that
/// comes.</param>
sealed class StreamSequence<T>(
    StreamFeed<T> feed, Dictionary<string, long> next, Func<T, CancellationToken, ValueTask> deliver)
{
    /// <exception cref="SourceException">What is missing cannot be had; the item is not handed on, and comes again
    /// with the next fill.</exception>
    public async Task AcceptAsync(Sequenced<T> item, CancellationToken cancellation)
    {
        if (next.TryGetValue(item.Symbol, out var expected) && item.Position > expected)
            await FillAsync(item.Symbol, item.Position, cancellation);
        await DeliverAsync(item, cancellation);
    }

    /// <summary>Fetches what happened since the last item of every symbol.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        foreach (var symbol in next.Keys.ToArray()) await FillAsync(symbol, null, cancellation);
    }

    async Task FillAsync(string symbol, long? until, CancellationToken cancellation)
    {
        while (true)
        {
            var from = next[symbol];
            foreach (var item in await feed.Fill(symbol, from, until, cancellation))
                await DeliverAsync(item, cancellation);
            // nothing more, or all: what the exchange has not is no gap
            if (next[symbol] == from || until is null || next[symbol] >= until) return;
        }
    }

    async Task DeliverAsync(Sequenced<T> item, CancellationToken cancellation)
    {
        if (next.TryGetValue(item.Symbol, out var expected) && item.Position < expected) return;
        await deliver(item.Item, cancellation);
        next[item.Symbol] = item.Position + 1;
    }
}
