using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A SQLite file or a PostgreSQL database; the same statements serve both.</summary>
sealed class Database : IDisposable
{
    static readonly string[] Sqlite = ["System.Data.SQLite", "Microsoft.Data.Sqlite"];
    readonly DbDataSource _source;
    readonly bool _isOwner;
    readonly bool _isSqlite;

    /// <exception cref="OrleansConfigurationException">An invariant other than Npgsql and SQLite's two, or not exactly one way to connect.</exception>
    public Database(string invariant, string? connectionString, DbDataSource? source)
    {
        _isSqlite = Sqlite.Contains(invariant);
        if (!_isSqlite && invariant != "Npgsql")
            throw new OrleansConfigurationException($"Invariant '{invariant}' is not one of Npgsql, {string.Join(", ", Sqlite)}.");
        if (string.IsNullOrWhiteSpace(connectionString) == source is null)
            throw new OrleansConfigurationException("Configure exactly one of ConnectionString or DataSource.");
        _isOwner = source is null;
        _source = source ?? (_isSqlite ? SqliteSource(connectionString!) : NpgsqlDataSource.Create(connectionString!));
    }

    /// <summary>Creates what is missing. Several processes may do so at once.</summary>
    public async Task CreateAsync(string tables, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        if (_isSqlite) await ExecuteAsync(connection, "PRAGMA journal_mode = WAL", cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!_isSqlite) await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(7309453)", cancellation);
        await ExecuteAsync(connection, tables, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Runs one statement and returns its rows. SQLite works on a thread of its own: it would block the grain's.</summary>
    public Task<List<TRow>> QueryAsync<TRow>(
        string sql, Func<DbDataReader, TRow> read, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        return _isSqlite ? Task.Run(RunAsync, cancellation) : RunAsync();

        async Task<List<TRow>> RunAsync()
        {
            await using var connection = await OpenAsync(cancellation).ConfigureAwait(false);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
                command.Parameters.Add(parameter);
            }

            await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            var rows = new List<TRow>();
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) rows.Add(read(reader));
            return rows;
        }
    }

    public void Dispose()
    {
        if (_isOwner) _source.Dispose();
    }

    async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        if (_isSqlite) await ExecuteAsync(connection, "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000", cancellation).ConfigureAwait(false);
        return connection;
    }

    static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    static DbDataSource SqliteSource(string connectionString)
    {
        SQLitePCL.Batteries_V2.Init();
        var file = new SqliteConnectionStringBuilder(connectionString).DataSource;
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
        return SqliteFactory.Instance.CreateDataSource(connectionString);
    }
}
