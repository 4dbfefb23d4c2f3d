using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Trading.MarketData;

/// <summary>Where a JSON news API keeps what: names of members, with dots for members of members. Empty: it does not
/// say.</summary>
sealed record JsonFeedFields
{
    /// <summary>The array of items; empty where the answer itself is the array.</summary>
    [ConfigurationKeyName("items")] public string Items { get; set; } = "articles";
    [ConfigurationKeyName("id")] public string Id { get; set; } = "";
    [ConfigurationKeyName("time")] public string Time { get; set; } = "publishedAt";
    [ConfigurationKeyName("title")] public string Title { get; set; } = "title";
    [ConfigurationKeyName("source")] public string Source { get; set; } = "source.name";
    [ConfigurationKeyName("link")] public string Link { get; set; } = "url";
    [ConfigurationKeyName("text")] public string Text { get; set; } = "description";

    /// <summary>An array of tickers, or a text with commas between them.</summary>
    [ConfigurationKeyName("symbols")] public string Symbols { get; set; } = "";

    /// <summary>As <c>newsapi.org</c> answers.</summary>
    public static JsonFeedFields NewsApi => new();

    /// <summary>As Finnhub's <c>/news</c> and <c>/company-news</c> answer.</summary>
    public static JsonFeedFields Finnhub => new()
    {
        Items = "", Id = "id", Time = "datetime", Title = "headline", Source = "source", Link = "url",
        Text = "summary", Symbols = "related",
    };

    /// <summary>As Alpaca's <c>/v1beta1/news</c> answers.</summary>
    public static JsonFeedFields Alpaca => new()
    {
        Items = "news", Id = "id", Time = "created_at", Title = "headline", Source = "source", Link = "url",
        Text = "summary", Symbols = "symbols",
    };
}

/// <summary>Reads the answer of a JSON news API by a table of where it keeps what.</summary>
static class JsonFeed
{
    static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 32 };

    /// <param name="source">The feed's name in messages.</param>
    /// <exception cref="SourceException">It is no JSON, or has no array of objects where the items should be; nothing
    /// was taken from it.</exception>
    public static ImmutableArray<RawNews> Parse(string source, ReadOnlyMemory<byte> body, JsonFeedFields fields)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Bounded);
            if (Find(document.RootElement, fields.Items) is not { ValueKind: JsonValueKind.Array } items)
                throw new SourceException(
                    source, SourceFailure.Nonsense,
                    fields.Items.Length == 0 ? "the answer is no array" : $"the answer has no array '{fields.Items}'");
            if (items.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object))
                throw new SourceException(source, SourceFailure.Nonsense, "an item is no object");
            return [.. items.EnumerateArray().Take(RawNews.MostInOneAnswer).Select(item => Item(item, fields))];
        }
        catch (JsonException broken)
        {
            throw new SourceException(
                source, SourceFailure.Nonsense, $"the answer is not JSON: {broken.Message}", inner: broken);
        }
        catch (InvalidOperationException broken) // a text that is no Unicode shows only when it is read
        {
            throw new SourceException(
                source, SourceFailure.Nonsense, $"the answer is not JSON: {broken.Message}", inner: broken);
        }
    }

    static RawNews Item(JsonElement item, JsonFeedFields fields) => new(
        Text(item, fields.Id),
        NewsText.Time(Text(item, fields.Time)),
        Text(item, fields.Title),
        Text(item, fields.Source),
        Text(item, fields.Link),
        Text(item, fields.Text),
        Find(item, fields.Symbols) switch
        {
            { ValueKind: JsonValueKind.Array } list =>
                [.. list.EnumerateArray().Where(symbol => symbol.ValueKind == JsonValueKind.String)
                    .SelectMany(symbol => TickerMentions.Listed(symbol.GetString()!))],
            { ValueKind: JsonValueKind.String } text => [.. TickerMentions.Listed(text.GetString()!)],
            _ => [],
        });

    static string? Text(JsonElement item, string path) => path.Length == 0 ? null : Find(item, path) switch
    {
        { ValueKind: JsonValueKind.String } text =>
            text.GetString() is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    static JsonElement? Find(JsonElement from, string path)
    {
        if (path.Length == 0) return from;
        foreach (var name in path.Split('.'))
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from)) return null;
        return from;
    }
}
