using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;
using Trading.Journal;
using Trading.Testing;

namespace Trading.Benchmarks;

/// <summary>The journal beside the bare store: the same rows into the same tables with the same durability, in groups as large as the
/// callers can fill. Bare and journal take turns, round by round, so that a busy machine slows both.</summary>
public static class JournalBenchmarks
{
    const int Rounds = 5, PayloadBytes = 200;

    /// <summary>Callers with a stream each, every one with so many appends in flight.</summary>
    internal sealed record Load(string Name, int Callers, int InFlight, int Rows)
    {
        public int Group => Callers * InFlight;
    }

    static readonly Load[] Loads =
    [
        new("1 caller, one append at a time", 1, 1, 1_500),
        new("32 callers, one append at a time each", 32, 1, 16_000),
        new("256 callers, one append at a time each", 256, 1, 51_200),
        new("1 pipelining writer, 1,000 in flight", 1, 1_000, 50_000),
    ];

    public static async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| store | load | bare store, rows/s | journal, rows/s | journal / bare | append p50 | append p99 |");
        await output.WriteLineAsync("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        var folder = Directory.CreateTempSubdirectory("trading-benchmark-").FullName;
        foreach (var load in Loads)
        {
            var file = Path.Combine(folder, $"{load.Group}.db");
            await MeasureAsync(output, "SQLite", load, () => EventJournal.Sqlite(file, TimeProvider.System), () => new BareSqlite(file));
        }

        Directory.Delete(folder, recursive: true);
        if (PostgresServer.Programs is null) return;
        using var server = new PostgresServer();
        foreach (var load in Loads)
        {
            var database = server.CreateDatabase();
            Func<IBareStore>[] bare = load.Group == 1
                ? [() => new BarePostgres(database, copy: false)]
                : [() => new BarePostgres(database, copy: false), () => new BarePostgres(database, copy: true)];
            await MeasureAsync(output, "PostgreSQL", load, () => EventJournal.Postgres(database, TimeProvider.System), bare);
        }
    }

    /// <summary>The bare store is the fastest of those given.</summary>
    static async Task MeasureAsync(
        TextWriter output, string store, Load load, Func<EventJournal> open, params Func<IBareStore>[] bare)
    {
        await using (var journal = open()) await journal.StartAsync(CancellationToken.None); // creates the tables
        var bareRates = bare.Select(_ => new List<double>()).ToArray();
        List<double> rates = [], latencies = [];
        for (var round = 0; round <= Rounds; round++) // the first one warms up
        {
            for (var i = 0; i < bare.Length; i++)
            {
                using var target = bare[i]();
                var rate = WriteBare(target, load, $"bare-{i}-{round}");
                if (round > 0) bareRates[i].Add(rate);
            }

            await using var journal = open();
            if (round == 0) latencies.Clear();
            var ours = await AppendAsync(journal, load, $"journal-{round}", latencies);
            if (round > 0) rates.Add(ours);
        }

        var limit = bareRates.Max(Median);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"| {store} | {load.Name} | {limit:N0} | {Median(rates):N0} | {Median(rates) / limit:P0} | {Quantile(latencies, 0.5):N2} ms | {Quantile(latencies, 0.99):N2} ms |"));
    }

    static double WriteBare(IBareStore target, Load load, string name)
    {
        var rows = Enumerable.Range(0, load.Rows)
            .Select(i => new Row($"{name}-{i % load.Callers}", 1 + i / load.Callers, Key(i), Payload(i), new byte[32])).ToArray();
        var started = Stopwatch.GetTimestamp();
        for (var from = 0; from < rows.Length; from += load.Group)
            target.Write(rows.AsSpan(from, Math.Min(load.Group, rows.Length - from)));
        return rows.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <returns>Rows a second.</returns>
    internal static async Task<double> AppendAsync(IJournal journal, Load load, string name, List<double> latencies)
    {
        var writers = new IJournalWriter[load.Callers];
        for (var i = 0; i < writers.Length; i++) writers[i] = await journal.OpenAsync($"{name}-{i}", CancellationToken.None);
        var entries = Enumerable.Range(0, load.Rows / load.Callers).Select(i => new JournalEntry[] { new("filled", Payload(i), Key(i)) }).ToArray();
        var times = new double[load.Callers][];

        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(writers.Select((writer, i) => Task.Run(async () => times[i] = await AppendAsync(writer, entries, load.InFlight))));
        var rate = load.Rows / Stopwatch.GetElapsedTime(started).TotalSeconds;

        latencies.AddRange(times.SelectMany(time => time));
        return rate;
    }

    static async Task<double[]> AppendAsync(IJournalWriter writer, JournalEntry[][] entries, int inFlight)
    {
        var times = new double[entries.Length];
        var window = new Queue<(Task<long> Append, long Started)>(inFlight);
        for (var i = 0; i < entries.Length + inFlight; i++)
        {
            if (i < entries.Length) window.Enqueue((writer.AppendAsync(entries[i], CancellationToken.None), Stopwatch.GetTimestamp()));
            if (i + 1 < inFlight || window.Count == 0) continue;
            var (append, started) = window.Dequeue();
            times[await append - 1] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return times;
    }

    static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"order-{i:00000000}");

    static byte[] Payload(int i) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $$"""{"order":"order-{{i:00000000}}","quantity":100,"price":101.25,"note":""").PadRight(PayloadBytes - 2, 'x') + "\"}");

    static double Median(List<double> values) => Quantile(values, 0.5);

    static double Quantile(List<double> values, double quantile)
    {
        values.Sort();
        return values[(int)((values.Count - 1) * quantile)];
    }

    sealed record Row(string Stream, long Sequence, string Key, byte[] Payload, byte[] Hash);

    interface IBareStore : IDisposable
    {
        /// <summary>One durable transaction.</summary>
        void Write(ReadOnlySpan<Row> rows);
    }

    sealed class BareSqlite : IBareStore
    {
        readonly SqliteConnection _connection;
        readonly sqlite3_stmt _insert;

        public BareSqlite(string file)
        {
            _connection = new SqliteConnection($"Data Source={file};Pooling=false");
            _connection.Open();
            raw.sqlite3_exec(_connection.Handle, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
            raw.sqlite3_prepare_v2(_connection.Handle, "INSERT INTO journal_events VALUES (?, ?, 0, 'filled', ?, ?, ?)", out _insert);
        }

        public void Write(ReadOnlySpan<Row> rows)
        {
            raw.sqlite3_exec(_connection.Handle, "BEGIN IMMEDIATE");
            foreach (var row in rows)
            {
                raw.sqlite3_bind_text(_insert, 1, row.Stream);
                raw.sqlite3_bind_int64(_insert, 2, row.Sequence);
                raw.sqlite3_bind_text(_insert, 3, row.Key);
                raw.sqlite3_bind_blob(_insert, 4, row.Payload);
                raw.sqlite3_bind_blob(_insert, 5, row.Hash);
                if (raw.sqlite3_step(_insert) != raw.SQLITE_DONE) throw new InvalidOperationException("The bare insert failed.");
                raw.sqlite3_reset(_insert);
            }

            raw.sqlite3_exec(_connection.Handle, "COMMIT");
        }

        public void Dispose()
        {
            _insert.Dispose();
            _connection.Dispose();
        }
    }

    sealed class BarePostgres : IBareStore
    {
        readonly bool _copy;
        readonly NpgsqlConnection _connection;
        readonly NpgsqlCommand _insert;

        public BarePostgres(string database, bool copy)
        {
            _copy = copy;
            _connection = new NpgsqlConnection(database);
            _connection.Open();
            _insert = new NpgsqlCommand(
                "INSERT INTO journal_events SELECT a, b, now(), 'filled', c, d, e FROM unnest($1, $2, $3, $4, $5) AS t (a, b, c, d, e)", _connection);
            foreach (var type in (NpgsqlDbType[])[NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Bytea, NpgsqlDbType.Bytea])
                _insert.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type });
            _insert.Prepare();
        }

        public void Write(ReadOnlySpan<Row> rows)
        {
            if (_copy) Copy(rows);
            else Insert(rows.ToArray());
        }

        void Insert(Row[] rows)
        {
            _insert.Parameters[0].Value = Array.ConvertAll(rows, row => row.Stream);
            _insert.Parameters[1].Value = Array.ConvertAll(rows, row => row.Sequence);
            _insert.Parameters[2].Value = Array.ConvertAll(rows, row => row.Key);
            _insert.Parameters[3].Value = Array.ConvertAll(rows, row => row.Payload);
            _insert.Parameters[4].Value = Array.ConvertAll(rows, row => row.Hash);
            _insert.ExecuteNonQuery();
        }

        void Copy(ReadOnlySpan<Row> rows)
        {
            using var writer = _connection.BeginBinaryImport("COPY journal_events FROM STDIN (FORMAT binary)");
            foreach (var row in rows)
            {
                writer.StartRow();
                writer.Write(row.Stream, NpgsqlDbType.Text);
                writer.Write(row.Sequence, NpgsqlDbType.Bigint);
                writer.Write(DateTime.UnixEpoch, NpgsqlDbType.TimestampTz);
                writer.Write("filled", NpgsqlDbType.Text);
                writer.Write(row.Key, NpgsqlDbType.Text);
                writer.Write(row.Payload, NpgsqlDbType.Bytea);
                writer.Write(row.Hash, NpgsqlDbType.Bytea);
            }

            writer.Complete();
        }

        public void Dispose()
        {
            _insert.Dispose();
            _connection.Dispose();
        }
    }
}
