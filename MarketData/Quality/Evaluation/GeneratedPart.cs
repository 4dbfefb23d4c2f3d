namespace Trading.MarketData;

/// <summary>The part of a page that a program writes, between <c>&lt;!-- name: generated --&gt;</c> and <c>&lt;!--
/// /name --&gt;</c>.</summary>
public static class GeneratedPart
{
    /// <exception cref="FormatException">The page has no such part.</exception>
    public static string Replace(string page, string name, string content)
    {
        var (begin, end) = ($"<!-- {name}: generated -->\n", $"\n<!-- /{name} -->");
        var (start, stop) = (
            page.IndexOf(begin, StringComparison.Ordinal), page.IndexOf(end, StringComparison.Ordinal));
        return start >= 0 && stop > start
            ? page[..(start + begin.Length)] + content + page[stop..]
            : throw new FormatException(
                $"The page has no part between <!-- {name}: generated --> and <!-- /{name} -->.");
    }
}
