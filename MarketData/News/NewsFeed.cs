using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>One feed: asks it, reads what it says, and remembers how it went.</summary>
sealed class NewsFeed(
    NewsFeedOptions feed, NewsOptions options, FeedClient http, TickerMentions mentions, TimeProvider clock)
{
    /// <summary>How far a server's clock may be ahead before its times are taken for wrong.</summary>
    static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    readonly TimeSpan _interval = TimeSpan.FromSeconds(feed.Interval);
    FeedVersion? _version;
    NewsFeedState _state = new(feed.Name, FeedStatus.Waiting, null, null, null, 0, null);

    public NewsFeedState State => Volatile.Read(ref _state);

    /// <summary>Asks once. What fails is in the <see cref="State"/>; what was known stays.</summary>
    /// <returns>The items of the answer; none where nothing changed or the question failed.</returns>
    public async Task<ImmutableArray<NewsItem>> AskAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        try
        {
            var hasKey = !string.IsNullOrEmpty(feed.Key);
            var reply = await http.GetAsync(
                new(feed.Name, new(feed.Address), TimeSpan.FromSeconds(options.Timeout), options.MaxResponseBytes,
                    hasKey ? feed.KeyHeader : null, feed.Key, _version),
                cancellation);
            if ((int)reply.Status >= 400)
                throw new SourceException(feed.Name, SourceFailure.Refused, $"refused with {(int)reply.Status}");
            var raw = reply.Body is { } body ? Read(body) : [];
            if (reply.Body is not null) _version = reply.Version;
            var items = raw.Select(item => Item(item, now)).OfType<NewsItem>().ToImmutableArray();
            Set(State with
            {
                Status = FeedStatus.Answering,
                AskedAt = now,
                AnsweredAt = now,
                NextAt = now + _interval,
                Items = reply.Body is null ? State.Items : items.Length,
                Problem = null,
            });
            return items;
        }
        catch (SourceException failure)
        {
            var pause = failure.RetryAfter is { } asked && asked > _interval ? asked : _interval;
            var status = failure.Failure == SourceFailure.RateLimited ? FeedStatus.RateLimited : FeedStatus.Failing;
            Set(State with { Status = status, AskedAt = now, NextAt = now + pause, Problem = failure.Message });
            return [];
        }
    }

    ImmutableArray<RawNews> Read(ReadOnlyMemory<byte> body) =>
        feed.Shape is { } fields
            ? JsonFeed.Parse(feed.Name, body, fields) : XmlFeed.Parse(feed.Name, body, feed.SymbolsElement);

    /// <summary>Null for an item without words.</summary>
    NewsItem? Item(RawNews raw, DateTimeOffset now)
    {
        var (title, text) = (NewsText.Plain(raw.Title), NewsText.Plain(raw.Text));
        var headline = NewsText.Title(title.Length > 0 ? title : text);
        if (headline.Length == 0) return null;
        var link = NewsText.Link(raw.Link);
        var source = NewsText.Title(NewsText.Plain(raw.Source)) is { Length: > 0 } named ? named : feed.Name;
        var time = raw.Time is { } said && said <= now + Ahead ? said : now;
        return new(
            Short(raw.Id) ?? link ?? headline, time, headline, source, link,
            [.. mentions.Find(raw.Symbols, title, text)], now);
    }

    /// <summary>Ids are unique in their feed only, unless they are addresses.</summary>
    string? Short(string? id) => id is null ? null
        : Uri.TryCreate(id, UriKind.Absolute, out _) && id.Length <= NewsText.MaxLink ? id
        : $"{feed.Name}/{id[..Math.Min(id.Length, NewsText.MaxTitle)]}";

    void Set(NewsFeedState state) => Volatile.Write(ref _state, state);
}
