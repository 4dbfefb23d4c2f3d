using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.MarketData;

/// <summary>One piece of news.</summary>
/// <param name="Id">What the feed calls it, else its link; the same news of two feeds is one item.</param>
/// <param name="Time">When it was published; when it was received where the feed does not say, or says a time that is
/// yet to come.</param>
/// <param name="Title">Plain text without markup.</param>
/// <param name="Source">Who published it, else the name of the feed.</param>
/// <param name="Link">An http or https address; null where the feed gives none.</param>
/// <param name="Symbols">The tickers it speaks of, in upper case: named by the feed, or found in the text.</param>
/// <param name="ReceivedAt">When this program first saw it.</param>
public sealed record NewsItem(
    string Id,
    DateTimeOffset Time,
    string Title,
    string Source,
    string? Link,
    ImmutableArray<string> Symbols,
    DateTimeOffset ReceivedAt);

/// <summary>How the last question to a feed ended.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FeedStatus>))]
public enum FeedStatus
{
    /// <summary>Not asked yet.</summary>
    Waiting,
    Answering,
    /// <summary>It gave no usable answer; what it said before stays.</summary>
    Failing,
    /// <summary>It asked to be left alone until <see cref="NewsFeedState.NextAt"/>.</summary>
    RateLimited,
}

/// <param name="AskedAt">When it was asked last; null for never.</param>
/// <param name="AnsweredAt">When it last answered well; null for never.</param>
/// <param name="NextAt">When it is asked next.</param>
/// <param name="Items">How many items its last answer with a body held.</param>
/// <param name="Problem">Why the last question gave nothing; null where it did.</param>
public sealed record NewsFeedState(
    string Name,
    FeedStatus Status,
    DateTimeOffset? AskedAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? NextAt,
    int Items,
    string? Problem);

/// <summary>Which news.</summary>
/// <param name="Symbol">Only what speaks of this ticker, in upper case; null for all.</param>
/// <param name="Since">Only what was published then or later; null for as far back as is kept.</param>
/// <param name="Limit">The newest so many; from 1 to <see cref="MaxLimit"/>.</param>
public sealed record NewsQuery(string? Symbol, DateTimeOffset? Since, int Limit)
{
    public const int DefaultLimit = 50, MaxLimit = 10_000;
}

/// <param name="Items">Newest first.</param>
/// <param name="Feeds">Every feed of the configuration, so that no news can be told from no feed.</param>
public sealed record NewsPage(ImmutableArray<NewsItem> Items, ImmutableArray<NewsFeedState> Feeds);
