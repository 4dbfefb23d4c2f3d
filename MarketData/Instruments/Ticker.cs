using System.Text.RegularExpressions;

namespace Trading.MarketData;

/// <summary>The name that an instrument is traded under.</summary>
public static partial class Ticker
{
    /// <summary>The longest one, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>Letters, digits, '.', '-', '/', '=' and '^', 1 to 64 characters.</summary>
    public static bool IsValid(string? text) => text is not null && Form().IsMatch(text);

    /// <summary>In the one form in which this program knows it: trimmed, upper case.</summary>
    public static string Normalize(string text) => text.Trim().ToUpperInvariant();

    [GeneratedRegex(@"^[A-Za-z0-9.\-/=^]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
