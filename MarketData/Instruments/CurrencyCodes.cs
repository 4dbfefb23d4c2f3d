using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Trading.MarketData;

/// <summary>Currencies, and coins that prices are quoted in, by their codes: ISO 4217 where there is one, else the
/// exchange's.</summary>
public static partial class CurrencyCodes
{
    /// <summary>Hundredths that some exchanges quote in, as they write them; the case tells pence from
    /// pounds.</summary>
    static readonly FrozenDictionary<string, string> Hundredths = new Dictionary<string, string>
    {
        ["GBp"] = "GBP", ["GBX"] = "GBP", ["ZAc"] = "ZAR", ["ZAC"] = "ZAR", ["ILA"] = "ILS",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a pair is quoted in, beside what a caller knows of it.</summary>
    static readonly FrozenSet<string> Quotes = FrozenSet.Create(StringComparer.Ordinal,
        "AUD", "BRL", "CAD", "CHF", "CNH", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR", "JPY", "KRW", "MXN", "NOK",
        "NZD", "PLN", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR", "USDT", "USDC", "FDUSD", "BUSD", "TUSD", "DAI",
        "BTC", "XBT", "ETH", "BNB");

    /// <summary>2 to 16 letters or digits.</summary>
    public static bool IsValid(string? code) => code is not null && Form().IsMatch(code);

    /// <summary>In the one form in which this program knows it: upper case, except for pence and their like.</summary>
    public static string Normalize(string code) => Hundredths.ContainsKey(code) ? code : code.ToUpperInvariant();

    /// <summary>The currency that has rates, and how many of it one unit of the code is: GBP and 0.01 for
    /// GBp.</summary>
    public static (string Currency, decimal Units) Major(string code) =>
        Hundredths.TryGetValue(code, out var major) ? (major, 0.01m) : (code, 1m);

    /// <summary>Whether a symbol is units of a coin or currency: BTC itself, or a pair that it stands first in, such as
    /// BTCUSD or BTC-EUR.</summary>
    /// <param name="quotes">What else a pair may be quoted in; null for nothing.</param>
    public static bool IsBase(string symbol, string code, params ReadOnlySpan<string?> quotes)
    {
        if (!symbol.StartsWith(code, StringComparison.Ordinal)) return false;
        var rest = symbol[code.Length..];
        if (rest.Length > 0 && rest[0] is '-' or '/') rest = rest[1..];
        return symbol == code || Quotes.Contains(rest) || (rest.Length > 0 && quotes.Contains(rest));
    }

    [GeneratedRegex(@"^[A-Za-z0-9]{2,16}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
