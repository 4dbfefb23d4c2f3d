using System.Globalization;

namespace Trading.Api;

/// <summary>Times in paths and queries: a date, which is its midnight UTC, or a date and time with its zone, so that none is guessed.</summary>
internal static class Moments
{
    static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public static bool IsWellFormed(string? text) => TryParse(text, out _);

    /// <summary>Null for an absent time.</summary>
    /// <exception cref="FormatException">It is not well formed, which <see cref="Identifiers"/> has ruled out.</exception>
    public static DateTimeOffset? Parse(string? text) =>
        text is null ? null : TryParse(text, out var time) ? time : throw new FormatException($"'{text}' is no time.");

    static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (text is not { Length: >= 10 and <= 40 }) return false;
        var zoned = text.Length == 10 || text[^1] == 'Z' || text[^6] is '+' or '-';
        return zoned && DateTimeOffset.TryParseExact(
            text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }
}
