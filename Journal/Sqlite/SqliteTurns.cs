using System.Collections.Concurrent;

namespace Trading.Journal;

/// <summary>Who writes a SQLite file next, of those in this process who write tables of it through connections of their
/// own. SQLite lets whoever comes second ask again after pauses that grow to a tenth of a second: beside one who writes
/// all the time the others would wait for seconds, and he for longer than they write.</summary>
public static class SqliteTurns
{
    static readonly ConcurrentDictionary<string, SemaphoreSlim> ByPath = new(StringComparer.Ordinal);

    /// <summary>The turn of a file, taken for each transaction; never disposed.</summary>
    public static SemaphoreSlim Of(string path) => ByPath.GetOrAdd(Path.GetFullPath(path), _ => new(1));
}
