using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Trading.Journal;

/// <summary>The hash chain. An event's hash is SHA-256 over, in this order: the 32 bytes of the hash before it (zeros
/// before the first), stream, sequence number, time, type, key, payload. Numbers are 64-bit big-endian, the time in
/// microseconds since 1970 UTC; texts (UTF-8) and the payload follow their length in bytes as a 32-bit big-endian
/// number, −1 for no key. No two events share an input.</summary>
static class JournalHash
{
    public const int Size = SHA256.HashSizeInBytes;
    const int NumberSize = sizeof(long), LengthSize = sizeof(int), NoText = -1;

    /// <summary>The hash before the first event of every stream.</summary>
    public static byte[] Start { get; } = new byte[Size];

    public static byte[] OfEvent(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> stream, in JournalRow row)
    {
        var size = Size + 2 * NumberSize + 4 * LengthSize + stream.Length + row.Payload.Length
            + Encoding.UTF8.GetMaxByteCount(row.Type.Length + (row.Key?.Length ?? 0));
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        previous.CopyTo(buffer);
        var rest = Write(buffer.AsSpan(Size), stream);
        rest = Write(rest, row.Sequence);
        rest = Write(rest, row.Microseconds);
        rest = Write(rest, row.Type);
        rest = Write(rest, row.Key);
        rest = Write(rest, row.Payload.Span);
        var hash = SHA256.HashData(buffer.AsSpan(0, buffer.Length - rest.Length));
        ArrayPool<byte>.Shared.Return(buffer);
        return hash;
    }

    /// <summary>Stream, sequence number and payload, written as in an event, and a byte of one where the payload is packed. A payload of
    /// megabytes is not copied for it.</summary>
    public static byte[] OfSnapshot(ReadOnlySpan<byte> stream, JournalSnapshot snapshot)
    {
        Span<byte> head = new byte[NumberSize + 2 * LengthSize + stream.Length];
        var rest = Write(head, stream);
        rest = Write(rest, snapshot.Sequence);
        BinaryPrimitives.WriteInt32BigEndian(rest, snapshot.Payload.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(snapshot.Payload.Span);
        if (snapshot.IsPacked) hash.AppendData([1]);
        return hash.GetHashAndReset();
    }

    static Span<byte> Write(Span<byte> target, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(target, number);
        return target[NumberSize..];
    }

    static Span<byte> Write(Span<byte> target, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, bytes.Length);
        bytes.CopyTo(target[LengthSize..]);
        return target[(LengthSize + bytes.Length)..];
    }

    static Span<byte> Write(Span<byte> target, string? text)
    {
        var length = text is null ? 0 : Encoding.UTF8.GetBytes(text, target[LengthSize..]);
        BinaryPrimitives.WriteInt32BigEndian(target, text is null ? NoText : length);
        return target[(LengthSize + length)..];
    }
}
