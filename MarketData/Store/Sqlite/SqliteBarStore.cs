using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Trading.MarketData;

/// <summary>One SQLite file, which other tables may share: write-ahead log, a sync to disk per commit, one connection
/// that writes, pooled ones that read. Another process may write too; whoever comes second waits for the first one's
/// transaction.</summary>
/// <param name="path">Created where missing, with its folder.</param>
/// <param name="shared">The turn of others in this process who write the file; null for nobody.</param>
sealed partial class SqliteBarStore(string path, SemaphoreSlim? shared = null) : IBarStore
{
    const string Columns =
        "time, revision, open, high, low, close, volume, source, event_time, known_at, verdict, rule, note, symbol, interval";

    const string OfSeries = "bars JOIN bar_series ON id = series WHERE symbol = $symbol AND interval = $interval";
    readonly string _path = Path.GetFullPath(path);
    readonly string _readers =
        new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = SqliteOpenMode.ReadOnly }
            .ToString();
    readonly SemaphoreSlim _turn = shared ?? new(1);
    readonly List<Append> _waiting = [];
    SqliteConnection? _connection;
    SqliteBarWriter? _writer;

    /// <summary>How long to wait for another process that writes the file.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public Task OpenAsync(CancellationToken cancellation) => Guard(() =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Pooling = false,
            DefaultTimeout = (int)Patience.TotalSeconds,
        };
        _connection = new SqliteConnection(settings.ToString());
        _connection.Open();
        SqliteBarSchema.Prepare(_path, _connection);
        _writer = new SqliteBarWriter(_path, _connection.Handle!, Patience);
        return true;
    });

    public async Task<IBarTransaction> BeginAsync(CancellationToken cancellation)
    {
        var writer = _writer ?? throw new BarStoreException(_path, "it is not open.");
        await _turn.WaitAsync(cancellation);
        try
        {
            writer.Begin();
            return new Transaction(writer, _turn);
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    public Task<ImmutableArray<BarRecord>> ReadAsync(
        SeriesKey key, DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset? asOf,
        CancellationToken cancellation) => Read(
        $"SELECT {Columns} FROM {OfSeries} AND time >= $from AND time < $to AND known_at <= $as_of ORDER BY time, revision",
        rows => StoreEncoding.Newest(All(rows, Record)),
        ("$symbol", key.Symbol), ("$interval", key.Interval.Code()), ("$from", Bound(from, long.MinValue)),
        ("$to", Bound(to, long.MaxValue)), ("$as_of", Bound(asOf, long.MaxValue)));

    public Task<ImmutableArray<BarRecord>> HistoryAsync(
        SeriesKey key, DateTimeOffset time, CancellationToken cancellation) => Read(
        $"SELECT {Columns} FROM {OfSeries} AND time = $time ORDER BY revision",
        rows => All(rows, Record).ToImmutableArray(),
        ("$symbol", key.Symbol), ("$interval", key.Interval.Code()), ("$time", StoreEncoding.Of(time)));

    public Task<ImmutableArray<(SeriesKey Key, BarRecord Record)>> QuarantinedAsync(
        string? symbol, int limit, CancellationToken cancellation) => Read($"""
        SELECT {Columns} FROM bars AS held JOIN bar_series ON id = series WHERE verdict = 1 AND ($symbol IS NULL OR symbol = $symbol)
        AND NOT EXISTS (SELECT 1 FROM bars AS later WHERE later.series = held.series AND later.time = held.time AND later.revision > held.revision)
        ORDER BY time DESC, symbol, interval LIMIT $limit
        """, rows => All(rows, row => (Key(row), Record(row))).ToImmutableArray(), ("$symbol", symbol), ("$limit", limit));

    public async Task AppendActionsAsync(
        string symbol, IReadOnlyList<CorporateAction> actions, DateTimeOffset knownAt, CancellationToken cancellation)
    {
        await using var transaction = await BeginAsync(cancellation); // before reading, so that nobody adds in between
        var known = await ReadActionsAsync(symbol, long.MaxValue);
        foreach (var missing in ActionVersion.Missing(known, actions, StoreEncoding.Of(knownAt)))
            _writer!.Append(symbol, missing);
        await transaction.CommitAsync(cancellation);
    }

    public async Task<ImmutableArray<CorporateAction>> ActionsAsync(
        string symbol, DateTimeOffset? asOf, CancellationToken cancellation) =>
        ActionVersion.InOrder(await ReadActionsAsync(symbol, Bound(asOf, long.MaxValue)));

    public async Task<long> CompactAsync(
        BarInterval interval, DateTimeOffset? barsBefore, DateTimeOffset? versionsBefore,
        CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Guard(() =>
            {
                using var command = Command(_connection!, """
                    DELETE FROM bars WHERE series IN (SELECT id FROM bar_series WHERE interval = $interval) AND (time < $bars OR EXISTS (
                      SELECT 1 FROM bars AS later WHERE later.series = bars.series AND later.time = bars.time
                      AND later.revision > bars.revision AND later.known_at <= $versions))
                    """, ("$interval", interval.Code()), ("$bars", Bound(barsBefore, long.MinValue)), ("$versions", Bound(versionsBefore, long.MinValue)));
                return (long)command.ExecuteNonQuery();
            });
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        using (var readers = new SqliteConnection(_readers)) SqliteConnection.ClearPool(readers);
        _writer?.Dispose();
        _connection?.Dispose(); // the last to close writes the log back into the file, which readers cannot
        if (shared is null) _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    Task<List<ActionVersion>> ReadActionsAsync(string symbol, long asOf) => Read(
        "SELECT ex_date, kind, value, version, known_at FROM corporate_actions WHERE symbol = $symbol AND known_at <= $as_of ORDER BY version",
        rows => All(rows, Action), ("$symbol", symbol), ("$as_of", asOf));

    static List<T> All<T>(SqliteDataReader rows, Func<SqliteDataReader, T> read)
    {
        List<T> all = [];
        while (rows.Read()) all.Add(read(rows));
        return all;
    }

    static BarRecord Record(SqliteDataReader rows)
    {
        var bar = new Bar(
            StoreEncoding.Time(rows.GetInt64(0)), PackedDecimal.Read(rows, 2), PackedDecimal.Read(rows, 3),
            PackedDecimal.Read(rows, 4), PackedDecimal.Read(rows, 5),
            rows.IsDBNull(6) ? null : PackedDecimal.Read(rows, 6));
        return new(
            bar, rows.GetInt64(1), rows.GetString(7), StoreEncoding.Time(rows.GetInt64(8)),
            StoreEncoding.Time(rows.GetInt64(9)),
            (Verdict)rows.GetInt32(10), rows.IsDBNull(11) ? null : rows.GetString(11),
            rows.IsDBNull(12) ? null : rows.GetString(12));
    }

    static SeriesKey Key(SqliteDataReader rows) => new(rows.GetString(13), StoreEncoding.Interval(rows.GetString(14)));

    static ActionVersion Action(SqliteDataReader rows)
    {
        var action = StoreEncoding.Action(
            DateOnly.Parse(rows.GetString(0), CultureInfo.InvariantCulture), rows.GetString(1), decimal.Parse(rows.GetString(2), CultureInfo.InvariantCulture));
        return new(action, rows.GetInt32(3), rows.GetInt64(4));
    }

    static long Bound(DateTimeOffset? time, long open) => time is { } known ? StoreEncoding.Of(known) : open;

    Task<T> Read<T>(
        string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var given = parameters.ToArray();
        return Guard(() =>
        {
            using var connection = new SqliteConnection(_readers);
            connection.Open();
            using var command = Command(connection, sql, given);
            using var rows = command.ExecuteReader();
            return read(rows);
        });
    }

    static SqliteCommand Command(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    Task<T> Guard<T>(Func<T> work)
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (SqliteException cause)
        {
            throw new BarStoreException(
                _path, SqliteBarErrors.Reason(cause.SqliteErrorCode, cause.Message), false, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new BarStoreException(_path, cause.Message, false, cause);
        }
    }

    /// <summary>Holds the turn to write until it is disposed.</summary>
    sealed class Transaction(SqliteBarWriter writer, SemaphoreSlim turn) : IBarTransaction
    {
        readonly Dictionary<SeriesKey, long> _revisions = [];
        bool _open = true;
        bool _held = true;

        public ValueTask AddAsync(SeriesKey key, IReadOnlyList<BarRecord> records, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_open) throw new InvalidOperationException("The transaction has ended.");
            if (records.Count == 0) return ValueTask.CompletedTask;
            _open = false; // a failure in the middle ends it
            _revisions[key] = writer.Append(key, records);
            _open = true;
            return ValueTask.CompletedTask;
        }

        public Task<IReadOnlyDictionary<SeriesKey, long>> CommitAsync(CancellationToken cancellation)
        {
            if (!_open) throw new InvalidOperationException("The transaction has ended.");
            _open = false;
            writer.Commit();
            return Task.FromResult<IReadOnlyDictionary<SeriesKey, long>>(_revisions);
        }

        public ValueTask DisposeAsync()
        {
            if (!_held) return ValueTask.CompletedTask;
            _held = false;
            try
            {
                writer.Rollback();
            }
            finally
            {
                turn.Release();
            }

            return ValueTask.CompletedTask;
        }
    }
}
