using System.Security.Cryptography;
using System.Text;

namespace Trading.Stores;

/// <summary>What a table held: how many rows, and the SHA-256 of all of them in order.</summary>
sealed record TableDigest(string Table, long Rows, string Hash);

/// <summary>Rows as bytes, one way for hashes and files: a mark for each value (0 none, 1 text, 2 number, 3 decimal, 4
/// bytes), then the value, texts and bytes behind their length.</summary>
static class RowCodec
{
    const byte None = 0, Text = 1, Number = 2, Decimal = 3, Blob = 4;

    public static void Write(BinaryWriter to, object?[] row)
    {
        foreach (var value in row)
            switch (value)
            {
                case null:
                    to.Write(None);
                    break;
                case string text:
                    to.Write(Text);
                    to.Write(text);
                    break;
                case long number:
                    to.Write(Number);
                    to.Write(number);
                    break;
                case decimal amount:
                    to.Write(Decimal);
                    to.Write(amount);
                    break;
                case byte[] bytes:
                    to.Write(Blob);
                    to.Write(bytes.Length);
                    to.Write(bytes);
                    break;
                default:
                    throw new InvalidOperationException($"A {value.GetType()} is no value of a store.");
            }
    }

    /// <exception cref="InvalidDataException">These are no rows.</exception>
    public static object?[] Read(BinaryReader from, int columns)
    {
        var row = new object?[columns];
        for (var i = 0; i < columns; i++)
            row[i] = from.ReadByte() switch
            {
                None => null,
                Text => from.ReadString(),
                Number => from.ReadInt64(),
                Decimal => from.ReadDecimal(),
                Blob => ReadBytes(from),
                var mark => throw new InvalidDataException($"{mark} marks no value."),
            };
        return row;
    }

    static byte[] ReadBytes(BinaryReader from)
    {
        var length = from.ReadInt32();
        var bytes = from.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }
}

/// <summary>Hashes rows as they pass.</summary>
sealed class RowHash : IDisposable
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly MemoryStream _row = new();
    readonly BinaryWriter _writer;

    public RowHash() => _writer = new BinaryWriter(_row, Encoding.UTF8);

    public long Rows { get; private set; }

    public void Add(object?[] row)
    {
        _row.SetLength(0);
        RowCodec.Write(_writer, row);
        _writer.Flush();
        _hash.AppendData(_row.GetBuffer().AsSpan(0, (int)_row.Length));
        Rows++;
    }

    public TableDigest Digest(string table) => new(table, Rows, Convert.ToHexStringLower(_hash.GetCurrentHash()));

    public void Dispose()
    {
        _hash.Dispose();
        _writer.Dispose();
    }
}
