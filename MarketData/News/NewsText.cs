using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Trading.MarketData;

/// <summary>Texts, links and times of feeds.</summary>
static partial class NewsText
{
    public const int MaxTitle = 300, MaxLink = 2_000;

    /// <summary>What is looked at of a text; titles and summaries are shorter.</summary>
    const int MaxLookedAt = 10_000;

    /// <summary>Zones of RFC 822 in hours; feeds write them still.</summary>
    static readonly (string Name, string Offset)[] Zones =
    [
        ("GMT", "+0000"), ("UTC", "+0000"), ("UT", "+0000"), ("Z", "+0000"), ("EST", "-0500"), ("EDT", "-0400"),
        ("CST", "-0600"),
        ("CDT", "-0500"), ("MST", "-0700"), ("MDT", "-0600"), ("PST", "-0800"), ("PDT", "-0700"),
    ];

    static readonly string[] Rfc822 =
        ["d MMM yyyy H:mm:ss zzz", "d MMM yyyy H:mm zzz", "d MMM yy H:mm:ss zzz", "d MMM yy H:mm zzz"];

    /// <summary>Text without markup and entities, its white space single; entities may hide markup, so it is taken off
    /// twice.</summary>
    public static string Plain(string? markup)
    {
        if (string.IsNullOrEmpty(markup)) return "";
        var text = markup.Length > MaxLookedAt ? markup[..MaxLookedAt] : markup;
        for (var pass = 0; pass < 2; pass++)
            text = WebUtility.HtmlDecode(Tag().Replace(Hidden().Replace(text, " "), " "));
        text = Tag().Replace(text, " ");
        return Space().Replace(Control().Replace(text, " "), " ").Trim();
    }

    /// <summary>A text cut where it is longer than a title may be.</summary>
    public static string Title(string plain)
    {
        if (plain.Length <= MaxTitle) return plain;
        var cut = char.IsHighSurrogate(plain[MaxTitle - 2]) ? MaxTitle - 2 : MaxTitle - 1;
        return plain[..cut].TrimEnd() + "…";
    }

    /// <summary>An absolute http or https address; null for anything else, which a page must not offer to
    /// follow.</summary>
    public static string? Link(string? text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var link) && link.Scheme is "http" or "https"
            && link.AbsoluteUri.Length <= MaxLink ? link.AbsoluteUri : null;

    /// <summary>A time of RFC 822 (RSS), RFC 3339 (Atom, JSON), or in seconds since 1970; null where it is none of
    /// them. A time without a zone is UTC.</summary>
    public static DateTimeOffset? Time(string? text)
    {
        var cell = text?.Trim() ?? "";
        if (cell.Length is 0 or > 64) return null;
        if (long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return seconds <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        if (char.IsAsciiDigit(cell[0]) && cell.Contains('-', StringComparison.Ordinal) && cell.Length >= 10
            && cell[4] == '-')
            return DateTimeOffset.TryParse(
                cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var instant) ? instant : null;
        var date = cell[(cell.IndexOf(',', StringComparison.Ordinal) + 1)..].Trim();
        foreach (var (name, offset) in Zones)
            if (date.EndsWith(' ' + name, StringComparison.OrdinalIgnoreCase))
            {
                date = date[..^name.Length] + offset;
                break;
            }

        return DateTimeOffset.TryParseExact(
            date, Rfc822, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var written)
                ? written.ToUniversalTime() : null;
    }

    [GeneratedRegex(
        "<script[^>]*>.*?</script[^>]*>|<style[^>]*>.*?</style[^>]*>|<!--.*?-->",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Hidden();

    [GeneratedRegex("<[A-Za-z/!?][^>]*>", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"[\p{Cc}\p{Cf}]", RegexOptions.CultureInvariant)]
    private static partial Regex Control();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Space();
}
