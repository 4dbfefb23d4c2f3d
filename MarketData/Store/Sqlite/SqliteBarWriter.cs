using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Trading.MarketData;

/// <summary>Writes through prepared statements on SQLite's own interface: ADO.NET costs as much per row as SQLite
/// does.</summary>
sealed class SqliteBarWriter : IDisposable
{
    const int PrimaryCode = 0xff;
    readonly string _path;
    readonly sqlite3 _database;
    readonly sqlite3_stmt _begin, _advance, _insert, _action, _commit, _rollback;
    string _source = "";
    byte[] _sourceText = [];

    public SqliteBarWriter(string path, sqlite3 database, TimeSpan patience)
    {
        (_path, _database) = (path, database);
        raw.sqlite3_busy_timeout(database, (int)patience.TotalMilliseconds);
        _begin = Prepare("BEGIN IMMEDIATE");
        _advance = Prepare("""
            INSERT INTO bar_series (symbol, interval, last_revision) VALUES (?, ?, ?) ON CONFLICT (symbol, interval)
            DO UPDATE SET last_revision = last_revision + excluded.last_revision RETURNING id, last_revision
            """);
        _insert = Prepare("INSERT INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _action = Prepare("INSERT INTO corporate_actions VALUES (?, ?, ?, ?, ?, ?)");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
    }

    public void Begin() => Run(_begin);

    public void Commit() => Run(_commit);

    /// <summary>SQLite itself has rolled back after some failures.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_database) == 0) Run(_rollback);
    }

    /// <returns>The last revision of the series.</returns>
    public long Append(SeriesKey key, IReadOnlyList<BarRecord> records)
    {
        var (series, last) = Advance(key, records.Count);
        raw.sqlite3_bind_int64(_insert, 1, series);
        var revision = last - records.Count;
        foreach (var record in records) Insert(record, ++revision);
        return last;
    }

    public void Append(string symbol, ActionVersion version)
    {
        raw.sqlite3_bind_text(_action, 1, symbol);
        raw.sqlite3_bind_text(
            _action, 2, version.Action.ExDate.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        raw.sqlite3_bind_text(_action, 3, StoreEncoding.Of(version.Action));
        raw.sqlite3_bind_int64(_action, 4, version.Version);
        raw.sqlite3_bind_text(
            _action, 5, version.Action.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        raw.sqlite3_bind_int64(_action, 6, version.KnownAt);
        Run(_action);
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<sqlite3_stmt>)[_begin, _advance, _insert, _action, _commit, _rollback])
            statement.Dispose();
    }

    /// <summary>Takes the next revisions of the series, which is given a number of its own when it comes
    /// first.</summary>
    (long Series, long LastRevision) Advance(SeriesKey key, int count)
    {
        raw.sqlite3_bind_text(_advance, 1, key.Symbol);
        raw.sqlite3_bind_text(_advance, 2, key.Interval.Code());
        raw.sqlite3_bind_int64(_advance, 3, count);
        var code = raw.sqlite3_step(_advance);
        var failure = code == raw.SQLITE_ROW ? null : Failure(code);
        var taken = failure is null
            ? (raw.sqlite3_column_int64(_advance, 0), raw.sqlite3_column_int64(_advance, 1)) : default;
        raw.sqlite3_reset(_advance);
        return failure is null ? taken : throw failure;
    }

    void Insert(BarRecord record, long revision)
    {
        raw.sqlite3_bind_int64(_insert, 2, StoreEncoding.Of(record.Bar.Time));
        raw.sqlite3_bind_int64(_insert, 3, revision);
        PackedDecimal.Bind(_insert, 4, record.Bar.Open);
        PackedDecimal.Bind(_insert, 5, record.Bar.High);
        PackedDecimal.Bind(_insert, 6, record.Bar.Low);
        PackedDecimal.Bind(_insert, 7, record.Bar.Close);
        PackedDecimal.Bind(_insert, 8, record.Bar.Volume);
        raw.sqlite3_bind_text(_insert, 9, Source(record.Source));
        raw.sqlite3_bind_int64(_insert, 10, StoreEncoding.Of(record.EventTime));
        raw.sqlite3_bind_int64(_insert, 11, StoreEncoding.Of(record.KnownAt));
        raw.sqlite3_bind_int(_insert, 12, (int)record.Verdict);
        BindText(_insert, 13, record.Rule);
        BindText(_insert, 14, record.Note);
        Run(_insert);
    }

    /// <summary>Records of one source mostly come together.</summary>
    byte[] Source(string source)
    {
        if (_source != source) (_source, _sourceText) = (source, Encoding.UTF8.GetBytes(source));
        return _sourceText;
    }

    static void BindText(sqlite3_stmt statement, int index, string? text)
    {
        if (text is null) raw.sqlite3_bind_null(statement, index);
        else raw.sqlite3_bind_text(statement, index, text);
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

    BarStoreException Failure(int code)
    {
        var (primary, message) = (code & PrimaryCode, raw.sqlite3_errmsg(_database).utf8_to_string());
        return new(
            _path, SqliteBarErrors.Reason(primary, message), primary == raw.SQLITE_BUSY,
            new SqliteException(message, primary, code));
    }
}
