using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What tells one content of a file from another without reading it.</summary>
readonly record struct FileStamp(string Name, long Length, DateTimeOffset Written);

/// <summary>A folder of data files.</summary>
interface IDataFolder : IDisposable
{
    /// <summary>As the configuration names it.</summary>
    string Path { get; }

    /// <summary>The <c>.csv</c> files directly in it, by name.</summary>
    /// <exception cref="IOException">It cannot be listed.</exception>
    ImmutableArray<FileStamp> List();

    /// <exception cref="IOException">It cannot be read.</exception>
    byte[] Read(string name);

    /// <summary>Whether something was reported to change since this was last asked. A report can be lost: it hastens a
    /// look and never replaces one.</summary>
    bool TakeChange();
}

/// <summary>A folder of the file system, watched where the system can.</summary>
sealed class DiskFolder : IDataFolder
{
    const string Pattern = "*.csv";

    readonly FileSystemWatcher? _watcher;
    int _changed;

    /// <param name="watch">False for one that is looked at when somebody asks, and needs no disposal.</param>
    public DiskFolder(string path, bool watch = true)
    {
        Path = path;
        if (!watch) return;
        try
        {
            _watcher = new(path, Pattern)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            _watcher.Changed += (_, _) => Note();
            _watcher.Created += (_, _) => Note();
            _watcher.Deleted += (_, _) => Note();
            _watcher.Renamed += (_, _) => Note();
            _watcher.Error += (_, _) => Note();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or PlatformNotSupportedException)
        {
            _watcher?.Dispose(); // no folder yet, or no watches left: looking now and then has to do
            _watcher = null;
        }
    }

    public string Path { get; }

    /// <summary>A change was reported.</summary>
    internal event Action? Changed;

    public ImmutableArray<FileStamp> List()
    {
        try
        {
            return
            [
                .. new DirectoryInfo(Path).EnumerateFiles(Pattern).OrderBy(file => file.Name, StringComparer.Ordinal)
                    .Select(file => new FileStamp(file.Name, file.Length, file.LastWriteTimeUtc)),
            ];
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(refused.Message, refused);
        }
    }

    public byte[] Read(string name)
    {
        try
        {
            return File.ReadAllBytes(System.IO.Path.Combine(Path, name));
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(refused.Message, refused);
        }
    }

    public bool TakeChange() => Interlocked.Exchange(ref _changed, 0) == 1;

    void Note()
    {
        Interlocked.Exchange(ref _changed, 1);
        Changed?.Invoke();
    }

    public void Dispose() => _watcher?.Dispose();
}
