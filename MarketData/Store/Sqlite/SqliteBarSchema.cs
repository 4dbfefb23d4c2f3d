using Microsoft.Data.Sqlite;

namespace Trading.MarketData;

/// <summary>The tables. Times are microseconds since 1970 UTC: <c>datetime(time / 1000000, 'unixepoch')</c>; prices
/// and volumes are packed decimals (<see cref="PackedDecimal"/>); verdicts are 0 accept, 1 quarantine, 2
/// reject.</summary>
static class SqliteBarSchema
{
    /// <summary>Raised with every change that an older program would misread.</summary>
    const string Version = "1";

    const string Tables = """
        CREATE TABLE IF NOT EXISTS bar_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS bar_series (
          id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, interval TEXT NOT NULL, last_revision INTEGER NOT NULL,
          UNIQUE (symbol, interval)) STRICT;
        CREATE TABLE IF NOT EXISTS bars (
          series INTEGER NOT NULL, time INTEGER NOT NULL, revision INTEGER NOT NULL,
          open ANY NOT NULL, high ANY NOT NULL, low ANY NOT NULL, close ANY NOT NULL, volume ANY,
          source TEXT NOT NULL, event_time INTEGER NOT NULL, known_at INTEGER NOT NULL, verdict INTEGER NOT NULL, rule TEXT, note TEXT,
          PRIMARY KEY (series, time, revision)) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS bars_quarantined ON bars (time) WHERE verdict = 1;
        CREATE TABLE IF NOT EXISTS corporate_actions (
          symbol TEXT NOT NULL, ex_date TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL,
          known_at INTEGER NOT NULL, PRIMARY KEY (symbol, ex_date, kind, version)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS instruments (
          symbol TEXT NOT NULL, version INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (symbol, version)) STRICT, WITHOUT ROWID;
        """;

    public static void Prepare(string path, SqliteConnection connection)
    {
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, Tables);
        Execute(connection, $"INSERT OR IGNORE INTO bar_meta VALUES ('schema_version', '{Version}');");
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM bar_meta WHERE name = 'schema_version'";
        if (command.ExecuteScalar() is var version && version as string != Version)
            throw new BarStoreException(
                path, $"its schema version is {version ?? "unknown"}, this program knows {Version}.");
        transaction.Commit();
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
