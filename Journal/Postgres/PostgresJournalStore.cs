using System.Runtime.CompilerServices;
using Npgsql;

namespace Trading.Journal;

/// <summary>Tables of a PostgreSQL database: one connection writes events, one states, pooled ones read. Any number of processes may
/// write; the primary key decides between them.</summary>
sealed class PostgresJournalStore : IJournalStore
{
    /// <summary>Of this process. When hundreds of grains load at once, they wait for each other instead of using up
    /// the server.</summary>
    const int MaxConnections = 16;

    const string Columns = "seq, recorded_at, type, key, payload, hash";
    readonly NpgsqlDataSource _source;
    readonly PostgresAppender _appender;
    readonly PostgresStateWriter _states;
    bool _hasCheckpoints;

    public PostgresJournalStore(string connectionString, bool readOnly)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "trading journal" };
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, MaxConnections);
        Name = $"{settings.Host}:{settings.Port}/{settings.Database}";
        IsReadOnly = readOnly;
        _source = NpgsqlDataSource.Create(settings);
        _appender = new PostgresAppender(_source);
        _states = new PostgresStateWriter(_source);
    }

    public string Name { get; }

    public bool IsReadOnly { get; }

    public Task OpenAsync(CancellationToken cancellation) => PostgresErrors.GuardAsync(Name, "", 0, async () =>
    {
        _hasCheckpoints = await PostgresSchema.PrepareAsync(Name, _source, IsReadOnly, cancellation);
        return true;
    });

    public bool WritesStatesApart => true;

    public void Commit(ReadOnlySpan<JournalAppend> group)
    {
        try
        {
            _appender.Write(group);
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.DiskFull)
        {
            throw PostgresErrors.Unavailable(Name, full);
        }
    }

    public void CommitState(JournalAppend append)
    {
        try
        {
            _states.Write(append);
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.DiskFull)
        {
            throw PostgresErrors.Unavailable(Name, full);
        }
    }

    public Task<JournalHead> ReadHeadAsync(string stream, CancellationToken cancellation) => ReadAsync(
        "SELECT seq, hash FROM journal_events WHERE stream = $1 ORDER BY seq DESC LIMIT 1", stream, null,
        async rows => await rows.ReadAsync(cancellation)
            ? new JournalHead(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1))
            : JournalHead.Empty, cancellation);

    public async IAsyncEnumerable<JournalRow> ReadAsync(
        string stream, long from, long last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = Math.Max(from, 1);
        await using var command = Command(
            $"SELECT {Columns} FROM journal_events WHERE stream = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq", stream, from);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
        await using var rows = await PostgresErrors.GuardAsync(Name, stream, next, () => command.ExecuteReaderAsync(cancellation));
        while (await PostgresErrors.GuardAsync(Name, stream, next, () => NextAsync(rows, cancellation)) is { } row)
        {
            yield return row;
            next = row.Sequence + 1;
        }
    }

    public Task<JournalRow?> FindAsync(string stream, string key, CancellationToken cancellation) => ReadAsync(
        $"SELECT {Columns} FROM journal_events WHERE stream = $1 AND key = $2", stream, key,
        rows => NextAsync(rows, cancellation), cancellation);

    public Task<StoredSnapshot?> ReadSnapshotAsync(string stream, CancellationToken cancellation) => ReadAsync(
        "SELECT seq, payload, hash FROM journal_snapshots WHERE stream = $1", stream, null,
        rows => SnapshotAsync(rows, cancellation), cancellation);

    public Task<StoredSnapshot?> ReadCheckpointAsync(string stream, long last, CancellationToken cancellation) => !_hasCheckpoints
        ? Task.FromResult<StoredSnapshot?>(null)
        : ReadAsync("SELECT seq, payload, hash FROM journal_checkpoints WHERE stream = $1 AND seq <= $2 ORDER BY seq DESC LIMIT 1", stream, last,
            rows => SnapshotAsync(rows, cancellation), cancellation);

    public Task<List<string>> ListStreamsAsync(string prefix, CancellationToken cancellation) =>
        ReadAsync(PostgresSchema.ListStreams, prefix, null, async rows =>
        {
            List<string> streams = [];
            while (await rows.ReadAsync(cancellation)) streams.Add(rows.GetString(0));
            return streams;
        }, cancellation);

    /// <summary>The server checks its own pages.</summary>
    public Task<IReadOnlyList<string>> CheckStorageAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public async ValueTask DisposeAsync()
    {
        _appender.Dispose();
        _states.Dispose();
        await _source.DisposeAsync();
    }

    Task<T> ReadAsync<T>(
        string sql, string stream, object? with, Func<NpgsqlDataReader, Task<T>> read,
        CancellationToken cancellation) =>
        PostgresErrors.GuardAsync(Name, stream, 0, async () =>
        {
            await using var command = Command(sql, stream, with);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            return await read(rows);
        });

    NpgsqlCommand Command(string sql, string stream, object? with)
    {
        var command = _source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream });
        if (with is not null) command.Parameters.Add(new NpgsqlParameter { Value = with });
        return command;
    }

    static async Task<StoredSnapshot?> SnapshotAsync(NpgsqlDataReader rows, CancellationToken cancellation) =>
        !await rows.ReadAsync(cancellation) ? null : new StoredSnapshot(
            new JournalSnapshot(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)), rows.GetFieldValue<byte[]>(2));

    static async Task<JournalRow?> NextAsync(NpgsqlDataReader rows, CancellationToken cancellation) =>
        !await rows.ReadAsync(cancellation) ? null : new JournalRow(
            rows.GetInt64(0), PostgresTime.ToMicroseconds(rows.GetFieldValue<long>(1)), rows.GetString(2),
            await rows.IsDBNullAsync(3, cancellation) ? null : rows.GetString(3), rows.GetFieldValue<byte[]>(4),
            rows.GetFieldValue<byte[]>(5));
}
