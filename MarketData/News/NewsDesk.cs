using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>All feeds of the configuration and what they said. Each is asked at its own times, and none waits for another.</summary>
public sealed partial class NewsDesk : BackgroundService
{
    readonly NewsBoard _board;
    readonly ImmutableArray<NewsFeed> _feeds;
    readonly TimeProvider _clock;
    readonly ILogger<NewsDesk> _log;

    internal NewsDesk(IOptions<NewsOptions> options, FeedHttp http, IInstrumentDirectory directory, TimeProvider clock, ILogger<NewsDesk> log)
    {
        var mentions = new TickerMentions(directory);
        (_board, _clock, _log) = (new(options.Value.Keep), clock, log);
        _feeds = [.. options.Value.Feeds.Select(feed => new NewsFeed(feed, options.Value, http, mentions, clock))];
    }

    /// <summary>A feed was asked, and what it said is to be found.</summary>
    internal event Action? Asked;

    public NewsPage Find(NewsQuery query) => new(_board.Find(query), [.. _feeds.Select(feed => feed.State)]);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_feeds.Select(feed => FollowAsync(feed, stoppingToken)));

    async Task FollowAsync(NewsFeed feed, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var before = feed.State.Status;
                _board.Add(await feed.AskAsync(stopping));
                Asked?.Invoke();
                var state = feed.State;
                if (state.Problem is { } problem && state.Status != before) LogFailing(state.Name, problem);
                await Task.Delay(state.NextAt!.Value - _clock.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _clock, stopping);
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
