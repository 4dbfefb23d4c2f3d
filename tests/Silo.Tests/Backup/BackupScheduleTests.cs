using Microsoft.Extensions.Logging.Abstractions;
using Trading.Hosting;
using Trading.Testing;

namespace Trading.Backup.Tests;

/// <summary>Backups that a running program makes by itself.</summary>
public sealed class BackupScheduleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly TimeSpan Every = TimeSpan.FromHours(6), Look = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task FirstBackup_IsMadeAtOnce_AndEachNextOneWhenItIsDue_NotBefore()
    {
        using var folder = new TemporaryFolder();
        var store = new StoreOptions { Path = Path.Combine(folder.Path, "trading.db") };
        await using (await Stores.SqliteWriter.OpenAsync(store.Path, TimeProvider.System, default)) { }

        (await GapsAsync(folder, store, processes: 1)).ShouldAllBe(gap => gap >= Every);
    }

    [PostgresFact]
    public async Task OfSeveralSilosThatShareTheFolder_OneMakesIt()
    {
        using var folder = new TemporaryFolder();
        var store = new StoreOptions { Kind = "postgres", ConnectionString = postgres.Server.CreateDatabase() };
        await new DatabaseSchema(store.ConnectionString, TimeProvider.System).MigrateAsync(default);

        (await GapsAsync(folder, store, processes: 3)).ShouldAllBe(gap => gap >= Every);
    }

    [Fact]
    public async Task BackupThatCannotBeMade_IsTriedAgain()
    {
        using var folder = new TemporaryFolder();
        var store = new StoreOptions { Path = Path.Combine(folder.Path, "trading.db") };
        var (clock, options) = (new ManualTimeProvider(), Options(folder));
        var backups = new Backups(options, store, clock);
        using var schedule = new BackupSchedule(backups, options, store, clock, NullLogger<BackupSchedule>.Instance);

        await schedule.StartAsync(default); // there is no store yet
        backups.List().ShouldBeEmpty();
        await using (await Stores.SqliteWriter.OpenAsync(store.Path, TimeProvider.System, default)) { }

        await Wait.UntilAsync(() => { clock.Advance(Look); return backups.List().Count == 1; });
        await schedule.StopAsync(default);
    }

    /// <summary>The times between three backups that processes make which share clock, folder and store.</summary>
    static async Task<IReadOnlyList<TimeSpan>> GapsAsync(TemporaryFolder folder, StoreOptions store, int processes)
    {
        var (clock, options) = (new ManualTimeProvider(), Options(folder));
        var backups = new Backups(options, store, clock);
        BackupSchedule[] schedules = [.. Enumerable.Range(0, processes).Select(_ =>
            new BackupSchedule(backups, options, store, clock, NullLogger<BackupSchedule>.Instance))];
        foreach (var schedule in schedules) await schedule.StartAsync(default);
        await Wait.UntilAsync(() => backups.List().Count == 1);
        await Wait.UntilAsync(() => { clock.Advance(Look); return backups.List().Count >= 3; });
        foreach (var schedule in schedules) await schedule.StopAsync(default);
        foreach (var schedule in schedules) schedule.Dispose();
        var at = backups.List().Select(entry => entry.CreatedAt).ToList();
        return [.. at.Zip(at.Skip(1), (later, earlier) => later - earlier)];
    }

    static BackupOptions Options(TemporaryFolder folder)
    {
        var key = Path.Combine(folder.Path, "backup.key");
        BackupOptions.MakeKey(key);
        return new() { Folder = Path.Combine(folder.Path, "backups"), KeyFile = key, Every = Every.TotalHours };
    }
}
