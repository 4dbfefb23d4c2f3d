using System.Globalization;

namespace Trading.Risk;

/// <summary>A number in a sentence: at most so many decimal places, half away from zero, no zeros at the end; nothing
/// for null. Formats by pattern give the same and take several times as long, and a refusal says a dozen such
/// numbers.</summary>
readonly struct RoundedNumber(decimal? value, int most, string unit) : ISpanFormattable
{
    /// <summary>Sign, point and every digit of a decimal.</summary>
    const int Longest = 32;

    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = 0;
        if (value is { } number)
        {
            if (!decimal.Round(number, most, MidpointRounding.AwayFromZero)
                .TryFormat(destination, out charsWritten, default, CultureInfo.InvariantCulture))
                return false;
            if (destination[..charsWritten].Contains('.'))
                charsWritten = destination[..charsWritten].TrimEnd('0').TrimEnd('.').Length;
        }

        if (!unit.TryCopyTo(destination[charsWritten..])) return false;
        charsWritten += unit.Length;
        return true;
    }

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public override string ToString()
    {
        Span<char> text = stackalloc char[Longest + unit.Length];
        TryFormat(text, out var length, default, null);
        return new(text[..length]);
    }
}
