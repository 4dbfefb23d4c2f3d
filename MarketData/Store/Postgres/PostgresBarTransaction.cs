using Npgsql;
using NpgsqlTypes;

namespace Trading.MarketData;

/// <summary>Gathers records and sends them by binary COPY; the revisions of all their series are taken in one
/// statement before it, whose row locks hold other writers of the same series until the end.</summary>
sealed class PostgresBarTransaction(string store, NpgsqlConnection connection, NpgsqlTransaction transaction)
    : IBarTransaction
{
    const int MaxGathered = 20_000;

    /// <summary>In order, so that two writers of the same series do not wait for each other in a circle.</summary>
    const string Advance = """
        INSERT INTO bar_series AS old (symbol, interval, last_revision)
        SELECT * FROM unnest($1, $2, $3) AS taken (symbol, interval, count) ORDER BY symbol COLLATE "C", interval COLLATE "C"
        ON CONFLICT (symbol, interval) DO UPDATE SET last_revision = old.last_revision + excluded.last_revision
        RETURNING id, old.symbol, old.interval, old.last_revision
        """;

    const string Copy =
        "COPY bars (series, time, revision, open, high, low, close, volume, source, event_time, known_at, verdict, rule, note) FROM STDIN (FORMAT binary)";

    readonly Dictionary<SeriesKey, List<BarRecord>> _gathered = [];
    readonly Dictionary<SeriesKey, long> _revisions = [];
    int _count;
    bool _ended;

    public async ValueTask AddAsync(SeriesKey key, IReadOnlyList<BarRecord> records, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (records.Count == 0) return;
        if (!_gathered.TryGetValue(key, out var gathered)) _gathered[key] = gathered = [];
        gathered.AddRange(records);
        _count += records.Count;
        if (_count >= MaxGathered) await GuardAsync(() => SendAsync(cancellation));
    }

    public async Task<IReadOnlyDictionary<SeriesKey, long>> CommitAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        await GuardAsync(async () =>
        {
            if (_count > 0) await SendAsync(cancellation);
            _ended = true;
            await transaction.CommitAsync(cancellation);
        });
        return _revisions;
    }

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    async Task SendAsync(CancellationToken cancellation)
    {
        var series = await AdvanceAsync(cancellation);
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellation);
        foreach (var (key, records) in _gathered)
        {
            var (id, revision) = (series[key], _revisions[key] - records.Count);
            foreach (var record in records) Write(copy, id, ++revision, record);
        }

        await copy.CompleteAsync(cancellation);
        _gathered.Clear();
        _count = 0;
    }

    /// <summary>Takes the next revisions of every series; one that comes first is given a number of its own.</summary>
    async Task<Dictionary<SeriesKey, long>> AdvanceAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Advance, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. _gathered.Keys.Select(key => key.Symbol)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. _gathered.Keys.Select(key => key.Interval.Code())] },
                new NpgsqlParameter<long[]>
                {
                    TypedValue = [.. _gathered.Values.Select(records => (long)records.Count)],
                },
            },
        };
        Dictionary<SeriesKey, long> series = [];
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var key = new SeriesKey(rows.GetString(1), StoreEncoding.Interval(rows.GetString(2)));
            series[key] = rows.GetInt64(0);
            _revisions[key] = rows.GetInt64(3);
        }

        return series;
    }

    /// <summary>Into the connection's buffer, which goes out when it is full.</summary>
    static void Write(NpgsqlBinaryImporter copy, long series, long revision, BarRecord record)
    {
        copy.StartRow();
        copy.Write(series, NpgsqlDbType.Bigint);
        copy.Write(PostgresBarTime.Of(record.Bar.Time), NpgsqlDbType.TimestampTz);
        copy.Write(revision, NpgsqlDbType.Bigint);
        copy.Write(record.Bar.Open, NpgsqlDbType.Numeric);
        copy.Write(record.Bar.High, NpgsqlDbType.Numeric);
        copy.Write(record.Bar.Low, NpgsqlDbType.Numeric);
        copy.Write(record.Bar.Close, NpgsqlDbType.Numeric);
        if (record.Bar.Volume is { } volume) copy.Write(volume, NpgsqlDbType.Numeric);
        else copy.WriteNull();
        copy.Write(record.Source, NpgsqlDbType.Text);
        copy.Write(PostgresBarTime.Of(record.EventTime), NpgsqlDbType.TimestampTz);
        copy.Write(PostgresBarTime.Of(record.KnownAt), NpgsqlDbType.TimestampTz);
        copy.Write((short)record.Verdict, NpgsqlDbType.Smallint);
        WriteText(copy, record.Rule);
        WriteText(copy, record.Note);
    }

    static void WriteText(NpgsqlBinaryImporter copy, string? text)
    {
        if (text is null) copy.WriteNull();
        else copy.Write(text, NpgsqlDbType.Text);
    }

    /// <summary>After a failure the server accepts nothing more in this transaction.</summary>
    async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (NpgsqlException cause)
        {
            _ended = true;
            throw PostgresBarStore.Failure(store, cause);
        }
        catch
        {
            _ended = true;
            throw;
        }
    }
}
