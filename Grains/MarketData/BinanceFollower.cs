using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Trading.MarketData;

/// <summary>Brings the closed bars of the streams that the configuration names to the grains of their symbols, from
/// the last bar that is kept on. It begins when every service of the host has started, and whatever breaks it, it
/// begins again from what is kept.</summary>
/// <param name="fill">Where bars come from that a stream missed; null for Binance alone.</param>
/// <param name="grainOf">The grain of a symbol.</param>
sealed partial class BinanceFollower(
    BinanceStream stream, BinanceOptions options, BarFill? fill, Func<string, ISymbolDataGrain> grainOf,
    TimeProvider clock, ILogger<BinanceFollower> log)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>How far back a gap is filled at a start.</summary>
    static readonly TimeSpan LongestGap = TimeSpan.FromDays(1);

    readonly CancellationTokenSource _stop = new();
    readonly Dictionary<string, string> _symbols = (options.Stream ?? []).Select(Ticker.Normalize)
        .ToDictionary(BinanceSource.Symbol);
    Task _following = Task.CompletedTask;

    BarInterval Interval => options.StreamTrades ? BarInterval.OneMinute : options.Interval;

    /// <summary>Grains are looked for when the first bar needs one: a host without a silo has none.</summary>
    public static Func<string, ISymbolDataGrain> Grains(IServiceProvider services) =>
        symbol => services.GetRequiredService<IGrainFactory>().GetGrain<ISymbolDataGrain>(symbol);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (_symbols.Count > 0) _following = Task.Run(FollowAsync, cancellationToken);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _following.WaitAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public void Dispose() => _stop.Dispose();

    async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    await foreach (var bar in options.StreamTrades ? FromTradesAsync() : await FromCandlesAsync())
                        await GrainOf(bar.Symbol).IngestAsync(new(bar.Source, Interval, [bar.Bar]));
                }
                catch (Exception broken) when (!_stop.IsCancellationRequested)
                {
                    LogBroken(broken, options.StreamBackoff);
                }

                await Task.Delay(TimeSpan.FromSeconds(options.StreamBackoff), clock, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    async Task<IAsyncEnumerable<SourcedBar>> FromCandlesAsync()
    {
        var from = await Task.WhenAll(
            _symbols.Keys.Select(async name => KeyValuePair.Create(name, await NextAsync(name))));
        return stream.BarsAsync(from.ToDictionary(), Interval, fill is null ? null : FillAsync, _stop.Token);
    }

    /// <summary>The bar behind the last one that is kept; not older than the longest gap.</summary>
    async Task<DateTimeOffset> NextAsync(string name)
    {
        var now = clock.GetUtcNow();
        var earliest = now - LongestGap;
        var page = await GrainOf(name).GetBarsAsync(new(Interval, earliest, now, null, 1));
        return page.Value is { Bars: [.., var last] } ? last.Bar.Time + Interval.Length() : earliest;
    }

    Task<(string Source, ImmutableArray<Bar> Bars)> FillAsync(BarRequest request, CancellationToken cancellation) =>
        fill!(request with { Symbol = _symbols[request.Symbol] }, cancellation);

    /// <summary>Bars put together from trades; of each symbol the first, which began before anybody listened, is left
    /// out.</summary>
    async IAsyncEnumerable<SourcedBar> FromTradesAsync()
    {
        var candles = _symbols.Keys.ToDictionary(name => name, _ => new CandleBuilder(Interval));
        var whole = new HashSet<string>();
        await foreach (var (name, trade, receivedAt) in stream.TradesAsync(_symbols.Keys, _stop.Token))
        {
            candles[name].TryAdd(new Trade(trade.Time, trade.Price, trade.Quantity), out var finished);
            if (finished is { } bar && !whole.Add(name))
                yield return new(name, bar, BinanceSource.SourceName, receivedAt);
        }
    }

    ISymbolDataGrain GrainOf(string name) => grainOf(_symbols[name]);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Following the streams broke; it begins again in {Seconds} seconds.")]
    partial void LogBroken(Exception broken, double seconds);
}
