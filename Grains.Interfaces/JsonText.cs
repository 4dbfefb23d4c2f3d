using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Trading;

/// <summary>JSON in UTF-8 that is put together from pieces.</summary>
/// <remarks>Not for use by several threads at once.</remarks>
sealed class JsonText
{
    const int UsualSize = 4_096;
    const int DateLength = 10;

    readonly NumberTexts _numbers = new();
    byte[] _bytes = new byte[UsualSize];
    int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Raw(ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(Room(piece.Length));
        _length += piece.Length;
    }

    /// <summary>Quotation marks aside, text stays readable as it is, since none of it is part of a page.</summary>
    public void Text(string? text)
    {
        if (text is null)
        {
            Raw("null"u8);
            return;
        }

        Raw("\""u8);
        if (IsPlain(text))
        {
            var room = Room(text.Length);
            for (var i = 0; i < text.Length; i++) room[i] = (byte)text[i];
            _length += text.Length;
        }
        else
        {
            // By way of UTF-8, in which half a surrogate pair becomes the character for what is unreadable.
            Raw(JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        }

        Raw("\""u8);
    }

    public void Number(decimal? value)
    {
        if (value is { } known) _length += _numbers.Write(known, Room(NumberTexts.Longest));
        else Raw("null"u8);
    }

    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public void Number(double? value)
    {
        if (value is { } known) _length += _numbers.Write(known, Room(NumberTexts.Longest));
        else Raw("null"u8);
    }

    public void Time(DateTimeOffset? value)
    {
        if (value is not { } known)
        {
            Raw("null"u8);
            return;
        }

        Raw("\""u8);
        _length += _numbers.Write(known, Room(NumberTexts.Longest));
        Raw("\""u8);
    }

    public void Date(DateOnly date)
    {
        Raw("\""u8);
        date.TryFormat(Room(DateLength), out var written, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        _length += written;
        Raw("\""u8);
    }

    /// <summary>Whether every character stands for itself in a JSON string and takes one byte.</summary>
    static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.AsSpan().ContainsAny('"', '\\');

    Span<byte> Room(int length)
    {
        if (_bytes.Length - _length < length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + length));
        return _bytes.AsSpan(_length);
    }
}
