using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>An item as a feed gives it, markup and all; null is what the feed does not say.</summary>
/// <param name="Text">A summary, in which tickers may be mentioned.</param>
sealed record RawNews(
    string? Id, DateTimeOffset? Time, string? Title, string? Source, string? Link, string? Text,
    ImmutableArray<string> Symbols)
{
    /// <summary>More items than this in one answer are left out.</summary>
    public const int MostInOneAnswer = 1_000;
}
