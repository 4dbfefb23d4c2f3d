using Npgsql;

namespace Trading.Journal;

/// <summary>The tables, created in the first schema of the search path.</summary>
static class PostgresSchema
{
    /// <summary>Raised with every change that an older program would misread.</summary>
    const string Version = "1";

    const string Meta = "journal_meta", Checkpoints = "journal_checkpoints";

    /// <summary>Of two processes that start together, one creates the tables and the other waits.</summary>
    const long CreationLock = 0x544A6E6C;

    /// <summary>Names compare by bytes, whatever the database's language.</summary>
    const string Tables = """
        CREATE TABLE IF NOT EXISTS journal_meta (name text PRIMARY KEY, value text NOT NULL);
        CREATE TABLE IF NOT EXISTS journal_events (
          stream text COLLATE "C" NOT NULL, seq bigint NOT NULL, recorded_at timestamptz NOT NULL, type text NOT NULL,
          key text COLLATE "C", payload bytea NOT NULL, hash bytea NOT NULL,
          CONSTRAINT journal_events_number PRIMARY KEY (stream, seq));
        CREATE UNIQUE INDEX IF NOT EXISTS journal_events_key ON journal_events (stream, key) WHERE key IS NOT NULL;
        CREATE TABLE IF NOT EXISTS journal_snapshots (
          stream text COLLATE "C" PRIMARY KEY, seq bigint NOT NULL, payload bytea NOT NULL, hash bytea NOT NULL);
        CREATE TABLE IF NOT EXISTS journal_checkpoints (
          stream text COLLATE "C" NOT NULL, seq bigint NOT NULL, payload bytea NOT NULL, hash bytea NOT NULL, PRIMARY KEY (stream, seq));
        """;

    /// <summary>Of more checkpoints than a stream keeps, takes away the one whose neighbours are closest together.</summary>
    public static readonly string ThinCheckpoints = $"""
        DELETE FROM journal_checkpoints WHERE stream = $1 AND seq = (
          SELECT seq FROM (
            SELECT seq, lead(seq) OVER places - lag(seq) OVER places AS gap, count(*) OVER () AS kept
            FROM journal_checkpoints WHERE stream = $1 WINDOW places AS (ORDER BY seq)) AS checkpoints
          WHERE kept > {JournalRules.MaxCheckpoints} AND gap IS NOT NULL ORDER BY gap, seq LIMIT 1)
        """;

    /// <summary>Jumps from stream to stream in the primary key instead of reading every event.</summary>
    public const string ListStreams = """
        WITH RECURSIVE streams (stream) AS (
          SELECT min(stream) FROM journal_events WHERE stream >= $1
          UNION ALL SELECT (SELECT min(stream) FROM journal_events WHERE stream > streams.stream)
          FROM streams WHERE starts_with(stream, $1))
        SELECT stream FROM streams WHERE starts_with(stream, $1)
        UNION SELECT stream FROM journal_snapshots WHERE starts_with(stream, $1)
        """;

    /// <summary>A connection on which a commit that returns is on disk: that is not left to a server that was tuned otherwise.</summary>
    public static NpgsqlConnection OpenDurable(NpgsqlDataSource source)
    {
        var connection = source.OpenConnection();
        try
        {
            using var durable = new NpgsqlCommand(
                "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'", connection);
            durable.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <returns>Whether there are tables for checkpoints: a database that no program has written since there are any has none.</returns>
    public static async Task<bool> PrepareAsync(string store, NpgsqlDataSource source, bool readOnly, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!readOnly && (await ExistsAsync(connection, Meta) is false || await ExistsAsync(connection, Checkpoints) is false))
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({CreationLock})");
            await ExecuteAsync(connection, Tables);
            await ExecuteAsync(
                connection, $"INSERT INTO journal_meta VALUES ('schema_version', '{Version}') ON CONFLICT DO NOTHING");
        }

        if (await ExistsAsync(connection, Meta) is false) throw new JournalUnavailableException(store, "there is no journal in this database.");
        var version = await ScalarAsync(connection, "SELECT value FROM journal_meta WHERE name = 'schema_version'") as string;
        if (version != Version)
            throw new JournalUnavailableException(store, $"its schema version is {version ?? "unknown"}, this program knows {Version}.");
        var hasCheckpoints = await ExistsAsync(connection, Checkpoints);
        await transaction.CommitAsync(cancellation);
        return hasCheckpoints;
    }

    static async Task<bool> ExistsAsync(NpgsqlConnection connection, string table) =>
        await ScalarAsync(connection, $"SELECT to_regclass('{table}') IS NOT NULL") is true;

    static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
