using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;
using Trading.Risk;

namespace Trading.Hosting.Tests;

public sealed class EngineTests(StoresFixture stores) : IClassFixture<StoresFixture>
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    static readonly LimitsVersion Version = new(
        3, RiskLimits.Default with { MinCash = 12_345.678901234567m, MaxDrawdown = null }, "Zoë", new(2026, 1, 5, 12, 0, 0, 123, TimeSpan.FromHours(1)), "new \"mandate\"");

    static readonly DiaryState Entry = new()
    {
        Current = Version,
        Earlier = [Version with { Version = 2 }, Version with { Version = 1 }],
        Notes = ImmutableDictionary.CreateRange(
            [KeyValuePair.Create("Sector X", RiskRule.SectorExposure), KeyValuePair.Create("v", RiskRule.ValueAtRisk95)]),
    };

    [Theory, OnSqlite, OnPostgres]
    public async Task State_AfterARestart_IsWhatWasWritten(string kind)
    {
        var store = stores.Empty(kind);
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            (await Diary(silo, "a").ReadAsync()).ShouldBeNull();
            await Diary(silo, "a").WriteAsync(Entry with { Earlier = [] });
            await Diary(silo, "a").WriteAsync(Entry);
            await silo.StopAsync();
        }

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            var read = (await Diary(silo, "a").ReadAsync()).ShouldNotBeNull();
            read.Current.ShouldBe(Version);
            read.Earlier.ShouldBe(Entry.Earlier);
            read.Notes.ShouldBe(Entry.Notes, ignoreOrder: true);
            await silo.StopAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task State_ThatWasCleared_IsGoneAndCanBeWrittenAgain(string kind)
    {
        var store = stores.Empty(kind);
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            await Diary(silo, "a").WriteAsync(Entry);
            await Diary(silo, "a").ClearAsync();
            (await Diary(silo, "a").ReadAsync()).ShouldBeNull();
            await silo.StopAsync();
        }

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            (await Diary(silo, "a").ReadAsync()).ShouldBeNull();
            await Diary(silo, "a").WriteAsync(Entry);
            (await Diary(silo, "a").ReadAsync()).ShouldNotBeNull();
            await silo.StopAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Write_OverANewerVersion_IsRefusedAndTheGrainReadsAgain(string kind)
    {
        using var silo = await StoresFixture.StartSiloAsync(stores.Empty(kind));
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("trading");
        foreach (var written in new[] { false, true })
        {
            var diary = Diary(silo, $"written {written}");
            if (written) await diary.WriteAsync(Entry); else await diary.ReadAsync();
            var other = new GrainState<DiaryState>();
            await storage.ReadStateAsync("state", diary.GetGrainId(), other);
            other.State = Entry with { Current = null };
            await storage.WriteStateAsync("state", diary.GetGrainId(), other);

            await Should.ThrowAsync<InconsistentStateException>(() => diary.WriteAsync(Entry));

            (await diary.ReadAsync()).ShouldNotBeNull().Current.ShouldBeNull();
            other.ETag = "7";
            await Should.ThrowAsync<InconsistentStateException>(() => storage.ClearStateAsync("state", diary.GetGrainId(), other));
        }

        await silo.StopAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task State_OfKeysThatAreTheSameNumber_IsKeptApart(string kind)
    {
        var store = stores.Empty(kind);
        string[] keys = ["1", "01", "a", "A", "0a", new('a', 32), new('A', 32), "1+x", "01+x"];
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            foreach (var key in keys)
            {
                await Diary(silo, key).WriteAsync(new() { Current = Version with { Reason = key } });
                await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key).IncrementAsync();
            }

            await silo.StopAsync();
        }

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            foreach (var key in keys)
            {
                (await Diary(silo, key).ReadAsync()).ShouldNotBeNull().Current!.Reason.ShouldBe(key);
                (await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key).IncrementAsync()).ShouldBe(2);
            }

            await silo.StopAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Reminder_AfterARestart_GoesOnUntilItIsForgotten(string kind)
    {
        var store = stores.Empty(kind);
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            await Diary(silo, "kept").RemindAsync(TimeSpan.FromHours(1));
            await Diary(silo, "kept").RemindAsync(TimeSpan.FromMilliseconds(100));
            await Diary(silo, "forgotten").RemindAsync(TimeSpan.FromHours(1));
            await Diary(silo, "forgotten").ForgetAsync();
            await silo.StopAsync();
        }

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            (await silo.Services.GetRequiredService<Ticks>().Keys.Reader.ReadAsync().AsTask().WaitAsync(Limit)).ShouldBe("kept");
            (await Diary(silo, "kept").IsRemindedAsync()).ShouldBeTrue();
            (await Diary(silo, "forgotten").IsRemindedAsync()).ShouldBeFalse();
            await silo.StopAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Reminders_AreFoundByTheRangeOfTheirHash(string kind)
    {
        using var silo = await StoresFixture.StartSiloAsync(stores.Empty(kind));
        var table = silo.Services.GetRequiredService<IReminderTable>();
        var entries = Enumerable.Range(0, 40).Select(number => new ReminderEntry
        {
            GrainId = GrainId.Create("diary", $"{number}"),
            ReminderName = "write",
            StartAt = new DateTime(2026, 1, 5, 12, 0, 0, 123, DateTimeKind.Utc),
            Period = TimeSpan.FromDays(60),
        }).ToArray();
        foreach (var entry in entries)
            entry.ETag = await table.UpsertRow(entry);

        (uint Begin, uint End)[] ranges = [(0, 1u << 31), (1u << 31, 0), (1u << 30, 3u << 30), (3u << 30, 1u << 30), (5, 5), (0, uint.MaxValue)];
        foreach (var (begin, end) in ranges)
        {
            var expected = entries.Where(entry => InRange(entry.GrainId.GetUniformHashCode(), begin, end));
            (await table.ReadRows(begin, end)).Reminders.Select(entry => entry.GrainId)
                .ShouldBe(expected.Select(entry => entry.GrainId), ignoreOrder: true, $"({begin}, {end}]");
        }

        var read = (await table.ReadRow(entries[0].GrainId, "write")).ShouldNotBeNull();
        (read.StartAt, read.StartAt.Kind, read.Period, read.ETag).ShouldBe((entries[0].StartAt, DateTimeKind.Utc, entries[0].Period, entries[0].ETag));
        (await table.ReadRows(entries[0].GrainId)).Reminders.Count.ShouldBe(1);
        (await table.ReadRow(entries[0].GrainId, "read")).ShouldBeNull();
        await table.UpsertRow(entries[0]);
        (await table.RemoveRow(entries[0].GrainId, "write", entries[0].ETag!)).ShouldBeFalse("the row has changed");
        (await table.RemoveRow(entries[1].GrainId, "write", entries[1].ETag!)).ShouldBeTrue();
        await table.TestOnlyClearTable();
        (await table.ReadRows(0, 0)).Reminders.ShouldBeEmpty();
        await silo.StopAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Migration_RepeatedAndByManyAtOnce_IsHarmless(string kind)
    {
        var store = stores.Empty(kind);
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            await Diary(silo, "a").WriteAsync(Entry);
            await silo.StopAsync();
        }

        var schema = SchemaOf(store);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => schema.MigrateAsync(default))));

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            (await Diary(silo, "a").ReadAsync()).ShouldNotBeNull();
            await silo.StopAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Migration_OfAnEmptyDatabaseByManyAtOnce_IsDoneOnce(string kind)
    {
        var store = stores.Empty(kind);
        if (kind == "sqlite") Directory.CreateDirectory(Path.GetDirectoryName(store.Path)!);

        var schema = SchemaOf(store);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => schema.MigrateAsync(default))));

        using var silo = await StoresFixture.StartSiloAsync(store);
        await Diary(silo, "a").WriteAsync(Entry);
        await silo.StopAsync();
    }

    [Fact]
    public async Task Memory_KeepsStateAndReminders_WhileTheSiloRuns()
    {
        using var silo = await StoresFixture.StartSiloAsync(new StoreOptions { Kind = "memory" });
        await Diary(silo, "a").WriteAsync(Entry);
        await Diary(silo, "a").RemindAsync(TimeSpan.FromHours(1));

        (await Diary(silo, "a").ReadAsync()).ShouldNotBeNull().Earlier.ShouldBe(Entry.Earlier);
        (await Diary(silo, "a").IsRemindedAsync()).ShouldBeTrue();
        await silo.StopAsync();
    }

    [Fact]
    public async Task Silo_ListensOnLoopbackOnly()
    {
        using var silo = await StoresFixture.StartSiloAsync(new StoreOptions { Kind = "memory" });
        var endpoints = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;

        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == endpoints.SiloPort)
            .ShouldBe((IPEndPoint[])[new(IPAddress.Loopback, endpoints.SiloPort)]);
        endpoints.GatewayPort.ShouldBe(0);
        await silo.StopAsync();
    }

    static IDiaryGrain Diary(IHost silo, string key) =>
        silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IDiaryGrain>(key);

    static OrleansSchema SchemaOf(StoreOptions store) => store.Kind == "postgres"
        ? new OrleansSchema(NpgsqlFactory.Instance, store.ConnectionString!)
        : new OrleansSchema(SqliteFactory.Instance, $"Data Source={store.Path}");

    static bool InRange(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
}
