using Npgsql;

namespace Trading.Journal;

/// <summary>Writes a snapshot or a checkpoint in one round trip, on a connection of its own. A connection that failed is replaced by the
/// next one.</summary>
sealed class PostgresStateWriter(NpgsqlDataSource source) : IDisposable
{
    /// <summary>A server may come back without its last commits. Then the state of an event that is gone is not stored.</summary>
    const string WhereThereIsTheEvent = "SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT FROM journal_events WHERE stream = $1 AND seq = $2)";

    const string Replace = $"""
        INSERT INTO journal_snapshots AS old (stream, seq, payload, hash) {WhereThereIsTheEvent} ON CONFLICT (stream)
        DO UPDATE SET seq = excluded.seq, payload = excluded.payload, hash = excluded.hash WHERE excluded.seq > old.seq
        """;

    const string Keep = $"INSERT INTO journal_checkpoints (stream, seq, payload, hash) {WhereThereIsTheEvent} ON CONFLICT DO NOTHING";

    NpgsqlConnection? _connection;

    public void Write(JournalAppend append)
    {
        try
        {
            _connection ??= PostgresSchema.OpenDurable(source);
            using var statements = new NpgsqlBatch(_connection);
            var stream = append.Writer!.Stream;
            if (append.Snapshot is { } snapshot) statements.BatchCommands.Add(Statement(Replace, stream, snapshot));
            if (append.Checkpoint is { } checkpoint)
            {
                statements.BatchCommands.Add(Statement(Keep, stream, checkpoint));
                statements.BatchCommands.Add(new NpgsqlBatchCommand(PostgresSchema.ThinCheckpoints)
                {
                    Parameters = { new NpgsqlParameter<string> { TypedValue = stream } },
                });
            }

            statements.ExecuteNonQuery();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    static NpgsqlBatchCommand Statement(string sql, string stream, StoredSnapshot state) => new(sql)
    {
        Parameters =
        {
            new NpgsqlParameter<string> { TypedValue = stream },
            new NpgsqlParameter<long> { TypedValue = state.Snapshot.Sequence },
            new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = state.Snapshot.Payload },
            new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = state.Hash },
        },
    };
}
