using System.Text.RegularExpressions;

namespace Trading.MarketData;

/// <summary>Which class a symbol belongs to: by the patterns of the configuration, else by its form. Two currencies
/// are a pair of currencies (EURUSD), something in dollars or a stablecoin is a coin (BTCUSDT, ETH-USD), and the rest
/// is an equity.</summary>
public sealed partial class AssetClasses
{
    readonly (AssetClass Class, Regex Pattern)[] _patterns;

    /// <param name="patterns">Symbols by class, with <c>*</c> for any letters; the first that fits counts.</param>
    public AssetClasses(IEnumerable<(AssetClass Class, string Pattern)> patterns) =>
        _patterns = [.. patterns.Select(entry => (entry.Class, Compiled(entry.Pattern)))];

    public static AssetClasses ByForm { get; } = new([]);

    public AssetClass Of(string symbol)
    {
        foreach (var (found, pattern) in _patterns)
            if (pattern.IsMatch(symbol)) return found;
        return CurrencyPair().IsMatch(symbol) ? AssetClass.Fx
            : CoinPair().IsMatch(symbol) ? AssetClass.Crypto : AssetClass.Equity;
    }

    static Regex Compiled(string pattern) =>
        new($@"\A{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}\z", Matching);

    const RegexOptions Matching =
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking;
    const string Currency =
        "(AUD|BRL|CAD|CHF|CNH|CNY|CZK|DKK|EUR|GBP|HKD|HUF|ILS|INR|JPY|KRW|MXN|NOK|NZD|PLN|SEK|SGD|THB|TRY|TWD|USD|ZAR)";

    [GeneratedRegex(@"\A" + Currency + "[-/]?" + Currency + @"(=X)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CurrencyPair();

    [GeneratedRegex(@"\A[A-Z0-9]{2,12}[-/]?(USDT|USDC|FDUSD|BUSD|USD)\z", RegexOptions.CultureInvariant)]
    private static partial Regex CoinPair();
}
