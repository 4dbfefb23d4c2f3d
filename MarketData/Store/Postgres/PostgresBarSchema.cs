using Npgsql;

namespace Trading.MarketData;

/// <summary>The tables, created in the first schema of the search path. Verdicts are 0 accept, 1 quarantine, 2
/// reject.</summary>
static class PostgresBarSchema
{
    /// <summary>Raised with every change that an older program would misread.</summary>
    const string Version = "1";

    /// <summary>Of two processes that start together, one creates the tables and the other waits.</summary>
    const long CreationLock = 0x54426172;

    /// <summary>Names compare by bytes, whatever the database's language.</summary>
    const string Tables = """
        CREATE TABLE IF NOT EXISTS bar_meta (name text PRIMARY KEY, value text NOT NULL);
        CREATE TABLE IF NOT EXISTS bar_series (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, symbol text COLLATE "C" NOT NULL, interval text COLLATE "C" NOT NULL,
          last_revision bigint NOT NULL, UNIQUE (symbol, interval));
        CREATE TABLE IF NOT EXISTS bars (
          series bigint NOT NULL, time timestamptz NOT NULL, revision bigint NOT NULL,
          open numeric NOT NULL, high numeric NOT NULL, low numeric NOT NULL, close numeric NOT NULL, volume numeric,
          source text NOT NULL, event_time timestamptz NOT NULL, known_at timestamptz NOT NULL, verdict smallint NOT NULL,
          rule text, note text, PRIMARY KEY (series, time, revision));
        CREATE INDEX IF NOT EXISTS bars_quarantined ON bars (time) WHERE verdict = 1;
        CREATE TABLE IF NOT EXISTS corporate_actions (
          symbol text COLLATE "C" NOT NULL, ex_date date NOT NULL, kind text NOT NULL, version integer NOT NULL, value numeric NOT NULL,
          known_at timestamptz NOT NULL, PRIMARY KEY (symbol, ex_date, kind, version));
        CREATE TABLE IF NOT EXISTS instruments (
          symbol text COLLATE "C" NOT NULL, version bigint NOT NULL, content text NOT NULL, PRIMARY KEY (symbol, version));
        """;

    public static async Task PrepareAsync(string store, NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var create = new NpgsqlCommand($"""
            SELECT pg_advisory_xact_lock({CreationLock});
            {Tables}
            INSERT INTO bar_meta VALUES ('schema_version', '{Version}') ON CONFLICT DO NOTHING
            """, connection);
        await create.ExecuteNonQueryAsync(cancellation);
        await using var check = new NpgsqlCommand(
            "SELECT value FROM bar_meta WHERE name = 'schema_version'", connection);
        var version = await check.ExecuteScalarAsync(cancellation) as string;
        if (version != Version)
            throw new BarStoreException(
                store, $"its schema version is {version ?? "unknown"}, this program knows {Version}.");
        await transaction.CommitAsync(cancellation);
    }
}
