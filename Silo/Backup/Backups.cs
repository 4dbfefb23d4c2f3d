using System.Globalization;
using System.Reflection;
using Trading.Hosting;
using Trading.Stores;

namespace Trading.Backup;

/// <summary>A backup in the folder.</summary>
sealed record BackupEntry(string Path, DateTimeOffset CreatedAt, long Bytes);

/// <summary>The folder of backups of one store. A name is the time: <c>trading-20260105T120000Z.backup</c>.</summary>
sealed class Backups(BackupOptions options, StoreOptions store, TimeProvider clock)
{
    const string Prefix = "trading-", Suffix = ".backup", Time = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Newest first.</summary>
    public IReadOnlyList<BackupEntry> List() => !Directory.Exists(options.Folder) ? [] :
    [
        .. new DirectoryInfo(options.Folder).EnumerateFiles($"{Prefix}*{Suffix}")
            .Select(file => (file, at: At(file.Name))).Where(found => found.at is not null)
            .Select(found => new BackupEntry(found.file.FullName, found.at!.Value, found.file.Length))
            .OrderByDescending(entry => entry.CreatedAt),
    ];

    /// <summary>Writes one of this moment, and removes those that are no longer kept.</summary>
    public async Task<(BackupEntry Entry, IReadOnlyList<TableDigest> Tables)> CreateAsync(
        CancellationToken cancellation)
    {
        var key = options.Key();
        Directory.CreateDirectory(options.Folder);
        var now = clock.GetUtcNow();
        var path = Path.Combine(options.Folder, Prefix + now.ToString(Time, CultureInfo.InvariantCulture) + Suffix);
        var missing = options.Files.Where(file => !File.Exists(file)).ToList();
        if (missing.Count > 0) throw new StoreCopyException(
            $"{BackupOptions.Section}:files names what does not exist: {string.Join(", ", missing)}.");
        using var scratch = new ScratchFolder();
        IReadOnlyList<TableDigest> tables;
        await using (var reader = await StoreCopy.ReaderAsync(store, scratch.Path, cancellation))
            tables = await BackupFile.WriteAsync(path, key, ManifestOf(reader, now), reader, cancellation);
        foreach (var old in List().Skip(options.Keep)) File.Delete(old.Path);
        return (new BackupEntry(path, now, new FileInfo(path).Length), tables);
    }

    BackupManifest ManifestOf(IStoreReader reader, DateTimeOffset now) => new(
        BackupFile.Format, now,
        typeof(Backups)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        reader.Name,
        [.. StoreTables.All.Select(
            table => new BackupTable(table.Name, [.. table.Columns.Select(column => column.Name)]))],
        options.Files);

    static DateTimeOffset? At(string name) => DateTimeOffset.TryParseExact(
        name[Prefix.Length..^Suffix.Length], Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var at) ? at : null;
}
