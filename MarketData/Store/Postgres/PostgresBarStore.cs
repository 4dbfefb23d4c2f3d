using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;

namespace Trading.MarketData;

/// <summary>Tables of a PostgreSQL database. Any number of processes may write; the row of a series in
/// <c>bar_series</c> gives out its revisions, and its lock holds whoever comes second.</summary>
/// <param name="connectionString">Of Npgsql; the tables are created where missing.</param>
sealed partial class PostgresBarStore(string connectionString) : IBarStore
{
    /// <summary>Of this process. When hundreds of grains load at once, they wait for each other instead of using up
    /// the server.</summary>
    const int MaxConnections = 16;

    const string Columns =
        "time, revision, open, high, low, close, volume, source, event_time, known_at, verdict, rule, note, symbol, interval";

    const string OfSeries = "bars JOIN bar_series ON id = series WHERE symbol = $1 AND interval = $2";
    readonly NpgsqlConnectionStringBuilder _settings = Limited(connectionString);
    NpgsqlDataSource? _source;

    string Name => $"{_settings.Host}:{_settings.Port}/{_settings.Database}";

    NpgsqlDataSource Source => _source ?? throw new BarStoreException(Name, "it is not open.");

    public Task OpenAsync(CancellationToken cancellation) => GuardAsync(async () =>
    {
        _source ??= NpgsqlDataSource.Create(_settings);
        await PostgresBarSchema.PrepareAsync(Name, _source, cancellation);
        return true;
    });

    public Task<IBarTransaction> BeginAsync(CancellationToken cancellation) => GuardAsync<IBarTransaction>(async () =>
    {
        var connection = await Source.OpenConnectionAsync(cancellation);
        try
        {
            return new PostgresBarTransaction(Name, connection, await connection.BeginTransactionAsync(cancellation));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    });

    public async Task<ImmutableArray<BarRecord>> ReadAsync(
        SeriesKey key, DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset? asOf,
        CancellationToken cancellation) =>
        StoreEncoding.Newest(await ReadAsync(
            $"SELECT {Columns} FROM {OfSeries} AND time >= $3 AND time < $4 AND known_at <= $5 ORDER BY time, revision",
            Record, cancellation, Text(key.Symbol), Text(key.Interval.Code()), Moment(from, DateTime.MinValue),
            Moment(to, DateTime.MaxValue),
            Moment(asOf, DateTime.MaxValue)));

    public async Task<ImmutableArray<BarRecord>> HistoryAsync(
        SeriesKey key, DateTimeOffset time, CancellationToken cancellation) =>
        [.. await ReadAsync($"SELECT {Columns} FROM {OfSeries} AND time = $3 ORDER BY revision", Record, cancellation,
            Text(key.Symbol), Text(key.Interval.Code()), Moment(time, default))];

    public async Task<ImmutableArray<(SeriesKey Key, BarRecord Record)>> QuarantinedAsync(
        string? symbol, int limit, CancellationToken cancellation) =>
        [.. await ReadAsync($"""
            SELECT {Columns} FROM bars AS held JOIN bar_series ON id = series WHERE verdict = 1 AND ($1 IS NULL OR symbol = $1)
            AND NOT EXISTS (SELECT 1 FROM bars AS later WHERE later.series = held.series AND later.time = held.time AND later.revision > held.revision)
            ORDER BY time DESC, symbol, interval LIMIT $2
            """, rows => (Key(rows), Record(rows)), cancellation, Text(symbol), new NpgsqlParameter<int> { TypedValue = limit })];

    public async Task AppendActionsAsync(
        string symbol, IReadOnlyList<CorporateAction> actions, DateTimeOffset knownAt, CancellationToken cancellation)
    {
        var known = await ReadActionsAsync(symbol, null, cancellation);
        var missing = ActionVersion.Missing(known, actions, StoreEncoding.Of(knownAt));
        if (missing.Count == 0) return;
        await GuardAsync(async () =>
        {
            // one transaction; the primary key decides between two writers
            await using var batch = Source.CreateBatch();
            foreach (var version in missing)
                batch.BatchCommands.Add(
                    new NpgsqlBatchCommand("INSERT INTO corporate_actions VALUES ($1, $2, $3, $4, $5, $6)")
                {
                    Parameters =
                    {
                        Text(symbol), new NpgsqlParameter<DateOnly> { TypedValue = version.Action.ExDate },
                        Text(StoreEncoding.Of(version.Action)),
                        new NpgsqlParameter<int> { TypedValue = version.Version },
                        new NpgsqlParameter<decimal> { TypedValue = version.Action.Value },
                        Moment(knownAt, default),
                    },
                });
            return await batch.ExecuteNonQueryAsync(cancellation);
        });
    }

    public async Task<ImmutableArray<CorporateAction>> ActionsAsync(
        string symbol, DateTimeOffset? asOf, CancellationToken cancellation) =>
        ActionVersion.InOrder(await ReadActionsAsync(symbol, asOf, cancellation));

    public Task<long> CompactAsync(
        BarInterval interval, DateTimeOffset? barsBefore, DateTimeOffset? versionsBefore,
        CancellationToken cancellation) => GuardAsync(async () =>
    {
        await using var command = Command("""
            DELETE FROM bars WHERE series IN (SELECT id FROM bar_series WHERE interval = $1) AND (time < $2 OR EXISTS (
              SELECT 1 FROM bars AS later WHERE later.series = bars.series AND later.time = bars.time
              AND later.revision > bars.revision AND later.known_at <= $3))
            """, Text(interval.Code()), Moment(barsBefore, DateTime.MinValue), Moment(versionsBefore, DateTime.MinValue));
        return (long)await command.ExecuteNonQueryAsync(cancellation);
    });

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal static BarStoreException Failure(string store, NpgsqlException cause) =>
        new(store, cause.Message, cause is PostgresException refused && IsConflict(refused), cause);

    /// <summary>Two processes that append to the same series either collide on a key or wait for each other.</summary>
    static bool IsConflict(PostgresException refused) => refused.SqlState
        is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure;

    Task<List<ActionVersion>> ReadActionsAsync(string symbol, DateTimeOffset? asOf, CancellationToken cancellation) =>
        ReadAsync(
        "SELECT ex_date, kind, value, version, known_at FROM corporate_actions WHERE symbol = $1 AND known_at <= $2 ORDER BY version",
        rows => new ActionVersion(
            StoreEncoding.Action(rows.GetFieldValue<DateOnly>(0), rows.GetString(1), rows.GetDecimal(2)),
            rows.GetInt32(3), Microseconds(rows, 4)),
        cancellation, Text(symbol), Moment(asOf, DateTime.MaxValue));

    static BarRecord Record(NpgsqlDataReader rows)
    {
        var bar = new Bar(
            StoreEncoding.Time(Microseconds(rows, 0)), rows.GetDecimal(2), rows.GetDecimal(3), rows.GetDecimal(4),
            rows.GetDecimal(5),
            rows.IsDBNull(6) ? null : rows.GetDecimal(6));
        return new(
            bar, rows.GetInt64(1), rows.GetString(7), StoreEncoding.Time(Microseconds(rows, 8)),
            StoreEncoding.Time(Microseconds(rows, 9)),
            (Verdict)rows.GetInt16(10), rows.IsDBNull(11) ? null : rows.GetString(11),
            rows.IsDBNull(12) ? null : rows.GetString(12));
    }

    static SeriesKey Key(NpgsqlDataReader rows) => new(rows.GetString(13), StoreEncoding.Interval(rows.GetString(14)));

    static long Microseconds(NpgsqlDataReader rows, int column) =>
        PostgresBarTime.Microseconds(rows.GetFieldValue<long>(column));

    Task<List<T>> ReadAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation,
        params NpgsqlParameter[] parameters) =>
        GuardAsync(async () =>
        {
            List<T> found = [];
            await using var command = Command(sql, parameters);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) found.Add(read(rows));
            return found;
        });

    NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = Source.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    static NpgsqlParameter Text(string? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    /// <param name="open">Stands for no bound: the least and the greatest time are minus and plus infinity to the
    /// server.</param>
    static NpgsqlParameter Moment(DateTimeOffset? time, DateTime open) => new()
    {
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
        Value = time is { } known ? PostgresBarTime.Of(known) : DateTime.SpecifyKind(open, DateTimeKind.Utc),
    };

    async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (NpgsqlException cause)
        {
            throw Failure(Name, cause);
        }
    }

    static NpgsqlConnectionStringBuilder Limited(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "trading bars" };
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, MaxConnections);
        return settings;
    }
}
