using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;
using Trading.MarketData;
using Trading.Testing;

namespace Trading.Benchmarks;

/// <summary>Bars from CSV to the store, beside the same done by others: every step takes its turn in every round, so that a busy machine
/// slows all. A core's rate is records over the processor time of this process, whatever else the machine does.</summary>
public static class DataBenchmarks
{
    const int Rounds = 5, Records = 200_000, Symbols = 1_000, Seconds = 10;
    static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="Beside">The step that it is compared with.</param>
    sealed record Step(string Name, string? Beside, Func<string, Task> Run)
    {
        public List<double> Rates { get; } = [];
        public List<double> CoreRates { get; } = [];
    }

    public static async Task RunAsync(TextWriter output)
    {
        var csv = Csv();
        var records = new List<BarRecord>(Records);
        await ReadAsync(csv, rows => records.AddRange(Judge(rows.Span, Validator())));
        using var folder = new TemporaryFolder();
        await using var sqlite = new SqliteBarStore(Path.Combine(folder.Path, "bars.db"));
        await sqlite.OpenAsync(default);
        using var server = PostgresServer.Programs is null ? null : new PostgresServer();
        var database = server?.CreateDatabase() ?? "";
        await using var postgres = new PostgresBarStore(database);
        if (server is not null) await postgres.OpenAsync(default);

        List<Step> steps = [.. Parsing(csv), .. Storing(csv, records, sqlite, Path.Combine(folder.Path, "bare.db"))];
        if (server is not null) steps.AddRange(Copying(csv, records, postgres, database));
        for (var round = 0; round <= Rounds; round++) // the first one warms up
            foreach (var step in steps) await MeasureAsync(step, round);
        await PrintAsync(output, steps);

        await output.WriteLineAsync();
        await output.WriteLineAsync($"| {Symbols:N0} symbols, each a bar a second, judged and stored, {Seconds} seconds | of one core |");
        await output.WriteLineAsync("| --- | ---: |");
        await output.WriteLineAsync($"| SQLite | {await LiveAsync(sqlite):P1} |");
        if (server is not null) await output.WriteLineAsync($"| PostgreSQL, without its server | {await LiveAsync(postgres):P1} |");
    }

    static IEnumerable<Step> Parsing(byte[] csv) =>
    [
        new("CsvHelper, cells as text", null, _ => Task.FromResult(ReadWithCsvHelper(csv, typed: false))),
        new("CsvHelper, typed", "CsvHelper, cells as text", _ => Task.FromResult(ReadWithCsvHelper(csv, typed: true))),
        new("read", "CsvHelper, cells as text", _ => ReadAsync(csv, _ => { })),
        new("read and judged", "read", _ =>
        {
            var validator = Validator();
            return ReadAsync(csv, rows =>
            {
                foreach (ref readonly var row in rows.Span) validator.Check(row.Bar);
            });
        }),
    ];

    static IEnumerable<Step> Storing(byte[] csv, List<BarRecord> records, IBarStore store, string bareFile) =>
    [
        new("SQLite, ready records by bare inserts", null, series => Task.Run(() => InsertBare(bareFile, records, series))),
        new("read, judged and stored in SQLite", "SQLite, ready records by bare inserts", series => IngestAsync(csv, store, series)),
    ];

    static IEnumerable<Step> Copying(byte[] csv, List<BarRecord> records, IBarStore store, string database) =>
    [
        new("PostgreSQL, ready records by bare COPY", null, series => Task.Run(() => CopyBare(database, records, series))),
        new("read, judged and stored in PostgreSQL", "PostgreSQL, ready records by bare COPY", series => IngestAsync(csv, store, series)),
    ];

    static async Task MeasureAsync(Step step, int round)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (started, processor) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        await step.Run($"S{round}");
        var elapsed = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        if (round == 0) return;
        step.Rates.Add(Records / elapsed.TotalSeconds);
        step.CoreRates.Add(Records / (process.TotalProcessorTime - processor).TotalSeconds);
    }

    static async Task PrintAsync(TextWriter output, List<Step> steps)
    {
        await output.WriteLineAsync("| step | records/s | records/s of one core | beside | ratio of core rates |");
        await output.WriteLineAsync("| --- | ---: | ---: | --- | ---: |");
        foreach (var step in steps)
        {
            var beside = steps.Find(other => other.Name == step.Beside);
            var ratio = beside is null ? "" : $"{Median(step.CoreRates) / Median(beside.CoreRates):N2}";
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {step.Name} | {Median(step.Rates):N0} | {Median(step.CoreRates):N0} | {step.Beside} | {ratio} |"));
        }
    }

    /// <summary>The share of one core that live updates of many symbols take.</summary>
    static async Task<double> LiveAsync(IBarStore store)
    {
        var validators = Enumerable.Range(0, Symbols).Select(_ => Validator()).ToArray();
        var keys = Enumerable.Range(0, Symbols).Select(i => new SeriesKey($"LIVE{i}", BarInterval.OneMinute)).ToArray();
        var bars = Bars(new Random(2)).Take(Seconds + 2).ToArray();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        using var process = Process.GetCurrentProcess();
        var processor = TimeSpan.Zero;
        for (var second = 0; second < bars.Length; second++)
        {
            await timer.WaitForNextTickAsync();
            process.Refresh();
            if (second == 2) processor = process.TotalProcessorTime; // the first two warm up
            var bar = bars[second];
            await store.AppendManyAsync(keys.Select((key, i) => new SeriesAppend(key, [Judge(bar, validators[i])])), default);
        }

        process.Refresh();
        return (process.TotalProcessorTime - processor).TotalSeconds / Seconds;
    }

    static async Task ReadAsync(byte[] csv, Action<ReadOnlyMemory<BarRow>> take)
    {
        var reader = new BarReader(new MemoryStream(csv));
        await foreach (var batch in reader.ReadAsync()) take(batch);
        reader.ThrowIfBad();
        if (reader.GoodRows != Records) throw new InvalidOperationException("Rows are missing.");
    }

    static async Task IngestAsync(byte[] csv, IBarStore store, string series)
    {
        var key = new SeriesKey(series, BarInterval.OneMinute);
        var validator = Validator();
        await using var transaction = await store.BeginAsync(default);
        await foreach (var batch in new BarReader(new MemoryStream(csv)).ReadAsync())
            await transaction.AddAsync(key, Judge(batch.Span, validator), default);
        await transaction.CommitAsync(default);
    }

    static BarValidator Validator() => new(new SeriesProfile(AssetClass.Crypto, BarInterval.OneMinute));

    static List<BarRecord> Judge(ReadOnlySpan<BarRow> rows, BarValidator validator)
    {
        var records = new List<BarRecord>(rows.Length);
        foreach (ref readonly var row in rows) records.Add(Judge(row.Bar, validator));
        return records;
    }

    static BarRecord Judge(in Bar bar, BarValidator validator)
    {
        var verdict = validator.Check(bar);
        return new(bar, 0, "file", bar.Time, Start, verdict.Verdict, verdict.Code, verdict.Evidence);
    }

    static int ReadWithCsvHelper(byte[] csv, bool typed)
    {
        using var reader = new CsvReader(new StreamReader(new MemoryStream(csv)), new CsvConfiguration(CultureInfo.InvariantCulture));
        reader.Read();
        reader.ReadHeader();
        var rows = 0;
        for (; reader.Read(); rows++)
        {
            for (var column = 0; column < 6 && !typed; column++) _ = reader[column];
            if (typed) _ = new Bar(reader.GetField<DateTimeOffset>(0), reader.GetField<decimal>(1), reader.GetField<decimal>(2),
                reader.GetField<decimal>(3), reader.GetField<decimal>(4), reader.GetField<decimal?>(5));
        }

        return rows;
    }

    static void InsertBare(string file, List<BarRecord> records, string series)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        raw.sqlite3_exec(connection.Handle, """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS bars (series TEXT, time INTEGER, open REAL, high REAL, low REAL, close REAL, volume REAL, source TEXT,
              event_time INTEGER, known_at INTEGER, verdict INTEGER, PRIMARY KEY (series, time)) WITHOUT ROWID;
            BEGIN IMMEDIATE
            """);
        raw.sqlite3_prepare_v2(connection.Handle, "INSERT INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", out var insert);
        foreach (var record in records)
        {
            raw.sqlite3_bind_text(insert, 1, series);
            raw.sqlite3_bind_int64(insert, 2, record.Bar.Time.UtcTicks);
            raw.sqlite3_bind_double(insert, 3, (double)record.Bar.Open);
            raw.sqlite3_bind_double(insert, 4, (double)record.Bar.High);
            raw.sqlite3_bind_double(insert, 5, (double)record.Bar.Low);
            raw.sqlite3_bind_double(insert, 6, (double)record.Bar.Close);
            raw.sqlite3_bind_double(insert, 7, (double)record.Bar.Volume!);
            raw.sqlite3_bind_text(insert, 8, record.Source);
            raw.sqlite3_bind_int64(insert, 9, record.EventTime.UtcTicks);
            raw.sqlite3_bind_int64(insert, 10, record.KnownAt.UtcTicks);
            raw.sqlite3_bind_int(insert, 11, (int)record.Verdict);
            if (raw.sqlite3_step(insert) != raw.SQLITE_DONE) throw new InvalidOperationException("The bare insert failed.");
            raw.sqlite3_reset(insert);
        }

        insert.Dispose();
        raw.sqlite3_exec(connection.Handle, "COMMIT");
    }

    /// <summary>Into the store's own table.</summary>
    static void CopyBare(string database, List<BarRecord> records, string series)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var copy = connection.BeginBinaryImport(
            "COPY bars (series, time, revision, open, high, low, close, volume, source, event_time, known_at, verdict) FROM STDIN (FORMAT binary)");
        var (id, revision) = (-1L - series[1], 0L);
        foreach (var record in records)
        {
            copy.StartRow();
            copy.Write(id, NpgsqlDbType.Bigint);
            copy.Write(record.Bar.Time.UtcDateTime, NpgsqlDbType.TimestampTz);
            copy.Write(++revision, NpgsqlDbType.Bigint);
            copy.Write(record.Bar.Open, NpgsqlDbType.Numeric);
            copy.Write(record.Bar.High, NpgsqlDbType.Numeric);
            copy.Write(record.Bar.Low, NpgsqlDbType.Numeric);
            copy.Write(record.Bar.Close, NpgsqlDbType.Numeric);
            copy.Write(record.Bar.Volume!.Value, NpgsqlDbType.Numeric);
            copy.Write(record.Source, NpgsqlDbType.Text);
            copy.Write(record.EventTime.UtcDateTime, NpgsqlDbType.TimestampTz);
            copy.Write(record.KnownAt.UtcDateTime, NpgsqlDbType.TimestampTz);
            copy.Write((short)record.Verdict, NpgsqlDbType.Smallint);
        }

        copy.Complete();
    }

    static byte[] Csv()
    {
        var text = new StringBuilder("time,open,high,low,close,volume\n");
        foreach (var bar in Bars(new Random(1)).Take(Records))
            text.Append(CultureInfo.InvariantCulture, $"{bar.Time:yyyy-MM-ddTHH:mm:ss},{bar.Open},{bar.High},{bar.Low},{bar.Close},{bar.Volume}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Minutes of a quiet market.</summary>
    static IEnumerable<Bar> Bars(Random random)
    {
        var price = 17_212.12m;
        for (var time = Start; ; time = time.AddMinutes(1))
        {
            var open = price;
            price = Math.Max(1_000m, price + random.Next(-2_000, 2_001) / 100m);
            yield return new(time, open, Math.Max(open, price) + random.Next(500) / 100m, Math.Min(open, price) - random.Next(500) / 100m, price,
                random.Next(1, 20_000_000) / 100_000m);
        }
    }

    static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
