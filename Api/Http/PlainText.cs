using System.Globalization;
using System.Text;

namespace Trading.Api;

/// <summary>Text of somebody else's, fit for a message, a console or a log: what would move the cursor, change the direction of
/// reading or not be seen at all stands as its number.</summary>
public static class PlainText
{
    const int MaxLength = 200;

    public static string Of(string? text)
    {
        if (text is null) return "";
        if (text.Length <= MaxLength && !text.Any(IsUnseen)) return text;
        var plain = new StringBuilder();
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
            if (IsUnseen(letter)) plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else plain.Append(letter);
        return text.Length > MaxLength ? plain.Append('…').ToString() : plain.ToString();
    }

    static bool IsUnseen(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse;
}
