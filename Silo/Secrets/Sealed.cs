using System.Security.Cryptography;
using System.Text;

namespace Trading.Secrets;

/// <summary>AES-256-GCM over a few bytes: nonce, tag and ciphertext in one. What it is bound to is authenticated with it, so that it opens
/// in no other place.</summary>
static class Sealed
{
    public const int KeyBytes = 32;
    const int NonceBytes = 12, TagBytes = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, string boundTo)
    {
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(boundTo));
        return box;
    }

    /// <summary>Null where the key is another one, or anything was altered.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, string boundTo)
    {
        if (box.Length < NonceBytes + TagBytes) return null;
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(boundTo));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
