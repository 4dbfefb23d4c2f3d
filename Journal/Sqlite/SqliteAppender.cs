using System.Text;
using SQLitePCL;

namespace Trading.Journal;

/// <summary>Writes groups through prepared statements on SQLite's own interface: ADO.NET costs as much per row as
/// SQLite does.</summary>
sealed class SqliteAppender : IDisposable
{
    const int MaxNameBytes = 3 * JournalRules.MaxNameLength; // UTF-8 needs at most three bytes for a UTF-16 unit
    readonly string _path;
    readonly sqlite3 _database;
    readonly sqlite3_stmt _begin, _insert, _snapshot, _checkpoint, _thin, _commit, _rollback;

    public SqliteAppender(string path, sqlite3 database, TimeSpan patience)
    {
        (_path, _database) = (path, database);
        raw.sqlite3_busy_timeout(database, (int)patience.TotalMilliseconds);
        raw.sqlite3_extended_result_codes(database, 1);
        _begin = Prepare("BEGIN IMMEDIATE");
        _insert = Prepare(
            "INSERT INTO journal_events (stream, seq, recorded_at, type, key, payload, hash) VALUES (?, ?, ?, ?, ?, ?, ?)");
        _snapshot = Prepare("""
            INSERT INTO journal_snapshots (stream, seq, payload, hash) VALUES (?, ?, ?, ?) ON CONFLICT (stream)
            DO UPDATE SET seq = excluded.seq, payload = excluded.payload, hash = excluded.hash WHERE excluded.seq > seq
            """);
        _checkpoint = Prepare("INSERT INTO journal_checkpoints (stream, seq, payload, hash) VALUES (?, ?, ?, ?) ON CONFLICT (stream, seq) DO NOTHING");
        _thin = Prepare(SqliteSchema.ThinCheckpoints);
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
    }

    public void Write(ReadOnlySpan<JournalAppend> group)
    {
        Run(_begin);
        try
        {
            foreach (var append in group)
                if (!append.IsFlush) Write(append);
            Run(_commit);
        }
        catch
        {
            if (raw.sqlite3_get_autocommit(_database) == 0) Run(_rollback);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<sqlite3_stmt>)[_begin, _insert, _snapshot, _checkpoint, _thin, _commit, _rollback]) statement.Dispose();
    }

    void Write(JournalAppend append)
    {
        var stream = append.Writer!.Name;
        foreach (ref readonly var row in append.Rows.AsSpan())
        {
            raw.sqlite3_bind_text(_insert, 1, stream);
            raw.sqlite3_bind_int64(_insert, 2, row.Sequence);
            raw.sqlite3_bind_int64(_insert, 3, row.Microseconds);
            BindText(_insert, 4, row.Type);
            if (row.Key is { } key) BindText(_insert, 5, key);
            else raw.sqlite3_bind_null(_insert, 5);
            BindBytes(_insert, 6, row.Payload.Span);
            BindBytes(_insert, 7, row.Hash.Span);
            Run(_insert);
        }

        if (append.Snapshot is { } snapshot) Write(_snapshot, stream, snapshot);
        if (append.Checkpoint is not { } checkpoint) return;
        Write(_checkpoint, stream, checkpoint);
        raw.sqlite3_bind_text(_thin, 1, stream);
        Run(_thin);
    }

    void Write(sqlite3_stmt statement, ReadOnlySpan<byte> stream, StoredSnapshot stored)
    {
        raw.sqlite3_bind_text(statement, 1, stream);
        raw.sqlite3_bind_int64(statement, 2, stored.Snapshot.Sequence);
        BindBytes(statement, 3, stored.Snapshot.Payload.Span);
        BindBytes(statement, 4, stored.Hash.Span);
        Run(statement);
    }

    static void BindText(sqlite3_stmt statement, int index, string text)
    {
        Span<byte> bytes = stackalloc byte[MaxNameBytes];
        raw.sqlite3_bind_text(statement, index, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    static void BindBytes(sqlite3_stmt statement, int index, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) raw.sqlite3_bind_zeroblob(statement, index, 0); // an empty span would bind NULL
        else raw.sqlite3_bind_blob(statement, index, bytes);
    }

    sqlite3_stmt Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v2(_database, sql, out var statement);
        return code == raw.SQLITE_OK ? statement : throw Failure(code);
    }

    void Run(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        var failure = code == raw.SQLITE_DONE ? null : Failure(code);
        raw.sqlite3_reset(statement);
        if (failure is not null) throw failure;
    }

    Exception Failure(int code) => SqliteErrors.OfCommit(_path, code, raw.sqlite3_errmsg(_database).utf8_to_string());
}
