using System.Text.RegularExpressions;

namespace Trading.Silo.Tests;

/// <param name="Kind">Of the pattern that it fits.</param>
sealed record SecretFinding(string File, int Line, string Kind, string Text);

/// <summary>Looks for what should not stand in a file in the clear: keys and tokens by their form, and values that are too random for
/// words beside a name that speaks of a secret.</summary>
static partial class SecretScan
{
    /// <summary>Bits for each letter, from which a value is no word: hexadecimal digits have up to 4, base64 up to 6.</summary>
    const double LeastEntropy = 3.3;

    const int ShownLetters = 80;

    static readonly (string Kind, Regex Pattern)[] Forms =
    [
        ("private key", PrivateKey()), ("token", Jwt()), ("token", KnownTokens()), ("master key", MasterKey()), ("password in an address", UserInfo()),
    ];

    public static IEnumerable<SecretFinding> Find(string file, string text)
    {
        foreach (var (index, line) in text.Split('\n').Index())
        {
            foreach (var (kind, pattern) in Forms)
                if (pattern.Match(line) is { Success: true } found) yield return new(file, index + 1, kind, Short(found.Value));
            foreach (var found in ConnectionPassword().Matches(line).Where(found => !IsPlaceholder(found.Groups["value"].Value)))
                yield return new(file, index + 1, "password in a connection string", Short(found.Value));
            foreach (var found in NamedValue().Matches(line).Where(found => IsRandom(found.Groups["value"].Value)))
                yield return new(file, index + 1, "random value beside a secret's name", Short(found.Value));
        }
    }

    static bool IsPlaceholder(string value) => value.IndexOfAny(['$', '{', '<', '…', '*']) >= 0;

    static bool IsRandom(string value) => value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter) && Entropy(value) >= LeastEntropy;

    static double Entropy(string value) => value.GroupBy(letter => letter)
        .Select(letters => letters.Count() / (double)value.Length).Sum(share => -share * Math.Log2(share));

    static string Short(string text) => text.Length <= ShownLetters ? text : text[..ShownLetters];

    /// <summary>Null for what is no text, and for a file that was taken away and not yet from the index.</summary>
    public static async Task<string?> TextOfAsync(string path)
    {
        if (!File.Exists(path)) return null;
        var bytes = await File.ReadAllBytesAsync(path);
        return bytes.AsSpan(0, Math.Min(bytes.Length, 8_000)).Contains((byte)0) ? null : System.Text.Encoding.UTF8.GetString(bytes);
    }

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")]
    private static partial Regex Jwt();

    [GeneratedRegex(@"\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}"
        + @"|glpat-[A-Za-z0-9_-]{20}|hooks\.slack\.com/services/T[A-Za-z0-9]+/[A-Za-z0-9/]+|[0-9]{8,10}:[A-Za-z0-9_-]{35}|tk_[0-9a-f]{16}_[0-9a-f]{16,}|rt_[0-9a-f]{16}_[0-9a-f]{16,})")]
    private static partial Regex KnownTokens();

    [GeneratedRegex(@"[A-Za-z0-9-]+:[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])")]
    private static partial Regex MasterKey();

    [GeneratedRegex(@"[a-z][a-z0-9+.-]*://[^\s/:@""'{}$<]+:[^\s/@""'{}$<…]{3,}@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(password|pwd)=(?<value>[^;\s""'`,)\\]{3,})", RegexOptions.IgnoreCase)]
    private static partial Regex ConnectionPassword();

    [GeneratedRegex(@"(key|secret|password|passwd|token|credential)s?[""']?\s*[:=]\s*[""']?(?<value>[A-Za-z0-9+/=_-]{20,})", RegexOptions.IgnoreCase)]
    private static partial Regex NamedValue();
}
