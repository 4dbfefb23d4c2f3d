using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Trading.Hosting;

/// <summary>The tables of grain state and reminders, and the statements by which the ADO.NET providers of Orleans use them.
/// The providers read the statements from the table OrleansQuery; parameters and result columns have the names they expect.
/// One text serves PostgreSQL and SQLite.</summary>
sealed class OrleansSchema(DbProviderFactory provider, string connectionString) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Held in PostgreSQL while one of several starting silos migrates.</summary>
    const long MigrationLock = 0x74726164696e67; // "trading"

    // SQLite takes any name of a type, and keeps bytea and timestamptz values as they come.
    const string Tables = """
        CREATE TABLE IF NOT EXISTS OrleansQuery (
            QueryKey text NOT NULL PRIMARY KEY,
            QueryText text NOT NULL);
        CREATE TABLE IF NOT EXISTS orleans_state (
            service text NOT NULL,
            name text NOT NULL,
            name_hash integer NOT NULL,
            id_hash integer NOT NULL,
            key_0 bigint NOT NULL,
            key_1 bigint NOT NULL,
            key_text text NOT NULL,
            version integer NOT NULL,
            payload bytea,
            PRIMARY KEY (service, name, name_hash, id_hash, key_0, key_1, key_text));
        CREATE TABLE IF NOT EXISTS orleans_reminder (
            service text NOT NULL,
            grain_id text NOT NULL,
            name text NOT NULL,
            grain_hash integer NOT NULL,
            start_time timestamptz NOT NULL,
            period bigint NOT NULL,
            version integer NOT NULL,
            PRIMARY KEY (service, grain_id, name));
        CREATE INDEX IF NOT EXISTS orleans_reminder_by_hash ON orleans_reminder (service, grain_hash);
        """;

    const string StateKey = """
        service = @ServiceId AND name = @GrainTypeString AND name_hash = @GrainTypeHash AND id_hash = @GrainIdHash
        AND key_0 = @GrainIdN0 AND key_1 = @GrainIdN1 AND key_text = coalesce(@GrainIdExtensionString, '')
        """;

    const string SelectReminders = """
        SELECT grain_id AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
        FROM orleans_reminder WHERE service = @ServiceId AND
        """;

    static readonly (string Key, string Text)[] Queries =
    [
        // No row comes back where the version is not the expected one (none expected: where there is a row already).
        ("WriteToStorageKey", $"""
            INSERT INTO orleans_state (service, name, name_hash, id_hash, key_0, key_1, key_text, version, payload)
            SELECT @ServiceId, @GrainTypeString, @GrainTypeHash, @GrainIdHash, @GrainIdN0, @GrainIdN1,
                coalesce(@GrainIdExtensionString, ''), 1, @PayloadBinary
            WHERE @GrainStateVersion IS NULL
                OR EXISTS (SELECT 1 FROM orleans_state WHERE {StateKey} AND version = @GrainStateVersion)
            ON CONFLICT (service, name, name_hash, id_hash, key_0, key_1, key_text) DO UPDATE
            SET version = orleans_state.version + 1, payload = excluded.payload
            WHERE orleans_state.version = @GrainStateVersion
            RETURNING version AS NewGrainStateVersion
            """),
        ("ReadFromStorageKey", $"SELECT payload AS PayloadBinary, version AS Version FROM orleans_state WHERE {StateKey}"),
        // The row stays, so that a writer from before the clearing still meets a newer version.
        ("ClearStorageKey", $"""
            UPDATE orleans_state SET version = version + 1, payload = NULL
            WHERE {StateKey} AND version = @GrainStateVersion
            RETURNING version
            """),
        ("ReadReminderRowKey", $"{SelectReminders} grain_id = @GrainId AND name = @ReminderName"),
        ("ReadReminderRowsKey", $"{SelectReminders} grain_id = @GrainId"),
        // Hashes after BeginHash up to EndHash; the second where the range runs over the largest one.
        ("ReadRangeRows1Key", $"{SelectReminders} grain_hash > @BeginHash AND grain_hash <= @EndHash"),
        ("ReadRangeRows2Key", $"{SelectReminders} (grain_hash > @BeginHash OR grain_hash <= @EndHash)"),
        ("UpsertReminderRowKey", """
            INSERT INTO orleans_reminder (service, grain_id, name, grain_hash, start_time, period, version)
            VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 1)
            ON CONFLICT (service, grain_id, name) DO UPDATE
            SET start_time = excluded.start_time, period = excluded.period, version = orleans_reminder.version + 1
            RETURNING version AS Version
            """),
        // The first row is the answer: 1 from the deletion, 0 where it found nothing.
        ("DeleteReminderRowKey", """
            DELETE FROM orleans_reminder
            WHERE service = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version
            RETURNING 1;
            SELECT 0
            """),
        ("DeleteReminderRowsKey", "DELETE FROM orleans_reminder WHERE service = @ServiceId"),
    ];

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(OrleansSchema), ServiceLifecycleStage.RuntimeInitialize, MigrateAsync);

    /// <summary>Brings the database to this version. Harmless when repeated, and when several silos do it at once.</summary>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        await using var connection = provider.CreateConnection()!;
        connection.ConnectionString = connectionString;
        await connection.OpenAsync(cancellation);
        if (connection is SqliteConnection)
            await ExecuteAsync(connection, "PRAGMA journal_mode = WAL", cancellation);

        await using var transaction = await connection.BeginTransactionAsync(cancellation); // SQLite lets one in at a time
        if (connection is NpgsqlConnection)
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({MigrationLock})", cancellation);
        await ExecuteAsync(connection, Tables, cancellation);
        if (connection is NpgsqlConnection) await ExecuteAsync(connection, MembershipTables.Tables, cancellation);
        foreach (var (key, text) in AllQueries(connection))
        {
            await ExecuteAsync(connection, """
                INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES (@key, @text)
                ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText
                """, cancellation, ("key", key), ("text", text));
        }

        await transaction.CommitAsync(cancellation);
    }

    static (string Key, string Text)[] AllQueries(DbConnection connection) =>
        connection is NpgsqlConnection ? [.. Queries, .. MembershipTables.Queries] : Queries;

    static async Task ExecuteAsync(
        DbConnection connection, string sql, CancellationToken cancellation, params (string Name, string Value)[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }
}
