using Microsoft.Extensions.Configuration;

namespace Trading.MarketData;

/// <summary>Section <c>market_data:yahoo</c>; durations are in seconds.</summary>
sealed class YahooOptions : HttpSourceOptions
{
    public const string Section = "market_data:yahoo";

    public YahooOptions() => RequestsPerMinute = 120;

    /// <summary>Yahoo turns away clients that do not name themselves.</summary>
    [ConfigurationKeyName("user_agent")] public string UserAgent { get; set; } = "Mozilla/5.0 (compatible; trading)";

    /// <summary>Symbols that Yahoo writes in a way that no rule gives, for example <c>SPX: ^GSPC</c>.</summary>
    [ConfigurationKeyName("symbols")] public Dictionary<string, string> Symbols { get; set; } = new(
        StringComparer.OrdinalIgnoreCase);

    public override string DefaultAddress => "https://query1.finance.yahoo.com";

    public override IEnumerable<string> BrokenRules()
    {
        foreach (var rule in base.BrokenRules()) yield return rule;
        if (string.IsNullOrWhiteSpace(UserAgent) || UserAgent.Any(letter => letter is < ' ' or > '~'))
            yield return "user_agent is empty or not printable ASCII.";
        foreach (var (symbol, written) in Symbols)
            if (!Ticker.IsValid(symbol) || !Ticker.IsValid(written))
                yield return $"symbols:{symbol} is '{written}'; both are tickers.";
    }
}
