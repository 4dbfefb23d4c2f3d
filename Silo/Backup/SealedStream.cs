using System.Buffers.Binary;
using System.Security.Cryptography;
using Trading.Stores;

namespace Trading.Backup;

/// <summary>AES-256-GCM over a stream, in chunks. The file begins with a mark and a salt; the key of the file is made
/// of the key and the salt (HKDF), so that a chunk's number is a nonce that no other chunk has. Each chunk says
/// whether it is the last one and is sealed with that, so that nothing can be altered, moved or cut off
/// unseen.</summary>
static class Seal
{
    public const int SaltBytes = 16, TagBytes = 16, NonceBytes = 12, ChunkBytes = 64 * 1024;
    public static ReadOnlySpan<byte> Mark => "TBK1"u8;

    public static AesGcm Cipher(byte[] key, ReadOnlySpan<byte> salt)
    {
        Span<byte> derived = stackalloc byte[BackupOptions.KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt, "trading backup"u8);
        return new AesGcm(derived, TagBytes);
    }

    public static void Nonce(Span<byte> nonce, long chunk)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, chunk);
    }
}

/// <summary>Seals what is written to it. <see cref="Finish"/> writes the last chunk; without it the file is known to
/// be cut off.</summary>
sealed class SealingStream : Stream
{
    readonly Stream _to;
    readonly AesGcm _cipher;
    readonly byte[] _chunk = new byte[Seal.ChunkBytes], _sealed = new byte[Seal.ChunkBytes];
    int _filled;
    long _chunks;

    public SealingStream(Stream to, byte[] key)
    {
        var salt = RandomNumberGenerator.GetBytes(Seal.SaltBytes);
        (_to, _cipher) = (to, Seal.Cipher(key, salt));
        _to.Write(Seal.Mark);
        _to.Write(salt);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_filled == _chunk.Length) WriteChunk(isLast: false);
            var taken = Math.Min(buffer.Length, _chunk.Length - _filled);
            buffer[..taken].CopyTo(_chunk.AsSpan(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    public void Finish() => WriteChunk(isLast: true);

    void WriteChunk(bool isLast)
    {
        Span<byte> nonce = stackalloc byte[Seal.NonceBytes], tag = stackalloc byte[Seal.TagBytes];
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = isLast ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], _filled);
        Seal.Nonce(nonce, _chunks++);
        _cipher.Encrypt(nonce, _chunk.AsSpan(0, _filled), _sealed.AsSpan(0, _filled), tag, head);
        _to.Write(head);
        _to.Write(_sealed, 0, _filled);
        _to.Write(tag);
        _filled = 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _cipher.Dispose();
        base.Dispose(disposing);
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
}

/// <summary>Opens what a <see cref="SealingStream"/> sealed.</summary>
sealed class OpeningStream : Stream
{
    readonly Stream _from;
    readonly string _name;
    readonly AesGcm _cipher;
    readonly byte[] _chunk = new byte[Seal.ChunkBytes], _sealed = new byte[Seal.ChunkBytes];
    int _at, _filled;
    long _chunks;
    bool _ended;

    /// <exception cref="StoreCopyException">It is no backup.</exception>
    public OpeningStream(Stream from, byte[] key, string name)
    {
        (_from, _name) = (from, name);
        Span<byte> head = stackalloc byte[Seal.Mark.Length + Seal.SaltBytes];
        if (from.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
            || !head.StartsWith(Seal.Mark))
            throw new StoreCopyException($"{name} is no backup of this program.");
        _cipher = Seal.Cipher(key, head[Seal.Mark.Length..]);
    }

    public override int Read(Span<byte> buffer)
    {
        while (_at == _filled && !_ended) ReadChunk();
        var given = Math.Min(buffer.Length, _filled - _at);
        _chunk.AsSpan(_at, given).CopyTo(buffer);
        _at += given;
        return given;
    }

    void ReadChunk()
    {
        Span<byte> nonce = stackalloc byte[Seal.NonceBytes], tag = stackalloc byte[Seal.TagBytes];
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        try
        {
            _from.ReadExactly(head);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
            if (length is < 0 or > Seal.ChunkBytes) throw new InvalidDataException();
            _from.ReadExactly(_sealed, 0, length);
            _from.ReadExactly(tag);
            Seal.Nonce(nonce, _chunks++);
            _cipher.Decrypt(nonce, _sealed.AsSpan(0, length), tag, _chunk.AsSpan(0, length), head);
            (_at, _filled, _ended) = (0, length, head[0] == 1);
        }
        catch (EndOfStreamException cut)
        {
            throw new StoreCopyException(
                $"{_name} is cut off: it was not written to its end. Take another backup.", cut);
        }
        catch (Exception broken) when (broken is CryptographicException or InvalidDataException)
        {
            throw new StoreCopyException(
                $"{_name} cannot be opened: it was sealed with another key ({BackupOptions.Section}:key_file), or altered.",
                broken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _cipher.Dispose();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
