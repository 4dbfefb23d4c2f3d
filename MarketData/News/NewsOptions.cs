using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>One feed. Durations are in seconds.</summary>
sealed class NewsFeedOptions
{
    /// <summary>What it is called in answers and logs.</summary>
    [ConfigurationKeyName("name")] public string Name { get; set; } = "";

    [ConfigurationKeyName("address")] public string Address { get; set; } = "";

    /// <summary><c>xml</c> (RSS 2.0 or Atom), or the shape of a JSON news API: <c>newsapi</c>, <c>finnhub</c>,
    /// <c>alpaca</c>, or <c>json</c> with <see cref="Fields"/>.</summary>
    [ConfigurationKeyName("format")] public string Format { get; set; } = "xml";

    /// <summary>Where a JSON news API of another shape keeps what.</summary>
    [ConfigurationKeyName("fields")] public JsonFeedFields? Fields { get; set; }

    /// <summary>For <c>xml</c>: the element of an item that lists tickers.</summary>
    [ConfigurationKeyName("symbols_element")] public string? SymbolsElement { get; set; }

    /// <summary>Never shown.</summary>
    [ConfigurationKeyName("key")] public string? Key { get; set; }

    /// <summary>The header that the key goes in.</summary>
    [ConfigurationKeyName("key_header")] public string KeyHeader { get; set; } = "X-Api-Key";

    /// <summary>Between two questions; from 10 up to a day.</summary>
    [ConfigurationKeyName("interval")] public double Interval { get; set; } = 300;

    internal JsonFeedFields? Shape => Format switch
    {
        "newsapi" => JsonFeedFields.NewsApi,
        "finnhub" => JsonFeedFields.Finnhub,
        "alpaca" => JsonFeedFields.Alpaca,
        "json" => Fields,
        _ => null,
    };
}

/// <summary>Where news comes from. Section <c>market_data:news</c>; without feeds there is none.</summary>
sealed class NewsOptions : IValidateOptions<NewsOptions>
{
    public const string Section = "market_data:news";
    public const int MaxFeeds = 100;

    [ConfigurationKeyName("feeds")] public NewsFeedOptions[] Feeds { get; set; } = [];

    /// <summary>How many items are kept in memory; from 10 to 100,000.</summary>
    [ConfigurationKeyName("keep")] public int Keep { get; set; } = 5_000;

    /// <summary>How long one question may take, answer included; from 0.05 to 300.</summary>
    [ConfigurationKeyName("timeout")] public double Timeout { get; set; } = 15;

    /// <summary>An answer larger than this is nonsense; from 1,024 to 67,108,864.</summary>
    [ConfigurationKeyName("max_response_bytes")] public int MaxResponseBytes { get; set; } = 4 << 20;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, NewsOptions options)
    {
        List<string> errors = [];
        if (options.Feeds.Length > MaxFeeds)
            errors.Add($"feeds has {options.Feeds.Length} entries; it can have up to {MaxFeeds}.");
        for (var index = 0; index < options.Feeds.Length; index++)
            errors.AddRange(BrokenRules(options.Feeds[index]).Select(rule => $"feeds:{index}:{rule}"));
        foreach (var twice in options.Feeds.GroupBy(feed => feed.Name)
            .Where(group => group.Key.Length > 0 && group.Count() > 1))
            errors.Add($"feeds has the name '{twice.Key}' more than once.");
        if (options.Keep is < 10 or > 100_000) errors.Add($"keep is {options.Keep}; it can be from 10 to 100000.");
        if (options.Timeout is not (>= 0.05 and <= 300))
            errors.Add($"timeout is {options.Timeout} seconds; it can be from 0.05 to 300.");
        if (options.MaxResponseBytes is < 1_024 or > 64 << 20)
            errors.Add($"max_response_bytes is {options.MaxResponseBytes}; it can be from 1024 to {64 << 20}.");
        return errors.Count == 0
            ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Select(error => $"{Section}:{error}"));
    }

    static IEnumerable<string> BrokenRules(NewsFeedOptions feed)
    {
        if (string.IsNullOrWhiteSpace(feed.Name)) yield return "name is empty.";
        if (!Uri.TryCreate(feed.Address, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https"))
            yield return "address is no absolute http or https address."; // and is not shown: a key may stand in it
        if (feed.Format is not ("xml" or "newsapi" or "finnhub" or "alpaca" or "json"))
            yield return $"format is '{feed.Format}'; it can be xml, newsapi, finnhub, alpaca or json.";
        if (feed is { Format: "json", Fields: null }) yield return "fields is not set; format json needs it.";
        if (!string.IsNullOrEmpty(feed.Key) && string.IsNullOrWhiteSpace(feed.KeyHeader))
            yield return "key_header is empty, but there is a key.";
        if (feed.Interval is not (>= 10 and <= 86_400))
            yield return $"interval is {feed.Interval} seconds; it can be from 10 to 86400.";
    }
}
