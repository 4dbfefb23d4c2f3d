using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>The words for the terms of a measure, and their hash.</summary>
static class RiskTerms
{
    public const double Days = 252;

    public static string Of<T>(T term) where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(term.ToString());

    public static string Of(TailConvention convention) =>
        convention == TailConvention.Type7
            ? RiskMethods.Type7
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(convention.ToString());

    /// <summary>Says that the returns of a symbol mostly repeat the one before, and what follows.</summary>
    public static ReportWarning Repeating(string symbol, string consequence) => new(
        "repeating_returns", symbol,
        $"The price of {symbol} stands still, or moves by the same each session: its returns say nothing of its risk; "
        + consequence);

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The first 16 hexadecimal digits of SHA-256 over the terms, so that numbers made alike can be told from
    /// others.</summary>
    public static string Hash(params ReadOnlySpan<object?> terms)
    {
        var text = new StringBuilder();
        foreach (var term in terms)
            text.Append(CultureInfo.InvariantCulture, $"{term}|");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
