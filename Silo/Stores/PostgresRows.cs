using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace Trading.Stores;

/// <summary>The rows of a PostgreSQL database, all of one moment: one transaction sees them all.</summary>
sealed class PostgresReader : IStoreReader
{
    readonly NpgsqlConnection _connection;
    readonly NpgsqlTransaction _moment;

    PostgresReader(NpgsqlConnection connection, NpgsqlTransaction moment) =>
        (_connection, _moment) = (connection, moment);

    public string Name => PostgresNames.Of(_connection);

    public static async Task<PostgresReader> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = await PostgresNames.ConnectAsync(connectionString, cancellation);
        return new PostgresReader(
            connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation));
    }

    public async IAsyncEnumerable<object?[]> ReadAsync(
        StoreTable table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using (var exists = new NpgsqlCommand($"SELECT to_regclass('{table.Name}') IS NOT NULL", _connection))
            if (await exists.ExecuteScalarAsync(cancellation) is not true) yield break; // from before there was such a table
        var keys = table.Columns.Where(column => column.IsKey)
            .Select(column => column.Kind == ColumnKind.Text ? $"{column.Name} COLLATE \"C\"" : column.Name);
        await using var select = new NpgsqlCommand(
            $"SELECT {table.ColumnNames} FROM {table.Name} ORDER BY {string.Join(", ", keys)}", _connection);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var row = new object?[table.Columns.Length];
            for (var i = 0; i < row.Length; i++)
                row[i] = await rows.IsDBNullAsync(i, cancellation) ? null : Value(rows, i, table.Columns[i].Kind);
            yield return row;
        }
    }

    static object Value(NpgsqlDataReader rows, int column, ColumnKind kind) => kind switch
    {
        ColumnKind.Text => rows.GetString(column),
        ColumnKind.Bytes => rows.GetFieldValue<byte[]>(column),
        ColumnKind.Price or ColumnKind.WrittenDecimal => rows.GetDecimal(column),
        ColumnKind.Moment or ColumnKind.WrittenMoment => Moments.Of(rows.GetDateTime(column)),
        ColumnKind.Date => (long)rows.GetFieldValue<DateOnly>(column).DayNumber,
        ColumnKind.Small => (long)rows.GetInt16(column),
        ColumnKind.Integer => (long)rows.GetInt32(column),
        _ => rows.GetInt64(column),
    };

    public async ValueTask DisposeAsync()
    {
        await _moment.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

/// <summary>Writes rows into a database whose tables are there and empty, in one transaction.</summary>
sealed class PostgresWriter : IStoreWriter
{
    readonly NpgsqlConnection _connection;
    readonly NpgsqlTransaction _transaction;

    PostgresWriter(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    public string Name => PostgresNames.Of(_connection);

    /// <remarks>The tables are the matter of <see cref="Hosting.DatabaseSchema"/>.</remarks>
    public static async Task<PostgresWriter> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = await PostgresNames.ConnectAsync(connectionString, cancellation);
        return new PostgresWriter(connection, await connection.BeginTransactionAsync(cancellation));
    }

    public async Task WriteAsync(StoreTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        await RequireEmptyAsync(table, cancellation);
        await using (var copy = await _connection.BeginBinaryImportAsync(
            $"COPY {table.Name} ({table.ColumnNames}) FROM STDIN (FORMAT BINARY)", cancellation))
        {
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                await copy.StartRowAsync(cancellation);
                for (var i = 0; i < row.Length; i++)
                    if (row[i] is { } value) await WriteAsync(copy, value, table.Columns[i].Kind, cancellation);
                    else await copy.WriteNullAsync(cancellation);
            }

            await copy.CompleteAsync(cancellation);
        }

        if (table.Columns[0] is not { Name: "id" }) return;

        // Numbers that the database gives go on behind those that were brought.
        await using var next = new NpgsqlCommand(
            $"SELECT setval(pg_get_serial_sequence('{table.Name}', 'id'), max(id)) FROM {table.Name} HAVING max(id) > 0",
            _connection);
        await next.ExecuteNonQueryAsync(cancellation);
    }

    async Task RequireEmptyAsync(StoreTable table, CancellationToken cancellation)
    {
        await using var any = new NpgsqlCommand(
            $"LOCK TABLE {table.Name} IN EXCLUSIVE MODE; SELECT EXISTS (SELECT 1 FROM {table.Name})", _connection);
        if (await any.ExecuteScalarAsync(cancellation) is true)
            throw new StoreCopyException(SqliteWriter.NotEmpty(Name, table));
    }

    static Task WriteAsync(NpgsqlBinaryImporter copy, object value, ColumnKind kind, CancellationToken cancellation) =>
        kind switch
    {
        ColumnKind.Text => copy.WriteAsync((string)value, NpgsqlDbType.Text, cancellation),
        ColumnKind.Bytes => copy.WriteAsync((byte[])value, NpgsqlDbType.Bytea, cancellation),
        ColumnKind.Price or ColumnKind.WrittenDecimal =>
            copy.WriteAsync((decimal)value, NpgsqlDbType.Numeric, cancellation),
        ColumnKind.Moment or ColumnKind.WrittenMoment =>
            copy.WriteAsync(Moments.Time((long)value), NpgsqlDbType.TimestampTz, cancellation),
        ColumnKind.Date => copy.WriteAsync(DateOnly.FromDayNumber((int)(long)value), NpgsqlDbType.Date, cancellation),
        ColumnKind.Small => copy.WriteAsync((short)(long)value, NpgsqlDbType.Smallint, cancellation),
        ColumnKind.Integer => copy.WriteAsync((int)(long)value, NpgsqlDbType.Integer, cancellation),
        _ => copy.WriteAsync((long)value, NpgsqlDbType.Bigint, cancellation),
    };

    public Task CommitAsync(CancellationToken cancellation) => _transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

static class PostgresNames
{
    /// <summary>Reading and writing whole tables takes as long as it takes.</summary>
    const int NoTimeout = 0;

    public static async Task<NpgsqlConnection> ConnectAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            CommandTimeout = NoTimeout,
            ApplicationName = "trading copy",
        }.ToString());
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch (NpgsqlException failure)
        {
            throw new StoreCopyException($"{Of(connection)} cannot be reached: {failure.Message}", failure);
        }
    }

    public static string Of(NpgsqlConnection connection) =>
        $"{connection.Host}:{connection.Port}/{connection.Database}";
}
