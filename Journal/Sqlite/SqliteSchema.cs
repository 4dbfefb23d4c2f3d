using Microsoft.Data.Sqlite;

namespace Trading.Journal;

/// <summary>The tables, and whether a file is ours. Times are microseconds since 1970 UTC:
/// <c>datetime(recorded_at / 1000000, 'unixepoch')</c>.</summary>
static class SqliteSchema
{
    /// <summary>"TJnl": what <c>file</c> and others see in the header.</summary>
    const int ApplicationId = 0x544A6E6C;

    /// <summary>Raised with every change that an older program would misread.</summary>
    const string Version = "1";

    /// <summary>Of a new file. A few decisions of 1 to 2 kB fill a page; larger pages would make commits of single
    /// events longer.</summary>
    const int PageSize = 8_192;

    /// <summary>Events lie in the order of their commits and not by stream: a group then fills a few pages instead of
    /// touching one per stream, which more than doubles the rate of many streams.</summary>
    const string Tables = """
        CREATE TABLE IF NOT EXISTS journal_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS journal_events (
          stream TEXT NOT NULL, seq INTEGER NOT NULL, recorded_at INTEGER NOT NULL, type TEXT NOT NULL, key TEXT,
          payload BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (stream, seq)) STRICT;
        CREATE UNIQUE INDEX IF NOT EXISTS journal_events_key ON journal_events (stream, key) WHERE key IS NOT NULL;
        CREATE TABLE IF NOT EXISTS journal_snapshots (
          stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, payload BLOB NOT NULL, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS journal_checkpoints (
          stream TEXT NOT NULL, seq INTEGER NOT NULL, payload BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (stream, seq)) STRICT;
        """;

    /// <summary>Of more checkpoints than a stream keeps, takes away the one whose neighbours are closest together.</summary>
    public static readonly string ThinCheckpoints = $"""
        DELETE FROM journal_checkpoints WHERE stream = ?1 AND seq = (
          SELECT seq FROM (
            SELECT seq, lead(seq) OVER places - lag(seq) OVER places AS gap, count(*) OVER () AS kept
            FROM journal_checkpoints WHERE stream = ?1 WINDOW places AS (ORDER BY seq))
          WHERE kept > {JournalRules.MaxCheckpoints} AND gap IS NOT NULL ORDER BY gap, seq LIMIT 1)
        """;

    /// <summary>Jumps from stream to stream in the primary key instead of reading every event.</summary>
    public const string ListStreams = """
        WITH RECURSIVE streams (stream) AS (
          SELECT min(stream) FROM journal_events WHERE stream >= $stream
          UNION ALL SELECT (SELECT min(stream) FROM journal_events WHERE stream > streams.stream)
          FROM streams WHERE substr(stream, 1, length($stream)) = $stream)
        SELECT stream FROM streams WHERE substr(stream, 1, length($stream)) = $stream
        UNION SELECT stream FROM journal_snapshots WHERE substr(stream, 1, length($stream)) = $stream
        """;

    /// <summary>Creates what is missing and enters this process as the writer.</summary>
    public static void Prepare(string path, SqliteConnection connection)
    {
        Execute(connection, $"PRAGMA page_size = {PageSize}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        // the first write lock: whoever holds it is noticed here
        using var transaction = connection.BeginTransaction(deferred: false);
        CheckOwner(path, connection);
        Execute(connection, Tables);
        Execute(connection,
            $"INSERT OR IGNORE INTO journal_meta VALUES ('schema_version', '{Version}'); PRAGMA application_id = {ApplicationId};");
        CheckVersion(path, connection);
        Execute(connection,
            $"INSERT OR REPLACE INTO journal_meta VALUES ('writer', 'process {Environment.ProcessId} on {Environment.MachineName}');");
        transaction.Commit();
    }

    /// <returns>Whether checkpoints can be read: a file that no program has written since there are any has no table of them.</returns>
    public static bool CheckReadable(string path, SqliteConnection connection)
    {
        using (connection)
        {
            CheckOwner(path, connection);
            if (Scalar(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'journal_meta'") is 0L)
                throw new JournalUnavailableException(path, "there is no journal in this file.");
            CheckVersion(path, connection);
            return Scalar(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'journal_checkpoints'") is not 0L;
        }
    }

    /// <summary>Who entered last as the writer, or null where that cannot be read.</summary>
    public static string? ReadWriter(SqliteConnection connection)
    {
        using (connection) return Scalar(connection, "SELECT value FROM journal_meta WHERE name = 'writer'") as string;
    }

    static void CheckOwner(string path, SqliteConnection connection)
    {
        if (Scalar(connection, "PRAGMA application_id") is not (0L or (long)ApplicationId))
            throw new JournalUnavailableException(path, "the file belongs to another program.");
    }

    static void CheckVersion(string path, SqliteConnection connection)
    {
        if (Scalar(connection, "SELECT value FROM journal_meta WHERE name = 'schema_version'") is var version
            && version as string != Version)
            throw new JournalUnavailableException(
                path, $"its schema version is {version ?? "unknown"}, this program knows {Version}.");
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
