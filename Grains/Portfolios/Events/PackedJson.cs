using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Trading.Portfolios;

/// <summary>Compressed JSON: a book with tens of thousands of open orders takes a megabyte instead of twenty, which one commit of the
/// journal would have to write while decisions wait for the next.</summary>
static class PackedJson
{
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type)
    {
        using var target = new MemoryStream();
        using (var packed = new DeflateStream(target, CompressionLevel.Fastest))
            BookJson.Write(value, type, new Pieces(packed));
        return target.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are not compressed.</exception>
    /// <exception cref="JsonException">They are, and no such value.</exception>
    public static T? Read<T>(ReadOnlyMemory<byte> payload, JsonTypeInfo<T> type)
    {
        using var stored = new MemoryStream(payload.ToArray());
        using var packed = new DeflateStream(stored, CompressionMode.Decompress);
        return JsonSerializer.Deserialize(packed, type);
    }

    /// <summary>Passes on piece by piece what is written, so that the whole is never in memory.</summary>
    sealed class Pieces(Stream target) : IBufferWriter<byte>
    {
        const int Size = 64 * 1024;

        byte[] _piece = new byte[Size];

        public void Advance(int count) => target.Write(_piece, 0, count);

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (sizeHint > _piece.Length) _piece = new byte[sizeHint];
            return _piece;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
