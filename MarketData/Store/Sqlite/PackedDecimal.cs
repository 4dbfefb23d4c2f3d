using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Trading.MarketData;

/// <summary>A decimal in one integer column, exactly and with its scale: <c>mantissa * 32 + scale</c>, so that SQL
/// reads it as <c>(close &gt;&gt; 5) / pow(10, close &amp; 31)</c>. What does not fit (more than about 17 digits) is
/// kept as text in the same column.</summary>
/// <remarks>A row of minutes takes 83 bytes, and would take 105 with its decimals as text.</remarks>
static class PackedDecimal
{
    const int ScaleBits = 5;
    const ulong MaxMantissa = long.MaxValue >> ScaleBits;

    /// <summary>False where it does not fit.</summary>
    public static bool TryPack(decimal value, out long packed)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var mantissa = (ulong)(uint)bits[1] << 32 | (uint)bits[0];
        packed = ((value < 0 ? -(long)mantissa : (long)mantissa) << ScaleBits) | (long)value.Scale;
        return bits[2] == 0 && mantissa <= MaxMantissa;
    }

    public static decimal Unpack(long packed)
    {
        var mantissa = packed >> ScaleBits;
        var size = (ulong)Math.Abs(mantissa);
        return new((int)(uint)size, (int)(uint)(size >> 32), 0, mantissa < 0, (byte)(packed & ((1 << ScaleBits) - 1)));
    }

    public static void Bind(sqlite3_stmt statement, int index, decimal? value)
    {
        if (value is not { } known) raw.sqlite3_bind_null(statement, index);
        else if (TryPack(known, out var packed)) raw.sqlite3_bind_int64(statement, index, packed);
        else raw.sqlite3_bind_text(statement, index, known.ToString(CultureInfo.InvariantCulture));
    }

    public static decimal Read(SqliteDataReader row, int column) => row.GetFieldType(column) == typeof(string)
        ? decimal.Parse(row.GetString(column), CultureInfo.InvariantCulture)
        : Unpack(row.GetInt64(column));
}
