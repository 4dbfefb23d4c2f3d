using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Trading.Secrets;

/// <summary>A key that wraps the keys of secrets.</summary>
sealed record MasterKey(string Id, byte[] Bytes)
{
    public static MasterKey New(DateTimeOffset now) =>
        new($"m{now:yyyyMMdd}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}", RandomNumberGenerator.GetBytes(Sealed.KeyBytes));

    public string Line => $"{Id}:{Convert.ToBase64String(Bytes)}";

    /// <summary>Not the key: a record prints its members.</summary>
    public override string ToString() => Id;
}

/// <summary>The master keys, the current one first; older ones open what is not wrapped anew yet. A file has one on a line; the variable has them
/// with commas between: <c>id:base64</c> of 32 bytes.</summary>
sealed record MasterKeys(ImmutableArray<MasterKey> All, string? File)
{
    public const string Variable = "TRADING_MASTER_KEY";

    /// <summary>What documentation and samples show: never a key.</summary>
    static readonly byte[][] Known = [new byte[Sealed.KeyBytes], [.. Enumerable.Repeat((byte)0xff, Sealed.KeyBytes)], [.. Enumerable.Range(0, Sealed.KeyBytes).Select(n => (byte)n)]];

    public MasterKey Current => All[0];

    public MasterKey? Find(string id) => All.FirstOrDefault(key => key.Id == id);

    /// <summary>Null where there is neither a file nor a variable.</summary>
    /// <exception cref="VaultException">They hold no key.</exception>
    public static MasterKeys? Read(string? file, string? variable)
    {
        if (!string.IsNullOrWhiteSpace(file))
        {
            if (!System.IO.File.Exists(file)) throw new VaultException($"The master key file {file} is not there (vault:master_key_file).");
            RequirePrivate(file);
            return Parse(System.IO.File.ReadAllLines(file), file, file);
        }

        return string.IsNullOrWhiteSpace(variable) ? null : Parse(variable.Split(','), Variable, null);
    }

    /// <summary>Makes a file with a first key where there is none.</summary>
    public static MasterKeys Create(string file, DateTimeOffset now)
    {
        var keys = new MasterKeys([MasterKey.New(now)], file);
        keys.Save();
        return keys;
    }

    /// <summary>The same with another current key.</summary>
    public MasterKeys With(MasterKey current) => this with { All = [current, .. All] };

    public MasterKeys CurrentOnly() => this with { All = [Current] };

    public void Save()
    {
        if (File is null) throw new VaultException($"The master key comes from {Variable}: put the new key before the old one there, and rotate then.");
        PrivateFile.Write(File, string.Concat(All.Select(key => key.Line + "\n")));
    }

    static MasterKeys Parse(IEnumerable<string> lines, string where, string? file)
    {
        var keys = ImmutableArray.CreateBuilder<MasterKey>();
        foreach (var line in lines.Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            var bytes = new byte[Sealed.KeyBytes + 1];
            if (line.Split(':') is not [{ Length: > 0 } id, var text] || !Convert.TryFromBase64String(text, bytes, out var length) || length != Sealed.KeyBytes)
                throw new VaultException($"{where} holds no master key: one is NAME:BASE64 of {Sealed.KeyBytes} random bytes.");
            if (Known.Any(known => bytes.AsSpan(0, length).SequenceEqual(known)))
                throw new VaultException($"{where}: the master key {id} is a sample, not a secret. Make one with: trading secrets init");
            keys.Add(new(id, bytes[..length]));
        }

        return keys.Count > 0 ? new(keys.ToImmutable(), file) : throw new VaultException($"{where} holds no master key.");
    }

    static void RequirePrivate(string file)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(file) & Others) != 0)
            throw new VaultException($"The master key file {file} can be read by others; take that right away (chmod 600 {file}).");
    }
}

/// <summary>Files that only their owner reads, replaced as a whole.</summary>
static class PrivateFile
{
    public static void Write(string path, string text)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var draft = $"{path}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(draft, options))
        {
            writer.Write(text);
            writer.Flush();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
