using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Trading.Journal;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class InMemoryBarStoreTests : BarStoreTests
{
    protected override IBarStore Create() => new InMemoryBarStore();
}

/// <summary>Stores that more than one process may open.</summary>
public abstract partial class SharedBarStoreTests : BarStoreTests
{
    protected abstract DbConnection Connect();

    [Fact]
    public async Task AnotherProcess_SeesWhatIsCommitted_AndAppendsBehindIt()
    {
        await AppendAsync(Btc, Record(1, 1), Record(2, 2));
        await using var other = Create();
        await other.OpenAsync(None);

        (await other.AppendAsync(Btc, [Record(3, 3)], None)).ShouldBe(3);
        (await AppendAsync(Btc, Record(4, 4))).ShouldBe(4);

        (await ClosesAsync(Btc)).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task TwoProcessesThatContendForOneSeries_LeaveNoRevisionTwice()
    {
        await using var other = Create();
        await other.OpenAsync(None);

        var last = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            Task.Run(() => (i % 2 == 0 ? Store : other).AppendAsync(Btc, [Record(7, i)], None))));

        last.Order().ShouldBe(Enumerable.Range(1, 40).Select(i => (long)i));
        (await Store.HistoryAsync(Btc, Day.AddMinutes(7), None)).Select(record => record.Revision).ShouldBe(Enumerable.Range(1, 40).Select(i => (long)i));
    }

    [Fact]
    public async Task AFailureInTheMiddle_LeavesNothingHalfWritten()
    {
        await AppendAsync(Btc, Record(1, 1));
        await FailOnRevisionAsync(4);

        var failed = await Should.ThrowAsync<BarStoreException>(() => Store.AppendManyAsync(
            [new(new("ETHUSDT", BarInterval.OneDay), [Record(1, 1)]), new(Btc, [Record(2, 2), Record(3, 3), Record(4, 4)])], None));

        failed.Message.ShouldContain("no room");
        (await ClosesAsync(Btc)).ShouldBe([1]);
        (await ClosesAsync(new("ETHUSDT", BarInterval.OneDay))).ShouldBeEmpty();
        (await AppendAsync(Btc, Record(2, 2))).ShouldBe(2);
    }

    [Fact]
    public async Task ANewerSchema_IsRefused()
    {
        await ExecuteAsync("UPDATE bar_meta SET value = '2' WHERE name = 'schema_version'");
        await using var other = Create();

        (await Should.ThrowAsync<BarStoreException>(() => other.OpenAsync(None))).Reason.ShouldContain("schema version is 2");
    }

    [Fact]
    public async Task AStoreThatWasNotOpened_SaysSo()
    {
        await using var other = Create();

        (await Should.ThrowAsync<BarStoreException>(() => other.BeginAsync(None))).Reason.ShouldBe("it is not open.");
    }

    protected abstract Task FailOnRevisionAsync(int revision);

    protected async Task ExecuteAsync(string sql)
    {
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}

public sealed class SqliteBarStoreTests : SharedBarStoreTests
{
    readonly TemporaryFolder _folder = new();

    string File => Path.Combine(_folder.Path, "data", "bars.db");

    protected override IBarStore Create() => new SqliteBarStore(File);

    protected override DbConnection Connect() => new SqliteConnection($"Data Source={File};Pooling=false");

    protected override Task FailOnRevisionAsync(int revision) => ExecuteAsync(
        $"CREATE TRIGGER full BEFORE INSERT ON bars WHEN new.revision = {revision} BEGIN SELECT raise(FAIL, 'no room'); END");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheJournal_MayLiveInTheSameFile()
    {
        await using var journal = EventJournal.Sqlite(File, TimeProvider.System);
        await journal.StartAsync(None);
        var writer = await journal.OpenAsync("a", None);

        await writer.AppendAsync(new[] { new JournalEntry("happened", new byte[] { 1 }) }, None);
        await AppendAsync(Btc, Record(1, 1));

        (await journal.VerifyAsync(null, None)).Events.ShouldBe(1);
        (await ClosesAsync(Btc)).ShouldBe([1]);
    }

    /// <summary>As the bars of all symbols come when a session begins, while the journal is written all the time.</summary>
    [Fact]
    public async Task AppendsThatWaitTogether_AreStoredTogether_AndOnlyTheOneThatFails_Fails()
    {
        var turn = SqliteTurns.Of(File);
        await using IBarStore store = new SqliteBarStore(File, turn);
        await store.OpenAsync(None);
        await FailOnRevisionAsync(2);
        await turn.WaitAsync(None);
        var appends = Enumerable.Range(0, 30)
            .Select(n => store.AppendAsync(new($"S{n}", BarInterval.OneDay), n == 7 ? [Record(1, 1), Record(2, 2)] : [Record(1, n + 1)], None)).ToArray();
        appends.ShouldAllBe(append => !append.IsCompleted);
        turn.Release();

        await Should.ThrowAsync<BarStoreException>(() => appends[7]);
        (await Task.WhenAll(appends.Where((_, n) => n != 7))).ShouldAllBe(revision => revision == 1);
        for (var n = 0; n < appends.Length; n++)
            (await ClosesAsync(new($"S{n}", BarInterval.OneDay))).ShouldBe(n == 7 ? [] : [n + 1]);
    }

    [Fact]
    public async Task AFileLockedByAnother_IsAConflictThatMayBeTriedAgain()
    {
        await using IBarStore impatient = new SqliteBarStore(File) { Patience = TimeSpan.FromSeconds(1) };
        await impatient.OpenAsync(None);
        await using (await Store.BeginAsync(None))
            (await Should.ThrowAsync<BarStoreException>(() => impatient.AppendAsync(Btc, [Record(1, 1)], None))).IsConflict.ShouldBeTrue();

        (await impatient.AppendAsync(Btc, [Record(1, 1)], None)).ShouldBe(1);
    }

    [Fact]
    public async Task Prices_AreReadableInSql()
    {
        await AppendAsync(Btc, Record(1, 101.25m));
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT ((close >> 5) / pow(10, close & 31)) || ' ' || datetime(time / 1000000, 'unixepoch') FROM bars";

        (await command.ExecuteScalarAsync()).ShouldBe("101.25 2024-03-01 00:01:00");
    }

    [Fact]
    public async Task AnUnopenableFile_StopsTheHost()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "folder.db"));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSqliteBarStore(Path.Combine(_folder.Path, "folder.db"));
        using var host = builder.Build();

        (await Should.ThrowAsync<BarStoreException>(() => host.StartAsync())).Store.ShouldEndWith("folder.db");
    }

    [Fact]
    public async Task ARegisteredStore_IsOpenOnceTheHostRuns()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSqliteBarStore(Path.Combine(_folder.Path, "registered.db"));
        using var host = builder.Build();
        await host.StartAsync();

        (await host.Services.GetRequiredService<IBarStore>().AppendAsync(Btc, [Record(1, 1)], None)).ShouldBe(1);
        await host.StopAsync();
    }
}

public sealed class PostgresBarStoreTests(PostgresFixture postgres) : SharedBarStoreTests, IClassFixture<PostgresFixture>
{
    readonly string _database = postgres.Server.CreateDatabase();

    protected override IBarStore Create() => new PostgresBarStore(_database);

    protected override DbConnection Connect() => new NpgsqlConnection(_database);

    protected override Task FailOnRevisionAsync(int revision) => ExecuteAsync($"""
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no room''; END';
        CREATE TRIGGER full_disk BEFORE INSERT ON bars FOR EACH ROW WHEN (new.revision = {revision}) EXECUTE FUNCTION full_disk()
        """);

    [PostgresFact]
    public async Task WritersOfTheSameSeriesInOppositeOrder_EndWhole()
    {
        await using var other = Create();
        await other.OpenAsync(None);
        var keys = Enumerable.Range(0, 20).Select(i => new SeriesKey($"S{i}", BarInterval.OneDay)).ToArray();

        await Task.WhenAll(AppendAllAsync(Store, keys), AppendAllAsync(other, [.. keys.Reverse()]));

        foreach (var key in keys)
            (await Store.HistoryAsync(key, Day, None)).Select(record => record.Revision).ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i));

        async Task AppendAllAsync(IBarStore store, SeriesKey[] ordered)
        {
            for (var round = 0; round < 10; round++)
                await store.AppendManyAsync(ordered.Select(key => new SeriesAppend(key, [Record(0, round)])), None);
        }
    }

    [PostgresFact]
    public async Task MoreThanOneCopy_IsStillOneTransaction()
    {
        await using (var transaction = await Store.BeginAsync(None))
            for (var i = 0; i < 30; i++) await transaction.AddAsync(Btc, [.. Enumerable.Range(1_000 * i, 1_000).Select(minute => Record(minute, 1))], None);
        (await ClosesAsync(Btc)).ShouldBeEmpty();

        (await Store.AppendManyAsync(Enumerable.Range(0, 30).Select(i =>
            new SeriesAppend(Btc, [.. Enumerable.Range(1_000 * i, 1_000).Select(minute => Record(minute, 1))])), None))[Btc].ShouldBe(30_000);
    }

    [PostgresFact]
    public async Task AnUnreachableServer_IsNamedWithoutItsPassword()
    {
        await using var store = new PostgresBarStore("Host=127.0.0.1;Port=1;Database=books;Username=u;Password=secret");

        var refusal = await Should.ThrowAsync<BarStoreException>(() => store.OpenAsync(None));

        refusal.Store.ShouldBe("127.0.0.1:1/books");
        refusal.ToString().ShouldNotContain("secret");
    }
}
