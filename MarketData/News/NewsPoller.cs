using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>All feeds of the configuration and what they said. Each is asked at its own times, and none waits for
/// another.</summary>
public sealed partial class NewsPoller : BackgroundService
{
    readonly NewsCache _cache;
    readonly ImmutableArray<NewsFeed> _feeds;
    readonly TimeProvider _clock;
    readonly ILogger<NewsPoller> _log;

    internal NewsPoller(
        IOptions<NewsOptions> options, FeedClient http, IInstrumentDirectory directory, TimeProvider clock,
        ILogger<NewsPoller> log)
    {
        var mentions = new TickerMentions(directory);
        (_cache, _clock, _log) = (new(options.Value.Keep), clock, log);
        _feeds = [.. options.Value.Feeds.Select(feed => new NewsFeed(feed, options.Value, http, mentions, clock))];
    }

    /// <summary>A feed was asked, and what it said is to be found.</summary>
    internal event Action? Asked;

    public NewsPage Find(NewsQuery query) => new(_cache.Find(query), [.. _feeds.Select(feed => feed.State)]);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_feeds.Select(feed => FollowAsync(feed, stoppingToken)));

    async Task FollowAsync(NewsFeed feed, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var before = feed.State.Status;
                _cache.Add(await feed.AskAsync(stopping));
                Asked?.Invoke();
                var state = feed.State;
                if (state.Problem is { } problem && state.Status != before) LogFailing(state.Name, problem);
                await Task.Delay(
                    state.NextAt!.Value - _clock.GetUtcNow() is var wait && wait > TimeSpan.Zero
                        ? wait : TimeSpan.Zero, _clock, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The news feed {Feed} gives no news: {Problem}")]
    partial void LogFailing(string feed, string problem);
}
