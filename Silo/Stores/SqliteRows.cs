using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Trading.Hosting;
using Trading.Journal;
using Trading.MarketData;
using Trading.Secrets;

namespace Trading.Stores;

/// <summary>The rows of a SQLite file. It is copied page by page first, by SQLite's online backup, so that a program
/// that writes meanwhile is not held up, and all tables are of one moment.</summary>
sealed class SqliteReader : IStoreReader
{
    readonly string _copy;
    readonly SqliteConnection _connection;

    SqliteReader(string name, string copy, SqliteConnection connection) =>
        (Name, _copy, _connection) = (name, copy, connection);

    public string Name { get; }

    /// <param name="scratch">A folder for the copy, which goes with the reader.</param>
    /// <exception cref="StoreCopyException">There is no such file, or it is no store.</exception>
    public static SqliteReader Open(string path, string scratch)
    {
        if (!File.Exists(path)) throw new StoreCopyException($"There is no store at {path}: see store:path.");
        SQLitePCL.Batteries_V2.Init();
        Directory.CreateDirectory(scratch);
        var copy = Path.Combine(scratch, $"{Path.GetRandomFileName()}.db");
        var connection = SqliteFiles.Connect(copy, SqliteOpenMode.ReadWriteCreate);
        try
        {
            using (var source = SqliteFiles.Connect(path, SqliteOpenMode.ReadOnly)) source.BackupDatabase(connection);
            return new SqliteReader(path, copy, connection);
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            SqliteFiles.Delete(copy);
            throw new StoreCopyException($"The store at {path} cannot be read: {failure.Message}", failure);
        }
    }

    public async IAsyncEnumerable<object?[]> ReadAsync(
        StoreTable table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var exists = _connection.CreateCommand();
        exists.CommandText = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $name";
        exists.Parameters.AddWithValue("$name", table.Name);
        if (exists.ExecuteScalar() is 0L) yield break; // from before there was such a table
        using var select = _connection.CreateCommand();
        var keys = string.Join(", ", table.Columns.Where(column => column.IsKey).Select(column => column.Name));
        select.CommandText = $"SELECT {table.ColumnNames} FROM {table.Name} ORDER BY {keys}";
        using var rows = select.ExecuteReader();
        while (rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var row = new object?[table.Columns.Length];
            for (var i = 0; i < row.Length; i++)
                row[i] = rows.IsDBNull(i) ? null : Value(rows, i, table.Columns[i].Kind);
            yield return row;
        }

        await Task.CompletedTask;
    }

    static object Value(SqliteDataReader rows, int column, ColumnKind kind) => kind switch
    {
        ColumnKind.Text => rows.GetString(column),
        ColumnKind.Bytes => rows.GetFieldValue<byte[]>(column),
        ColumnKind.Price => PackedDecimal.Read(rows, column),
        ColumnKind.WrittenDecimal => decimal.Parse(rows.GetString(column), CultureInfo.InvariantCulture),
        ColumnKind.WrittenMoment => Moments.Of(rows.GetDateTime(column)),
        ColumnKind.Date =>
            (long)DateOnly.ParseExact(rows.GetString(column), "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber,
        _ => rows.GetInt64(column),
    };

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        SqliteFiles.Delete(_copy);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Writes rows into a SQLite file with empty tables, in one transaction.</summary>
sealed class SqliteWriter : IStoreWriter
{
    readonly EventJournal _journal;
    readonly SqliteConnection _connection;
    readonly SqliteTransaction _transaction;

    SqliteWriter(string path, EventJournal journal, SqliteConnection connection)
    {
        (Name, _journal, _connection) = (path, journal, connection);
        _transaction = connection.BeginTransaction();
    }

    public string Name { get; }

    /// <summary>Creates the file and its tables where they are missing. As the journal's writer it keeps every other
    /// program out.</summary>
    public static async Task<SqliteWriter> OpenAsync(string path, TimeProvider clock, CancellationToken cancellation)
    {
        SQLitePCL.Batteries_V2.Init();
        var journal = EventJournal.Sqlite(path, clock);
        await journal.StartAsync(cancellation);
        await BarStores.PrepareSqliteAsync(path, cancellation);
        await new OrleansSchema(SqliteFactory.Instance, SqliteFiles.Text(path, SqliteOpenMode.ReadWrite))
            .MigrateAsync(cancellation);
        using (var connection = SqliteFiles.Connect(path, SqliteOpenMode.ReadWrite)) DatabaseVault.Prepare(connection);
        return new SqliteWriter(path, journal, SqliteFiles.Connect(path, SqliteOpenMode.ReadWrite));
    }

    public async Task WriteAsync(StoreTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        using var count = _connection.CreateCommand();
        count.CommandText = $"SELECT count(*) FROM {table.Name}";
        if (count.ExecuteScalar() is not 0L) throw new StoreCopyException(NotEmpty(Name, table));
        using var insert = _connection.CreateCommand();
        var names = table.Columns.Select((_, place) => $"$p{place}").ToArray();
        insert.CommandText = $"INSERT INTO {table.Name} ({table.ColumnNames}) VALUES ({string.Join(", ", names)})";
        var parameters = names.Select(name => insert.Parameters.Add(new SqliteParameter(name, null))).ToArray();
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            for (var i = 0; i < row.Length; i++)
                parameters[i].Value = row[i] is { } value ? Value(value, table.Columns[i].Kind) : DBNull.Value;
            insert.ExecuteNonQuery();
        }
    }

    public static string NotEmpty(string name, StoreTable table) =>
        $"{name} already holds rows in {table.Name}; and takes none beside them: rows go into an empty store.";

    static object Value(object value, ColumnKind kind) => kind switch
    {
        ColumnKind.Price => PackedDecimal.TryPack((decimal)value, out var packed)
            ? packed
            : ((decimal)value).ToString(CultureInfo.InvariantCulture),
        ColumnKind.WrittenDecimal => ((decimal)value).ToString(CultureInfo.InvariantCulture),
        ColumnKind.WrittenMoment => Moments.Time((long)value),
        ColumnKind.Date =>
            DateOnly.FromDayNumber((int)(long)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => value,
    };

    public Task CommitAsync(CancellationToken cancellation) => _transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
        await _journal.DisposeAsync();
    }
}

static class SqliteFiles
{
    public static string Text(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString();

    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(Text(path, mode));
        connection.Open();
        return connection;
    }

    public static void Delete(string path)
    {
        foreach (var ending in (string[])["", "-wal", "-shm", "-journal", ".lock"]) File.Delete(path + ending);
    }
}

/// <summary>Times between stores.</summary>
static class Moments
{
    public static long Of(DateTime time) =>
        (DateTime.SpecifyKind(time, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTime Time(long microseconds) =>
        DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
