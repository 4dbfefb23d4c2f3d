using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Trading.Journal;

/// <summary>One SQLite file: write-ahead log, a sync to disk per commit, one connection that writes, pooled ones that
/// read. Other tables may live in the same file. One process writes (<see cref="SqliteClaim"/>); any number may read
/// meanwhile.</summary>
sealed class SqliteJournalStore(string path, bool readOnly) : IJournalStore
{
    readonly string _path = Path.GetFullPath(path);
    readonly string _readers =
        new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = SqliteOpenMode.ReadOnly }
            .ToString();
    readonly SemaphoreSlim _turn = SqliteTurns.Of(path);
    SqliteClaim? _claim;
    SqliteConnection? _connection;
    SqliteAppender? _appender;
    bool _hasCheckpoints = true;

    public string Name => _path;

    public bool IsReadOnly => readOnly;

    /// <summary>How long to wait for others that write other tables of the file.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            if (readOnly) _hasCheckpoints = SqliteSchema.CheckReadable(_path, Connect());
            else OpenForWriting();
            return Task.CompletedTask;
        }
        catch (Exception cause) when (cause is SqliteException or IOException or UnauthorizedAccessException)
        {
            Close();
            throw SqliteErrors.Unavailable(_path, cause);
        }
        catch
        {
            Close();
            throw;
        }
    }

    void OpenForWriting()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _claim = SqliteClaim.Take(_path, ReadWriter);
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Pooling = false,
            DefaultTimeout = (int)Patience.TotalSeconds,
        };
        _connection = new SqliteConnection(settings.ToString());
        _connection.Open();
        SqliteSchema.Prepare(_path, _connection);
        _appender = new SqliteAppender(_path, _connection.Handle!, Patience);
    }

    public void Commit(ReadOnlySpan<JournalAppend> group)
    {
        var isOurs = _turn.Wait(Patience); // if not, SQLite says who keeps it
        try
        {
            _appender!.Write(group);
        }
        finally
        {
            if (isOurs) _turn.Release();
        }
    }

    public Task<JournalHead> ReadHeadAsync(string stream, CancellationToken cancellation) => Read(stream, 0,
        "SELECT seq, hash FROM journal_events WHERE stream = $stream ORDER BY seq DESC LIMIT 1", null,
        rows => rows.Read() ? new JournalHead(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : JournalHead.Empty);

    public async IAsyncEnumerable<JournalRow> ReadAsync(
        string stream, long from, long last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = Math.Max(from, 1);
        using var connection = SqliteErrors.Guard(_path, stream, next, Connect);
        using var command = Command(
            connection, $"SELECT {Columns} FROM journal_events WHERE stream = $stream AND seq >= $with AND seq <= $last ORDER BY seq", stream, from);
        command.Parameters.AddWithValue("$last", last);
        using var rows = SqliteErrors.Guard(_path, stream, next, command.ExecuteReader);
        while (SqliteErrors.Guard(_path, stream, next, () => Next(rows)) is { } row)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
            next = row.Sequence + 1;
        }

        await Task.CompletedTask;
    }

    public Task<JournalRow?> FindAsync(string stream, string key, CancellationToken cancellation) => Read(stream, 0,
        $"SELECT {Columns} FROM journal_events WHERE stream = $stream AND key = $with", key, Next);

    public Task<StoredSnapshot?> ReadSnapshotAsync(string stream, CancellationToken cancellation) => Read(stream, 0,
        "SELECT seq, payload, hash FROM journal_snapshots WHERE stream = $stream", null, Snapshot);

    public Task<StoredSnapshot?> ReadCheckpointAsync(string stream, long last, CancellationToken cancellation) => !_hasCheckpoints
        ? Task.FromResult<StoredSnapshot?>(null)
        : Read(stream, 0, "SELECT seq, payload, hash FROM journal_checkpoints WHERE stream = $stream AND seq <= $with ORDER BY seq DESC LIMIT 1",
            last, Snapshot);

    public Task<List<string>> ListStreamsAsync(string prefix, CancellationToken cancellation) =>
        Read(prefix, 0, SqliteSchema.ListStreams, null, Texts);

    public async Task<IReadOnlyList<string>> CheckStorageAsync(CancellationToken cancellation)
    {
        var findings = await Read("", 0, "PRAGMA quick_check(10)", null, Texts);
        return findings is ["ok"] ? [] : findings;
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    void Close()
    {
        using (var readers = new SqliteConnection(_readers)) SqliteConnection.ClearPool(readers);
        _appender?.Dispose();
        _connection?.Dispose(); // the last to close writes the log back into the file, which readers cannot
        _claim?.Dispose();
    }

    string? ReadWriter()
    {
        try
        {
            return SqliteSchema.ReadWriter(Connect());
        }
        catch (SqliteException)
        {
            return null; // it only makes a message clearer
        }
    }

    SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_readers);
        connection.Open();
        return connection;
    }

    Task<T> Read<T>(string stream, long sequence, string sql, object? with, Func<SqliteDataReader, T> read) =>
        Task.FromResult(SqliteErrors.Guard(_path, stream, sequence, () =>
        {
            using var connection = Connect();
            using var command = Command(connection, sql, stream, with);
            using var rows = command.ExecuteReader();
            return read(rows);
        }));

    static SqliteCommand Command(SqliteConnection connection, string sql, string stream, object? with)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$stream", stream);
        if (with is not null) command.Parameters.AddWithValue("$with", with);
        return command;
    }

    const string Columns = "seq, recorded_at, type, key, payload, hash";

    static JournalRow? Next(SqliteDataReader rows) => !rows.Read() ? null : new JournalRow(
        rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3),
        rows.GetFieldValue<byte[]>(4), rows.GetFieldValue<byte[]>(5));

    static StoredSnapshot? Snapshot(SqliteDataReader rows) => !rows.Read() ? null : new StoredSnapshot(
        new JournalSnapshot(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)), rows.GetFieldValue<byte[]>(2));

    static List<string> Texts(SqliteDataReader rows)
    {
        List<string> texts = [];
        while (rows.Read()) texts.Add(rows.GetString(0));
        return texts;
    }
}
