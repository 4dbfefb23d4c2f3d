using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Trading.Alerts;

/// <summary>The same trouble has the same fingerprint, whoever tells of it and whatever else is said.</summary>
public static class Fingerprints
{
    const int Length = 16;

    /// <summary>The first hexadecimal digits of SHA-256 over the name and the labels in order, with a byte between
    /// them that none of them has.</summary>
    public static string Of(string name, ImmutableSortedDictionary<string, string> labels)
    {
        var text = new StringBuilder(name);
        foreach (var (label, value) in labels) text.Append('\0').Append(label).Append('\0').Append(value);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Length];
    }
}
