using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Trading.MarketData;

/// <summary>What is wrong with a cell.</summary>
enum CellFault
{
    None,
    Empty,
    Number,
    NotANumber,
    Range,
    Date,
}

/// <summary>Numbers and times in UTF-8, read exactly and without allocation: no binary floating point, no culture, no
/// guessing.</summary>
static class BarCells
{
    /// <summary>More significant digits than these do not fit a decimal without rounding.</summary>
    const int MaxDigits = 28;

    /// <summary>A larger power of ten, and more digits before one, take a number out of what a decimal holds.</summary>
    const int MaxPower = 60;

    /// <summary>So many digits fit an unsigned 64-bit mantissa whatever they are.</summary>
    const int MaxFastDigits = 19;

    /// <summary>Numbers of this size or more are taken for a broken input rather than for a market.</summary>
    public const decimal Bound = 1_000_000_000_000_000m;

    /// <summary>Times outside of these are taken for a wrong unit.</summary>
    public static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    const int MinMillisecondDigits = 11;
    const long FirstMicrosecond = 100_000_000_000_000;

    static readonly SearchValues<byte> NumberMarks = SearchValues.Create("+-.0123456789"u8);

    /// <summary>An optional sign, digits, at most one point, and an exponent; <c>5.</c> and <c>.5</c> are numbers. What
    /// a decimal cannot hold exactly is none.</summary>
    public static CellFault Number(ReadOnlySpan<byte> cell, out decimal value)
    {
        value = 0;
        if (cell.IsEmpty) return CellFault.Empty;
        var mark = cell.IndexOfAny((byte)'e', (byte)'E');
        return mark < 0 ? Plain(cell, out value) : Scaled(cell, mark, out value);
    }

    /// <summary>A number with an exponent: the same digits with the point elsewhere, and without zeros that say
    /// nothing.</summary>
    static CellFault Scaled(ReadOnlySpan<byte> cell, int mark, out decimal value)
    {
        value = 0;
        var sign = cell[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var mantissa = cell[Math.Min(sign, mark)..mark];
        var exponent = cell[(mark + 1)..];
        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var part = point < 0 ? [] : mantissa[(point + 1)..];
        if (whole.Length + part.Length == 0 || !AreDigits(whole) || !AreDigits(part)
            || exponent.IsEmpty || exponent is [(byte)'+' or (byte)'-']
            || !AreDigits(exponent[0] is (byte)'+' or (byte)'-' ? exponent[1..] : exponent))
            return NotDecimal(cell);
        whole = whole.TrimStart((byte)'0');
        if (whole.IsEmpty && part.IndexOfAnyExcept((byte)'0') < 0) return CellFault.None; // zero
        if (whole.Length + part.Length > MaxPower || !Utf8Parser.TryParse(exponent, out int power, out _)
            || power is < -MaxPower or > MaxPower)
            return CellFault.Range;
        Span<byte> digits = stackalloc byte[3 * MaxPower];
        digits.Fill((byte)'0');
        whole.CopyTo(digits[MaxPower..]);
        part.CopyTo(digits[(MaxPower + whole.Length)..]);
        var at = MaxPower + whole.Length + power; // where the point comes to stand
        Span<byte> text = stackalloc byte[3 * MaxPower + 2];
        text[0] = cell[0] == '-' ? (byte)'-' : (byte)'+';
        digits[..at].CopyTo(text[1..]);
        text[at + 1] = (byte)'.';
        digits[at..].CopyTo(text[(at + 2)..]);
        return Plain(text.TrimEnd((byte)'0'), out value);
    }

    public static bool AreDigits(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    static CellFault Plain(ReadOnlySpan<byte> cell, out decimal value)
    {
        value = 0;
        var negative = cell[0] == '-';
        var at = negative || cell[0] == '+' ? 1 : 0;
        ulong mantissa = 0;
        int digits = 0, scale = -1, significant = 0;
        for (; at < cell.Length; at++)
        {
            var digit = (uint)(cell[at] - '0');
            if (digit <= 9)
            {
                digits++;
                if (scale >= 0) scale++;
                if ((mantissa | digit) == 0) continue; // a leading zero
                if (++significant > MaxFastDigits) return Long(cell, out value);
                mantissa = mantissa * 10 + digit;
            }
            else if (cell[at] == '.' && scale < 0) scale = 0;
            else return NotDecimal(cell);
        }

        if (digits == 0) return NotDecimal(cell);
        if (scale > MaxDigits) return CellFault.Range;
        value = new decimal((int)(uint)mantissa, (int)(uint)(mantissa >> 32), 0, negative, (byte)Math.Max(scale, 0));
        return mantissa < (ulong)Bound || Math.Abs(value) < Bound ? CellFault.None : CellFault.Range;
    }

    /// <summary><c>yyyy-MM-dd</c>, the same with <c>HH:mm</c>, <c>HH:mm:ss</c> or a fraction of the second behind
    /// <c>T</c> or a space, then <c>Z</c> or an offset (none is UTC), or milliseconds or microseconds since 1970, told
    /// apart by their size. The fraction counts to 100 ns.</summary>
    public static CellFault Time(ReadOnlySpan<byte> cell, out DateTimeOffset time)
    {
        time = default;
        if (cell.IsEmpty) return CellFault.Empty;
        if (cell.Length < 10 || cell[4] != '-') return SinceEpoch(cell, out time);
        if (cell[7] != '-' || !Digits(cell, 0, 4, out var year) || !Digits(cell, 5, 2, out var month)
            || !Digits(cell, 8, 2, out var day))
            return CellFault.Date;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return CellFault.Date;
        var ticks = new DateTime(year, month, day).Ticks;
        if (cell.Length > 10)
        {
            if (cell[10] is not ((byte)'T' or (byte)' ') || !TimeOfDay(cell[11..], out var ofDay))
                return CellFault.Date;
            ticks += ofDay;
        }

        if (ticks < Earliest.Ticks || ticks >= Latest.Ticks) return CellFault.Range;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return CellFault.None;
    }

    /// <summary>Milliseconds of at least 11 digits, that is from March 1973 on: fewer would be seconds, or a date
    /// without dashes. Microseconds from the same time on; what lies between the two, or beyond, is neither.</summary>
    static CellFault SinceEpoch(ReadOnlySpan<byte> cell, out DateTimeOffset time)
    {
        time = default;
        if (cell.Length < MinMillisecondDigits || !AreDigits(cell)) return CellFault.Date;
        if (!Utf8Parser.TryParse(cell, out long number, out _)) return CellFault.Range;
        var last = Latest.ToUnixTimeMilliseconds();
        if (number < last) time = DateTimeOffset.FromUnixTimeMilliseconds(number);
        else if (number >= FirstMicrosecond && number / 1_000 < last)
            time = DateTimeOffset.UnixEpoch.AddTicks(number * TimeSpan.TicksPerMicrosecond);
        else return CellFault.Range;
        return CellFault.None;
    }

    /// <summary>The ticks since midnight UTC; outside of the day where an offset leads there.</summary>
    static bool TimeOfDay(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 5 || text[2] != ':' || !Digits(text, 0, 2, out var hour)
            || !Digits(text, 3, 2, out var minute))
            return false;
        var second = 0;
        long fraction = 0;
        var at = 5;
        if (at < text.Length && text[at] == ':')
        {
            if (!Digits(text, 6, 2, out second)) return false;
            at = 8;
            if (at < text.Length && text[at] is (byte)'.' or (byte)',' && !Fraction(text, ref at, out fraction))
                return false;
        }

        if (hour > 23 || minute > 59 || second > 59 || !Offset(text[at..], out var offset)) return false;
        ticks = (hour * 60L + minute - offset) * TimeSpan.TicksPerMinute + second * TimeSpan.TicksPerSecond + fraction;
        return true;
    }

    static bool Fraction(ReadOnlySpan<byte> text, ref int at, out long ticks)
    {
        var unit = TimeSpan.TicksPerSecond;
        ticks = 0;
        var start = ++at;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++) ticks += (text[at] - '0') * (unit /= 10);
        return at - start is > 0 and <= 9;
    }

    static bool Offset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.IsEmpty || text is [(byte)'Z']) return true;
        if (text[0] is not ((byte)'+' or (byte)'-') || !Digits(text, 1, 2, out var hours)) return false;
        var rest = text[3..];
        if (rest is [(byte)':', ..]) rest = rest[1..];
        var part = 0;
        if (text.Length > 3 && (rest.Length != 2 || !Digits(rest, 0, 2, out part))) return false;
        minutes = (hours * 60 + part) * (text[0] == '-' ? -1 : 1);
        return part <= 59 && Math.Abs(minutes) <= 14 * 60;
    }

    static bool Digits(ReadOnlySpan<byte> text, int from, int count, out int value)
    {
        value = 0;
        if (text.Length < from + count) return false;
        foreach (var letter in text.Slice(from, count))
        {
            var digit = (uint)(letter - '0');
            if (digit > 9) return false;
            value = value * 10 + (int)digit;
        }

        return true;
    }

    /// <summary>Twenty digits and more: the framework's reader, which would round what does not fit.</summary>
    static CellFault Long(ReadOnlySpan<byte> cell, out decimal value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(cell, Style, CultureInfo.InvariantCulture, out value))
            return cell.IndexOfAnyExcept(NumberMarks) >= 0 || cell.Count((byte)'.') > 1
                || cell.LastIndexOfAny((byte)'+', (byte)'-') > 0
                ? NotDecimal(cell)
                : CellFault.Range;
        var point = cell.IndexOf((byte)'.');
        var digits = cell.TrimStart("+-0."u8);
        var significant = digits.Length - (digits.Contains((byte)'.') ? 1 : 0);
        return significant > MaxDigits || (point >= 0 && cell.Length - point - 1 > MaxDigits)
            || Math.Abs(value) >= Bound
            ? CellFault.Range
            : CellFault.None;
    }

    static CellFault NotDecimal(ReadOnlySpan<byte> cell)
    {
        var word = cell[0] is (byte)'-' or (byte)'+' ? cell[1..] : cell;
        return Is(word, "nan") || Is(word, "inf") || Is(word, "infinity") ? CellFault.NotANumber : CellFault.Number;

        static bool Is(ReadOnlySpan<byte> word, string name) => System.Text.Ascii.EqualsIgnoreCase(word, name);
    }
}
