using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Trading.Portfolios;

/// <summary>Values one after another without names, in few bytes. A number that was written before is a reference to
/// its first place.</summary>
/// <remarks>Not for use by several threads at once.</remarks>
sealed class CompactWriter
{
    // What stands before a double: nothing follows the first two, eight bytes the third. From FirstDouble on: the place
    // of an equal one.
    internal const byte NoDouble = 0, ZeroDouble = 1, RawDouble = 2, FirstDouble = 16;

    // What stands before a decimal: its scale, with the sign; none; the place of the double that it is the decimal of.
    // From FirstDecimal on: the place of an equal one.
    internal const byte Sign = 0x20, NoDecimal = 0x40, OfDouble = 0x41, FirstDecimal = 0x80;

    /// <summary>Numbers that can be referred to.</summary>
    internal const int MaxPlaces = 112;

    const int UsualSize = 1_024, LongestNumber = 24;

    readonly ulong[] _doubles = new ulong[MaxPlaces];
    readonly decimal?[] _asDecimals = new decimal?[MaxPlaces];
    readonly UInt128[] _decimals = new UInt128[MaxPlaces];
    byte[] _bytes = new byte[UsualSize];
    int _length, _doubleCount, _decimalCount;

    public byte[] Written => _bytes[.._length];

    public void Clear() => (_length, _doubleCount, _decimalCount) = (0, 0, 0);

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    /// <summary>Seven bits a byte, the lowest first; the highest bit says that more follow.</summary>
    public void Count(ulong value)
    {
        var room = Room(LongestNumber);
        var length = 0;
        for (; value >= 0x80; value >>= 7) room[length++] = (byte)((byte)value | 0x80);
        room[length++] = (byte)value;
        _length += length;
    }

    /// <summary>The same, for the few numbers that need more than 64 bits.</summary>
    void Count(UInt128 value)
    {
        for (; value > ulong.MaxValue; value >>= 7) Byte((byte)((byte)value | 0x80));
        Count((ulong)value);
    }

    /// <summary>Small for small values of either sign.</summary>
    public void Signed(long value) => Count((ulong)((value << 1) ^ (value >> 63)));

    public void Text(string? text)
    {
        if (text is null)
        {
            Byte(0);
            return;
        }

        var size = Encoding.UTF8.GetByteCount(text);
        Count((uint)size + 1u);
        _length += Encoding.UTF8.GetBytes(text, Room(size));
    }

    /// <exception cref="ArgumentException">The value is not finite.</exception>
    public void Number(double? value)
    {
        if (value is not { } known)
        {
            Byte(NoDouble);
            return;
        }

        if (!double.IsFinite(known))
            throw new ArgumentException("A number in the journal must be finite.", nameof(value));
        var bits = BitConverter.DoubleToUInt64Bits(known);
        if (bits == 0) Byte(ZeroDouble);
        else if (_doubles.AsSpan(0, _doubleCount).IndexOf(bits) is >= 0 and var place)
            Byte((byte)(FirstDouble + place));
        else
        {
            Byte(RawDouble);
            BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), bits);
            _length += sizeof(ulong);
            if (_doubleCount == MaxPlaces) return;
            _asDecimals[_doubleCount] = null;
            _doubles[_doubleCount++] = bits;
        }
    }

    public void Number(decimal? value)
    {
        if (value is not { } known)
        {
            Byte(NoDecimal);
            return;
        }

        var bits = Unsafe.BitCast<decimal, UInt128>(known);
        if (_decimals.AsSpan(0, _decimalCount).IndexOf(bits) is >= 0 and var place)
        {
            Byte((byte)(FirstDecimal + place));
            return;
        }

        Span<int> parts = stackalloc int[4];
        decimal.GetBits(known, parts);
        Byte((byte)(known.Scale | (parts[3] < 0 ? Sign : 0)));
        var low = ((ulong)(uint)parts[1] << 32) | (uint)parts[0];
        if (parts[2] == 0) Count(low);
        else Count(((UInt128)(uint)parts[2] << 64) | low);
        if (_decimalCount < MaxPlaces) _decimals[_decimalCount++] = bits;
    }

    /// <summary>A decimal that is likely to be that of a double written before.</summary>
    public void Measured(decimal? value)
    {
        if (value is { } known && FindDouble(known) is >= 0 and var place)
        {
            Byte(OfDouble);
            Byte((byte)place);
            return;
        }

        Number(value);
    }

    public void Time(DateTimeOffset value)
    {
        Signed(value.UtcTicks);
        Signed((long)value.TotalOffsetMinutes);
    }

    int FindDouble(decimal value)
    {
        var bits = Unsafe.BitCast<decimal, UInt128>(value);
        for (var i = 0; i < _doubleCount; i++)
        {
            if (_asDecimals[i] is null && ToDecimal(_doubles[i]) is { } converted) _asDecimals[i] = converted;
            if (_asDecimals[i] is { } known && Unsafe.BitCast<decimal, UInt128>(known) == bits) return i;
        }

        return -1;
    }

    /// <summary>Null where the double is beyond every decimal.</summary>
    static decimal? ToDecimal(ulong bits) =>
        BitConverter.UInt64BitsToDouble(bits) is var value && Math.Abs(value) < 1e28 ? (decimal)value : null;

    Span<byte> Room(int length)
    {
        if (_bytes.Length - _length < length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + length));
        return _bytes.AsSpan(_length);
    }
}
