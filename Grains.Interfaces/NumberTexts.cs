using System.Globalization;
using System.Runtime.CompilerServices;

namespace Trading;

/// <summary>Numbers and times as JSON, with the newest texts remembered by value: the measures after one order are those before the next, and
/// limits come again in every decision, while finding the shortest digits of a double costs more than anything else in writing it.</summary>
/// <remarks>Not for use by several threads at once.</remarks>
sealed class NumberTexts
{
    /// <summary>A power of two. With their texts they fit a core's first cache beside what else it works on.</summary>
    const int Entries = 256;

    // What tells apart values of the same bits: no decimal has one of these in its unused bits.
    const ulong DoubleMark = 1, TimeMark = 2;

    /// <summary>Where the offset stands in a time with seven digits of its second.</summary>
    const int OffsetAt = 27;

    [InlineArray(Longest)]
    struct Text
    {
        byte _first;
    }

    struct Entry
    {
        public UInt128 Value;
        public byte Length;
        public Text Text;
    }

    /// <summary>The longest text, in bytes: a time with its fraction takes 33, a decimal 31.</summary>
    public const int Longest = 40;

    readonly Entry[] _entries = new Entry[Entries];

    /// <returns>The number of bytes written to the target, which holds <see cref="Longest"/> at least.</returns>
    public int Write(decimal value, Span<byte> target)
    {
        ref var entry = ref Find(Unsafe.BitCast<decimal, UInt128>(value), out var isKnown);
        if (!isKnown)
        {
            value.TryFormat(entry.Text, out var length, default, CultureInfo.InvariantCulture);
            entry.Length = (byte)length;
        }

        return Copy(entry, target);
    }

    /// <exception cref="ArgumentException">The value is not finite, for which JSON has no number.</exception>
    public int Write(double value, Span<byte> target)
    {
        if (!double.IsFinite(value)) throw new ArgumentException("A number in JSON must be finite.", nameof(value));
        ref var entry = ref Find(new UInt128(BitConverter.DoubleToUInt64Bits(value), DoubleMark), out var isKnown);
        if (!isKnown)
        {
            value.TryFormat(entry.Text, out var length, default, CultureInfo.InvariantCulture);
            entry.Length = (byte)length;
        }

        return Copy(entry, target);
    }

    /// <summary>A time with the digits of its second that are not zero, for example <c>2026-01-05T12:00:00.25+00:00</c>.</summary>
    public int Write(DateTimeOffset value, Span<byte> target)
    {
        var mark = TimeMark | ((ulong)(uint)value.TotalOffsetMinutes << 32);
        ref var entry = ref Find(new UInt128((ulong)value.UtcTicks, mark), out var isKnown);
        if (!isKnown)
        {
            Span<byte> text = entry.Text;
            value.TryFormat(text, out var length, "O", CultureInfo.InvariantCulture);
            var offset = text[OffsetAt..length];
            var kept = text[..OffsetAt].TrimEnd((byte)'0').TrimEnd((byte)'.').Length;
            offset.CopyTo(text[kept..]);
            entry.Length = (byte)(kept + offset.Length);
        }

        return Copy(entry, target);
    }

    ref Entry Find(UInt128 value, out bool isKnown)
    {
        var hash = ((ulong)value ^ (ulong)(value >> 64)) * 0x9E37_79B9_7F4A_7C15;
        ref var entry = ref _entries[(int)(hash >> 56)];
        isKnown = entry.Length > 0 && entry.Value == value;
        entry.Value = value;
        return ref entry;
    }

    static int Copy(in Entry entry, Span<byte> target)
    {
        ((ReadOnlySpan<byte>)entry.Text)[..entry.Length].CopyTo(target);
        return entry.Length;
    }
}
