using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trading.Secrets;

/// <summary>The vault in a file, which is replaced as a whole under a lock. Uses are lines of a file beside it that only grows
/// (<c>vault.uses.jsonl</c>), and how many bytes of it the audit has taken stands in a third.</summary>
sealed partial class FileVault(string path) : IVaultStore
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly string _uses = Path.ChangeExtension(path, ".uses.jsonl"), _taken = Path.ChangeExtension(path, ".uses.taken");

    public string Name => path;

    public bool Exists => File.Exists(path);

    public VaultContent Read()
    {
        if (!Exists) return VaultContent.Empty;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), VaultJson.Default.VaultContent) ?? VaultContent.Empty;
        }
        catch (JsonException)
        {
            throw new VaultException($"{path} is no vault, or was cut short.");
        }
    }

    public void Change(Func<VaultContent, VaultContent> change)
    {
        using var held = Hold();
        PrivateFile.Write(path, JsonSerializer.Serialize(change(Read()), VaultJson.Default.VaultContent));
    }

    public void Note(SecretUse use)
    {
        try
        {
            using var held = Hold();
            using var file = new FileStream(_uses, OwnersOnly(FileMode.OpenOrCreate));
            file.Seek(0, SeekOrigin.End);
            if (file.Length > 0 && !EndsALine(file)) file.WriteByte((byte)'\n'); // whoever wrote last died meanwhile
            JsonSerializer.Serialize(file, use, UseJson.Default.SecretUse);
            file.WriteByte((byte)'\n');
            file.Flush(flushToDisk: true);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new VaultException($"{_uses} cannot be written: a secret is given only where its use is on record ({denied.Message}).");
        }
    }

    public IReadOnlyList<SecretUse> ReadUses(int most)
    {
        if (!File.Exists(_uses)) return [];
        using var file = new FileStream(_uses, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(Math.Min(Taken(), file.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        List<SecretUse> uses = [];
        while (uses.Count < most && reader.ReadLine() is { } line)
            if (line.Length > 0 && Parse(line) is { } use) uses.Add(use);
        return uses;
    }

    public void MarkTaken(IReadOnlyList<SecretUse> uses)
    {
        if (uses.Count == 0) return;
        var (at, last) = (Taken(), uses[^1].Id);
        foreach (var line in LinesFrom(at))
        {
            at += System.Text.Encoding.UTF8.GetByteCount(line) + 1;
            if (line.Length > 0 && Parse(line)?.Id == last) break;
        }

        PrivateFile.Write(_taken, at.ToString(CultureInfo.InvariantCulture));
    }

    IEnumerable<string> LinesFrom(long at)
    {
        using var file = new FileStream(_uses, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(at, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line) yield return line;
    }

    long Taken() => File.Exists(_taken) && long.TryParse(File.ReadAllText(_taken), CultureInfo.InvariantCulture, out var at) ? at : 0;

    /// <summary>Null for what a process left that died while it wrote; it was given no secret.</summary>
    static SecretUse? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, UseJson.Default.SecretUse);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static bool EndsALine(FileStream file)
    {
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    static FileStreamOptions OwnersOnly(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    FileStream Hold()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        FileStream? held = null;
        return SpinWait.SpinUntil(() => (held = TryHold()) is not null, Patience)
            ? held!
            : throw new VaultException($"{path} is being changed by another process; try again.");
    }

    FileStream? TryHold()
    {
        try
        {
            return new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
    [JsonSerializable(typeof(VaultContent))]
    internal sealed partial class VaultJson : JsonSerializerContext;

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(SecretUse))]
    internal sealed partial class UseJson : JsonSerializerContext;
}
