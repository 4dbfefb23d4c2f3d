using Npgsql;
using NpgsqlTypes;

namespace Trading.Journal;

/// <summary>A timestamptz as the server keeps it: microseconds since 2000 UTC. Infinity and years beyond 9999 pass
/// through as numbers.</summary>
static class PostgresTime
{
    const long Epoch = 946_684_800_000_000; // 2000-01-01 in microseconds since 1970

    public static long FromMicroseconds(long microseconds) => microseconds - Epoch;

    public static long ToMicroseconds(long raw) => unchecked(raw + Epoch);
}

/// <summary>Writes a group in one statement, which is its own transaction: one round trip, one sync to disk. The
/// column buffers are kept from group to group. A connection that failed is replaced by the next group.</summary>
sealed class PostgresAppender(NpgsqlDataSource source) : IDisposable
{
    /// <summary>In order, so that two processes that append to the same streams do not wait for each other in a
    /// circle.</summary>
    const string Insert = """
        INSERT INTO journal_events (stream, seq, recorded_at, type, key, payload, hash)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) AS rows (stream, seq) ORDER BY stream COLLATE "C", seq
        """;

    readonly List<string> _streams = [], _types = [];
    readonly List<string?> _keys = [];
    readonly List<long> _numbers = [], _times = [];
    readonly List<ReadOnlyMemory<byte>> _payloads = [], _hashes = [];
    NpgsqlConnection? _connection;
    NpgsqlCommand? _insert;

    public void Write(ReadOnlySpan<JournalAppend> group)
    {
        Collect(group);
        try
        {
            if (_connection is null) Connect();
            _insert!.ExecuteNonQuery();
        }
        catch (PostgresException taken) when (PostgresErrors.IsKeyTaken(taken))
        {
            throw new JournalKeyTakenException(taken);
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            Clear();
        }
    }

    public void Dispose()
    {
        _insert?.Dispose();
        _connection?.Dispose();
        (_insert, _connection) = (null, null);
    }

    void Connect()
    {
        _connection = PostgresSchema.OpenDurable(source);
        _insert = new NpgsqlCommand(Insert, _connection)
        {
            Parameters =
            {
                Column(NpgsqlDbType.Text, _streams), Column(NpgsqlDbType.Bigint, _numbers),
                Column(NpgsqlDbType.TimestampTz, _times),
                Column(NpgsqlDbType.Text, _types), Column(NpgsqlDbType.Text, _keys),
                Column(NpgsqlDbType.Bytea, _payloads),
                Column(NpgsqlDbType.Bytea, _hashes),
            },
        };
        _insert.Prepare();
    }

    static NpgsqlParameter<List<T>> Column<T>(NpgsqlDbType type, List<T> values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    void Collect(ReadOnlySpan<JournalAppend> group)
    {
        foreach (var append in group)
        {
            foreach (ref readonly var row in append.Rows.AsSpan())
            {
                _streams.Add(append.Writer!.Stream);
                _numbers.Add(row.Sequence);
                _times.Add(PostgresTime.FromMicroseconds(row.Microseconds));
                _types.Add(row.Type);
                _keys.Add(row.Key);
                _payloads.Add(row.Payload);
                _hashes.Add(row.Hash);
            }
        }
    }

    void Clear()
    {
        _streams.Clear();
        _numbers.Clear();
        _times.Clear();
        _types.Clear();
        _keys.Clear();
        _payloads.Clear();
        _hashes.Clear();
    }
}
