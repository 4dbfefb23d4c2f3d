using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Trading.Journal;
using Trading.Stores;

namespace Trading.Secrets;

/// <summary>The vault in tables of the store: the same sealed secrets, in SQLite beside the journal or in PostgreSQL, where every process
/// of a cluster finds them. Times are microseconds since 1970 UTC. A program that holds the store does not hold these tables.</summary>
sealed class DatabaseVault : IVaultStore
{
    /// <summary>Held in PostgreSQL while one changes it.</summary>
    const long ChangeLock = 0x5456617574;

    /// <summary>One text serves PostgreSQL and SQLite, which takes any name of a type.</summary>
    const string Tables = """
        CREATE TABLE IF NOT EXISTS vault_secrets (
            name text NOT NULL PRIMARY KEY, version integer NOT NULL, master text NOT NULL, data_key bytea NOT NULL, value bytea NOT NULL,
            set_at bigint NOT NULL, keyed_at bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS vault_marks (master text NOT NULL PRIMARY KEY, mark bytea NOT NULL);
        CREATE TABLE IF NOT EXISTS vault_uses (
            use_id text NOT NULL PRIMARY KEY, place bigint NOT NULL, used_at bigint NOT NULL, action text NOT NULL, name text,
            os_user text NOT NULL, host text NOT NULL, process integer NOT NULL, taken integer NOT NULL);
        """;

    /// <summary>One statement, so that secrets and marks are of one moment.</summary>
    const string ReadAll = """
        SELECT 1, name, version, master, data_key, value, set_at, keyed_at FROM vault_secrets
        UNION ALL SELECT 0, master, 0, '', mark, mark, 0, 0 FROM vault_marks
        """;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly DbProviderFactory _provider;
    readonly string _connectionString;
    readonly string? _file;

    DatabaseVault(DbProviderFactory provider, string connectionString, string name, string? file) =>
        (_provider, _connectionString, Name, _file) = (provider, connectionString, $"the vault in {name}", file);

    public string Name { get; }

    /// <param name="path">The file of the store.</param>
    public static DatabaseVault Sqlite(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        return new(SqliteFactory.Instance, SqliteFiles.Text(path, SqliteOpenMode.ReadWrite), path, path);
    }

    /// <exception cref="VaultException">This is no connection string.</exception>
    public static DatabaseVault Postgres(string connectionString)
    {
        try
        {
            var to = new NpgsqlConnectionStringBuilder(connectionString);
            return new(NpgsqlFactory.Instance, connectionString, $"{to.Host}:{to.Port}/{to.Database}", null);
        }
        catch (ArgumentException)
        {
            throw new VaultException("store:connection_string is no connection string of PostgreSQL, and the vault is in that database (vault:kind).");
        }
    }

    /// <summary>Creates the tables where they are missing.</summary>
    public static void Prepare(DbConnection connection) => Execute(connection, Tables);

    public bool Exists => Read() is not { Marks.IsEmpty: true, Secrets.IsEmpty: true };

    public VaultContent Read() => Run(connection => HasTables(connection) ? Read(connection) : VaultContent.Empty, VaultContent.Empty);

    public void Change(Func<VaultContent, VaultContent> change) => Write(connection =>
    {
        var content = change(Read(connection));
        Execute(connection, "DELETE FROM vault_secrets; DELETE FROM vault_marks;");
        foreach (var (name, secret) in content.Secrets)
            Execute(connection, "INSERT INTO vault_secrets VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)",
                name, secret.Version, secret.Master, secret.Key, secret.Value, Number(secret.SetAt), Number(secret.KeyedAt));
        foreach (var (master, mark) in content.Marks) Execute(connection, "INSERT INTO vault_marks VALUES (@p0, @p1)", master, mark);
    });

    public void Note(SecretUse use) => Write(connection => Execute(connection,
        "INSERT INTO vault_uses SELECT @p0, coalesce(max(place), 0) + 1, @p1, @p2, @p3, @p4, @p5, @p6, 0 FROM vault_uses",
        use.Id, Number(use.At), use.Action, (object?)use.Name ?? DBNull.Value, use.User, use.Host, use.Process));

    public IReadOnlyList<SecretUse> ReadUses(int most) => Run<IReadOnlyList<SecretUse>>(connection =>
    {
        List<SecretUse> uses = [];
        if (!HasTables(connection)) return uses;
        using var command = Command(connection, """
            SELECT use_id, used_at, action, name, os_user, host, process FROM vault_uses WHERE taken = 0 ORDER BY place LIMIT @p0
            """, most);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            uses.Add(new(
                rows.GetString(0), Moment(rows.GetInt64(1)), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3), rows.GetString(4),
                rows.GetString(5), rows.GetInt32(6)));
        return uses;
    }, []);

    public void MarkTaken(IReadOnlyList<SecretUse> uses) => Write(connection =>
    {
        foreach (var use in uses) Execute(connection, "UPDATE vault_uses SET taken = 1 WHERE use_id = @p0", use.Id);
    });

    static VaultContent Read(DbConnection connection)
    {
        var (secrets, marks) = (VaultContent.Empty.Secrets.ToBuilder(), VaultContent.Empty.Marks.ToBuilder());
        using var command = Command(connection, ReadAll);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            if (rows.GetInt32(0) == 0) marks[rows.GetString(1)] = rows.GetFieldValue<byte[]>(4);
            else
                secrets[rows.GetString(1)] = new(rows.GetInt32(2), rows.GetString(3), rows.GetFieldValue<byte[]>(4), rows.GetFieldValue<byte[]>(5),
                    Moment(rows.GetInt64(6)), Moment(rows.GetInt64(7)));
        return new(VaultContent.Empty.Format, marks.ToImmutable(), secrets.ToImmutable());
    }

    bool HasTables(DbConnection connection)
    {
        using var command = Command(connection, _file is null
            ? "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = 'vault_uses'"
            : "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'vault_uses'");
        return command.ExecuteScalar() is not 0L;
    }

    /// <summary>All of it or nothing, and one after another.</summary>
    void Write(Action<DbConnection> work)
    {
        if (_file is not null) Found(_file);
        Run<object?>(connection =>
        {
            Execute(connection, _file is null ? $"BEGIN; SELECT pg_advisory_xact_lock({ChangeLock})" : "BEGIN IMMEDIATE");
            Prepare(connection);
            work(connection);
            Execute(connection, "COMMIT");
            return null;
        }, null);
    }

    /// <summary>The file of a store is made by the journal, which knows how it lies; of processes that begin at once by that of one.</summary>
    void Found(string file)
    {
        JournalUnavailableException? held = null;
        if (!SpinWait.SpinUntil(() => File.Exists(file) && IsMarked() || TryFound(file, out held), Patience))
            throw new VaultException($"{Name} cannot be made: {held?.Reason}");
    }

    /// <summary>A file that something else wrote is the journal's to refuse.</summary>
    bool IsMarked() => Run(connection =>
    {
        using var command = Command(connection, "PRAGMA application_id");
        return command.ExecuteScalar() is not 0L;
    }, false);

    static bool TryFound(string file, out JournalUnavailableException? held)
    {
        held = null;
        var journal = EventJournal.Sqlite(file, TimeProvider.System);
        try
        {
            journal.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
            return true;
        }
        catch (JournalUnavailableException another)
        {
            held = another;
            return false;
        }
        finally
        {
            journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <param name="none">Where there is no file yet.</param>
    T Run<T>(Func<DbConnection, T> work, T none)
    {
        if (_file is not null && !File.Exists(_file)) return none;
        try
        {
            using var connection = _provider.CreateConnection()!;
            connection.ConnectionString = _connectionString;
            connection.Open();
            return work(connection);
        }
        catch (DbException failure)
        {
            throw new VaultException($"{Name} cannot be used: {failure.Message} See vault:kind and {(_file is null ? "store:connection_string" : "store:path")}.");
        }
    }

    static void Execute(DbConnection connection, string sql, params object[] values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    static DbCommand Command(DbConnection connection, string sql, params object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (place, value) in values.Index())
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@p{place}", value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    static long Number(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    static DateTimeOffset Moment(long number) => DateTimeOffset.UnixEpoch.AddTicks(number * TimeSpan.TicksPerMicrosecond);
}
