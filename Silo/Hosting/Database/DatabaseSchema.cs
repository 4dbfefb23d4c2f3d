using System.Reflection;
using Npgsql;
using Trading.Journal;
using Trading.MarketData;
using Trading.Secrets;

namespace Trading.Hosting;

/// <summary>The database cannot be used as it is; the message says what to do.</summary>
public sealed class DatabaseRefusedException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>What a migration left.</summary>
/// <param name="Found">The version that was there before; null where the database had none.</param>
/// <param name="Version">The version that is there now.</param>
sealed record SchemaReport(string Database, int? Found, int Version);

/// <summary>All tables of a PostgreSQL database under one version. A newer program raises it by adding; the row of a
/// version also says which programs may still use it, so that the silos of two versions can run while one takes the
/// place of the other.</summary>
sealed class DatabaseSchema(string connectionString, TimeProvider clock)
{
    /// <summary>Raised with every step that this program adds.</summary>
    public const int Version = 2;

    /// <summary>The oldest program, by its own schema version, that may use what this one leaves.</summary>
    const int ReadableBy = 1;

    /// <summary>The oldest schema that this program can use.</summary>
    const int Oldest = 1;

    /// <summary>Held while one of several migrates.</summary>
    const long MigrationLock = 0x54536368;

    /// <summary>Between the clocks of this machine and of the database: signs of life are compared with less than
    /// three times as much.</summary>
    public static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(5);

    const string Table = """
        CREATE TABLE IF NOT EXISTS trading_schema (
            version integer NOT NULL PRIMARY KEY,
            readable_by integer NOT NULL,
            applied_by text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now());
        """;

    static string Program => typeof(DatabaseSchema).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    string Name
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            return $"{settings.Host}:{settings.Port}/{settings.Database}";
        }
    }

    /// <summary>Brings the database to this version. Harmless when repeated, when several do it at once, and after one
    /// that was interrupted: the version is noted last.</summary>
    /// <exception cref="DatabaseRefusedException">A newer program has been here, which this one does not understand;
    /// or there is no such database.</exception>
    public Task<SchemaReport> MigrateAsync(CancellationToken cancellation) => GuardAsync(async connection =>
    {
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({MigrationLock})", cancellation);
        var found = await ReadAsync(connection, cancellation);
        if (found is { } there) RequireReadable(there);
        if (found is null || found.Value.Version <= Version)
        {
            await using (var journal = EventJournal.Postgres(connectionString, clock))
                await journal.StartAsync(cancellation);
            await BarStores.PreparePostgresAsync(connectionString, cancellation);
            await new OrleansSchema(NpgsqlFactory.Instance, connectionString).MigrateAsync(cancellation);
            DatabaseVault.Prepare(connection);
            await ExecuteAsync(connection, Table, cancellation);
            await using var note = new NpgsqlCommand(
                "INSERT INTO trading_schema (version, readable_by, applied_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                connection)
            {
                Parameters = { new() { Value = Version }, new() { Value = ReadableBy }, new() { Value = Program } },
            };
            await note.ExecuteNonQueryAsync(cancellation);
        }

        await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({MigrationLock})", cancellation);
        return new SchemaReport(Name, found?.Version, Math.Max(Version, found?.Version ?? 0));
    }, cancellation);

    /// <summary>Changes nothing, and says whether this program may use the database.</summary>
    /// <exception cref="DatabaseRefusedException">It may not, or the two clocks are too far apart.</exception>
    public Task<SchemaReport> RequireAsync(CancellationToken cancellation) => GuardAsync(async connection =>
    {
        var found = await ReadAsync(connection, cancellation) ?? throw new DatabaseRefusedException(
            $"The database {Name} has no tables of this program. Run: trading database migrate");
        RequireReadable(found);
        if (found.Version < Oldest)
            throw new DatabaseRefusedException(
                $"The database {Name} has schema {found.Version}; this program needs {Oldest}. Run: trading database migrate");
        await RequireClockAsync(connection, cancellation);
        return new SchemaReport(Name, found.Version, found.Version);
    }, cancellation);

    void RequireReadable((int Version, int ReadableBy) found)
    {
        if (found.ReadableBy > Version)
            throw new DatabaseRefusedException(
                $"The database {Name} has schema version {found.Version}, which programs from version {found.ReadableBy} on can "
                + $"use; this one knows {Version}. Start the newer release, or restore a backup from before the migration.");
    }

    async Task RequireClockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        var there = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellation))!);
        var skew = (clock.GetUtcNow() - there).Duration();
        if (skew > MostSkew)
            throw new DatabaseRefusedException(
                $"The clocks of this machine and of the database {Name} differ by {skew.TotalSeconds:0} s; {MostSkew.TotalSeconds:0} s "
                + "are allowed, since silos judge each other by them. Set them (chrony, systemd-timesyncd), and start again.");
    }

    static async Task<(int Version, int ReadableBy)?> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('trading_schema') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellation) is not true) return null;
        await using var newest = new NpgsqlCommand(
            "SELECT version, readable_by FROM trading_schema ORDER BY version DESC LIMIT 1", connection);
        await using var rows = await newest.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? (rows.GetInt32(0), rows.GetInt32(1)) : null;
    }

    async Task<T> GuardAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellation);
            return await work(connection);
        }
        catch (NpgsqlException failure)
        {
            throw new DatabaseRefusedException(
                $"The database {Name} cannot be used: {failure.Message}. See store:connection_string.", failure);
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
