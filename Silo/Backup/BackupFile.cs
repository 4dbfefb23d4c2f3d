using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Trading.Stores;

namespace Trading.Backup;

/// <summary>What a backup says of itself, before its rows.</summary>
/// <param name="Program">The version that wrote it.</param>
/// <param name="Tables">Each table in the file, with its columns.</param>
sealed record BackupManifest(
    int Format, DateTimeOffset CreatedAt, string Program, string Store, IReadOnlyList<BackupTable> Tables,
        IReadOnlyList<string> Files);

sealed record BackupTable(string Name, IReadOnlyList<string> Columns);

/// <summary>A backup as a file: the manifest, the files that go with the store, then every table with its rows and
/// their hash; compressed, then sealed.</summary>
static class BackupFile
{
    /// <summary>Raised with every change that an older program would misread.</summary>
    public const int Format = 1;

    public const byte MoreRows = 1, EndOfTable = 0;
    public static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes under another name first: what has the name of a backup is whole.</summary>
    public static async Task<IReadOnlyList<TableDigest>> WriteAsync(
        string path, byte[] key, BackupManifest manifest, IStoreReader store, CancellationToken cancellation)
    {
        var unfinished = path + ".unfinished";
        try
        {
            List<TableDigest> digests;
            await using (var file = new FileStream(unfinished, BackupOptions.OwnerOnly(FileMode.Create)))
            {
                await using var sealing = new SealingStream(file, key);
                await using (var zip = new GZipStream(sealing, CompressionLevel.Fastest, leaveOpen: true))
                await using (var writer = new BinaryWriter(zip, Encoding.UTF8, leaveOpen: true))
                    digests = await WriteAsync(writer, manifest, store, cancellation);
                sealing.Finish();
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path);
            return digests;
        }
        catch (IOException failure)
        {
            throw new StoreCopyException(
                $"The backup {path} could not be written: {failure.Message} Nothing of it is kept. Make room there, or name "
                + $"another place ({BackupOptions.Section}:folder).", failure);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    static async Task<List<TableDigest>> WriteAsync(
        BinaryWriter writer, BackupManifest manifest, IStoreReader store, CancellationToken cancellation)
    {
        writer.Write(JsonSerializer.Serialize(manifest, Json));
        foreach (var file in manifest.Files)
        {
            var content = await File.ReadAllBytesAsync(file, cancellation);
            writer.Write(content.Length);
            writer.Write(content);
        }

        List<TableDigest> digests = [];
        foreach (var table in StoreTables.All)
        {
            using var hash = new RowHash();
            await foreach (var row in store.ReadAsync(table, cancellation))
            {
                writer.Write(MoreRows);
                RowCodec.Write(writer, row);
                hash.Add(row);
            }

            writer.Write(EndOfTable);
            digests.Add(hash.Digest(table.Name));
            writer.Write(digests[^1].Hash);
        }

        return digests;
    }
}

/// <summary>Reads a backup, from its beginning to its end.</summary>
sealed class BackupReader : IStoreReader
{
    readonly Stream _file, _open, _plain;
    readonly BinaryReader _reader;
    int _next;

    BackupReader(string path, byte[] key)
    {
        Name = path;
        _file = File.OpenRead(path);
        _open = new OpeningStream(_file, key, path);
        _plain = new GZipStream(_open, CompressionMode.Decompress);
        _reader = new BinaryReader(_plain, Encoding.UTF8);
        Manifest = JsonSerializer.Deserialize<BackupManifest>(_reader.ReadString(), BackupFile.Json)!;
        if (Manifest.Format != BackupFile.Format)
            throw new StoreCopyException(
                $"{path} has the format {Manifest.Format}; this program reads {BackupFile.Format}. "
                + $"Use the release that wrote it ({Manifest.Program}).");
        Files = [.. Manifest.Files.Select(file => (file, _reader.ReadBytes(_reader.ReadInt32())))];
    }

    public string Name { get; }

    public BackupManifest Manifest { get; }

    public IReadOnlyList<(string Path, byte[] Content)> Files { get; }

    /// <exception cref="StoreCopyException">There is no such file, it is no backup, or the key is another
    /// one.</exception>
    public static BackupReader Open(string path, byte[] key) =>
        File.Exists(path) ? new BackupReader(path, key) : throw new StoreCopyException($"There is no backup {path}.");

    /// <remarks>Tables are read in the order in which they were written; one that a backup of an earlier release does
    /// not have is empty.</remarks>
    public async IAsyncEnumerable<object?[]> ReadAsync(
        StoreTable table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_next == Manifest.Tables.Count || Manifest.Tables[_next].Name != table.Name) yield break;
        var columns = Manifest.Tables[_next++].Columns;
        var places = table.Columns.Select(column => columns.ToList().IndexOf(column.Name)).ToArray();
        using var hash = new RowHash();
        while (_reader.ReadByte() == BackupFile.MoreRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = RowCodec.Read(_reader, columns.Count);
            hash.Add(row);
            yield return [.. places.Select(place => place < 0 ? null : row[place])];
        }

        if (_reader.ReadString() != hash.Digest(table.Name).Hash)
            throw new StoreCopyException(
                $"{Name}: the rows of {table.Name} are not those that were written: their hash differs.");
        await Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _plain.DisposeAsync();
        await _open.DisposeAsync();
        await _file.DisposeAsync();
    }
}
