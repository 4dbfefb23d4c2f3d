using System.Buffers.Binary;
using System.Text;

namespace Trading.Portfolios;

/// <summary>Reads what a <see cref="CompactWriter"/> wrote.</summary>
/// <exception cref="InvalidDataException">The bytes end too early, or are none that it writes.</exception>
ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    readonly double[] _doubles = new double[CompactWriter.MaxPlaces];
    readonly decimal[] _decimals = new decimal[CompactWriter.MaxPlaces];
    ReadOnlySpan<byte> _rest = bytes;
    int _doubleCount, _decimalCount;

    /// <summary>Whether nothing follows: what an older program did not know of is not there.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public UInt128 Count()
    {
        UInt128 value = 0;
        for (var shift = 0; shift < 128; shift += 7)
        {
            var next = Byte();
            value |= (UInt128)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Broken();
    }

    public long Signed()
    {
        var value = (ulong)Count();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public string? Text()
    {
        var size = Count();
        if (size > (uint)_rest.Length + 1u) throw Broken();
        return size == 0 ? null : Encoding.UTF8.GetString(Take((int)size - 1));
    }

    public double? Double()
    {
        switch (Byte())
        {
            case CompactWriter.NoDouble:
                return null;
            case CompactWriter.ZeroDouble:
                return 0;
            case CompactWriter.RawDouble:
                var value = BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));
                if (_doubleCount < CompactWriter.MaxPlaces) _doubles[_doubleCount++] = value;
                return value;
            case >= CompactWriter.FirstDouble and var place when place - CompactWriter.FirstDouble < _doubleCount:
                return _doubles[place - CompactWriter.FirstDouble];
            default:
                throw Broken();
        }
    }

    public decimal? Decimal()
    {
        switch (Byte())
        {
            case CompactWriter.NoDecimal:
                return null;
            case CompactWriter.OfDouble:
                var place = Byte();
                return place < _doubleCount ? (decimal)_doubles[place] : throw Broken();
            case >= CompactWriter.FirstDecimal and var known:
                var earlier = known - CompactWriter.FirstDecimal;
                return earlier < _decimalCount ? _decimals[earlier] : throw Broken();
            case var head:
                var digits = Count();
                if ((head & ~CompactWriter.Sign) > 28 || digits >> 96 != 0) throw Broken();
                var value = new decimal(
                    (int)(uint)digits, (int)(uint)(digits >> 32), (int)(uint)(digits >> 64),
                    (head & CompactWriter.Sign) != 0, (byte)(head & ~CompactWriter.Sign));
                if (_decimalCount < CompactWriter.MaxPlaces) _decimals[_decimalCount++] = value;
                return value;
        }
    }

    public DateTimeOffset Time()
    {
        var ticks = Signed();
        return new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(Signed()));
    }

    public static InvalidDataException Broken() =>
        new("A decision in the journal is cut off, or of a form that this program does not know.");

    ReadOnlySpan<byte> Take(int length)
    {
        if (_rest.Length < length) throw Broken();
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
