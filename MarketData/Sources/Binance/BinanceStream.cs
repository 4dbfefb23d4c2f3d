using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Trading.MarketData;

/// <summary>A bar with the source that it came from.</summary>
public readonly record struct SourcedBar(string Symbol, Bar Bar, string Source, DateTimeOffset ReceivedAt);

/// <summary>A trade with its symbol.</summary>
public readonly record struct SourcedTrade(string Symbol, ExchangeTrade Trade, DateTimeOffset ReceivedAt);

/// <summary>Bars that a stream missed, from whoever has them.</summary>
/// <returns>The bars and the name of their source.</returns>
public delegate Task<(string Source, ImmutableArray<Bar> Bars)> BarFill(
    BarRequest request, CancellationToken cancellation);

/// <summary>Closed candles and trades as they happen, over one WebSocket for all symbols of a call. A stream that
/// breaks is opened and subscribed to anew, after a wait that doubles; what was missed meanwhile, or left out by the
/// exchange, is fetched before anything newer is handed on. While no stream can be had, bars go on at the pace of the
/// attempts.</summary>
public sealed partial class BinanceStream(
    BinanceSource rest, BinanceOptions options, TimeProvider clock, ILogger<BinanceStream> logger)
{
    /// <summary>The exchange's bound on one connection.</summary>
    public const int MaxSymbols = 1024;

    static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);

    /// <summary>Every bar of each symbol from its start on, in order, each once.</summary>
    /// <param name="from">The first bar that is wanted, by symbol as Binance writes it.</param>
    /// <param name="fill">Where missed bars come from, for example the chain; null for Binance alone.</param>
    /// <exception cref="ArgumentException">No symbols, or more than <see cref="MaxSymbols"/>.</exception>
    public IAsyncEnumerable<SourcedBar> BarsAsync(
        IReadOnlyDictionary<string, DateTimeOffset> from, BarInterval interval, BarFill? fill,
        CancellationToken cancellation)
    {
        var ticks = interval.Length().Ticks;
        var missed = fill ?? (async (request, token) => (rest.Name, (await rest.FetchAsync(request, token)).Bars));
        var feed = new StreamFeed<SourcedBar>(
            symbol => $"{symbol.ToLowerInvariant()}@kline_{interval.Code()}",
            data => BinancePayloads.ClosedKline(data, interval) is var (symbol, bar)
                ? Sequenced(new(symbol, bar, rest.Name, clock.GetUtcNow())) : null,
            async (symbol, start, end, token) =>
            {
                var (source, bars) = await missed(
                    new(symbol, interval, At(start), end is { } until ? At(until) : null), token);
                return [.. bars.Select(bar => Sequenced(new(symbol, bar, source, clock.GetUtcNow())))];
            });
        var next = from.ToDictionary(entry => entry.Key, entry => (entry.Value.UtcTicks + ticks - 1) / ticks);
        return ReadAsync(feed, [.. from.Keys], next, cancellation);

        DateTimeOffset At(long position) => new(position * ticks, TimeSpan.Zero);
        Sequenced<SourcedBar> Sequenced(SourcedBar bar) => new(bar.Symbol, bar.Bar.Time.UtcTicks / ticks, bar);
    }

    /// <summary>Every trade of each symbol from now on, in order, each once.</summary>
    /// <param name="symbols">As Binance writes them.</param>
    /// <exception cref="ArgumentException">No symbols, or more than <see cref="MaxSymbols"/>.</exception>
    public IAsyncEnumerable<SourcedTrade> TradesAsync(
        IReadOnlyCollection<string> symbols, CancellationToken cancellation)
    {
        var feed = new StreamFeed<SourcedTrade>(
            symbol => $"{symbol.ToLowerInvariant()}@trade",
            data => BinancePayloads.StreamedTrade(data) is var (symbol, trade) ? Sequenced(symbol, trade) : null,
            async (symbol, start, end, token) =>
                [.. (await rest.TradesAsync(symbol, start, token)).Where(trade => !(trade.Id >= end))
                    .Select(trade => Sequenced(symbol, trade))]);
        return ReadAsync(feed, symbols, [], cancellation);

        Sequenced<SourcedTrade> Sequenced(string symbol, ExchangeTrade trade) =>
            new(symbol, trade.Id, new(symbol, trade, clock.GetUtcNow()));
    }

    /// <summary>A bounded buffer stands between the stream and a slow reader: when it is full, the stream is not read,
    /// and what the exchange then drops is fetched later.</summary>
    async IAsyncEnumerable<T> ReadAsync<T>(
        StreamFeed<T> feed, IReadOnlyCollection<string> symbols, Dictionary<string, long> next,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (symbols.Count is 0 or > MaxSymbols)
            throw new ArgumentException($"{symbols.Count} symbols; it can be from 1 to {MaxSymbols}.", nameof(symbols));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var buffer = Channel.CreateBounded<T>(
            new BoundedChannelOptions(options.StreamBuffer) { SingleReader = true, SingleWriter = true });
        var sequence = new StreamSequence<T>(feed, next, buffer.Writer.WriteAsync);
        var writing = WriteAsync(feed, symbols.ToHashSet(StringComparer.Ordinal), sequence, buffer.Writer, stop.Token);
        try
        {
            await foreach (var item in buffer.Reader.ReadAllAsync(cancellation)) yield return item;
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    async Task WriteAsync<T>(
        StreamFeed<T> feed, HashSet<string> symbols, StreamSequence<T> sequence, ChannelWriter<T> writer,
        CancellationToken stop)
    {
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    using var socket = await StreamSocket.OpenAsync(
                        options, [.. symbols.Select(feed.Topic)], clock, stop);
                    await foreach (var message in socket.ReadAsync(stop))
                    {
                        if (message is not { } data)
                        {
                            await sequence.CatchUpAsync(stop);
                        }
                        else if (feed.Read(data) is { } item)
                        {
                            if (!symbols.Contains(item.Symbol))
                                throw data["s"].Wrong("a symbol that was subscribed to");
                            await sequence.AcceptAsync(item, stop);
                            attempt = 0;
                        }
                    }
                }
                catch (Exception failed) when (failed is SourceException or SourceChainException)
                {
                    LogBroken(failed, Backoff(attempt).TotalSeconds);
                }

                await GoOnWithoutAsync(sequence, stop);
                await Task.Delay(Backoff(attempt), clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            writer.Complete();
        }
        catch (Exception unexpected)
        {
            writer.Complete(unexpected); // the reader has it
        }
    }

    /// <summary>Fetches what the broken stream does not tell; where that fails as well, the next attempt does
    /// it.</summary>
    async Task GoOnWithoutAsync<T>(StreamSequence<T> sequence, CancellationToken stop)
    {
        try
        {
            await sequence.CatchUpAsync(stop);
        }
        catch (Exception failed) when (failed is SourceException or SourceChainException)
        {
            LogNotFilled(failed);
        }
    }

    TimeSpan Backoff(int attempt)
    {
        var wait = TimeSpan.FromSeconds(options.StreamBackoff) * Math.Pow(2, Math.Min(attempt, 16));
        return wait < LongestBackoff ? wait : LongestBackoff;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream broke; it is opened anew in {Seconds} seconds.")]
    partial void LogBroken(Exception failed, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the stream missed could not be fetched yet.")]
    partial void LogNotFilled(Exception failed);
}
