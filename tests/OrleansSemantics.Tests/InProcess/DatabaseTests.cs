using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Trading.Testing;

namespace Trading.OrleansSemantics.Tests;

/// <summary>What both databases must do.</summary>
public abstract class DatabaseTests
{
    readonly ManualTimeProvider _time = new();
    readonly Probe _probe = new();

    protected abstract string Invariant { get; }
    protected abstract string NewDatabase();

    protected async Task StateAndItsEtagOutliveTheSilo()
    {
        var database = NewDatabase();
        NotesView written;
        await using (var silo = await StartAsync(database))
            written = await silo.Grains.GetGrain<INotesGrain>("kept").AddAsync("a line with 'quotes' and Zoë");
        await using (var silo = await StartAsync(database))
        {
            var notes = silo.Grains.GetGrain<INotesGrain>("kept");
            var read = await notes.ReadAsync();
            read.Lines.ShouldBe(written.Lines);
            read.Etag.ShouldBe(written.Etag);
            read.Exists.ShouldBeTrue();
            (await notes.AddAsync("another")).Lines.Count.ShouldBe(2);
            (await silo.Grains.GetGrain<INotesGrain>("Kept").ReadAsync()).Exists.ShouldBeFalse("keys differ in case");
        }
    }

    protected async Task OneOfTwoWritersIsRefused()
    {
        var database = NewDatabase();
        await using var one = await StartAsync(database);
        await using var two = await StartAsync(database);
        var first = one.Grains.GetGrain<INotesGrain>("shared");
        var second = two.Grains.GetGrain<INotesGrain>("shared");
        await second.ReadAsync();
        await first.AddAsync("first");
        await Should.ThrowAsync<InconsistentStateException>(() => second.AddAsync("second"));
        (await second.AddAsync("second")).Lines.ShouldBe(["first", "second"]);
        await Should.ThrowAsync<InconsistentStateException>(first.ClearAsync);
        (await first.ReadAsync()).Lines.ShouldBe(["first", "second"]);
    }

    protected async Task AWriterFromBeforeAClearingIsRefused()
    {
        var database = NewDatabase();
        await using var one = await StartAsync(database);
        await using var two = await StartAsync(database);
        var old = two.Grains.GetGrain<INotesGrain>("cleared");
        await old.AddAsync("old");
        var cleared = await one.Grains.GetGrain<INotesGrain>("cleared").ClearAsync();
        cleared.Exists.ShouldBeFalse();
        cleared.Lines.ShouldBeEmpty();
        (await one.Grains.GetGrain<INotesGrain>("cleared").AddAsync("new")).Lines.ShouldBe(["new"]);
        await Should.ThrowAsync<InconsistentStateException>(() => old.AddAsync("old again"));
    }

    protected async Task RemindersOutliveTheSiloAndMissedTicksAreNotMadeUpFor()
    {
        var database = NewDatabase();
        var minute = TimeSpan.FromMinutes(1);
        await using (var silo = await StartAsync(database))
        {
            await silo.Grains.GetGrain<IAlarmGrain>("alarm").SetAsync("kept", minute, minute);
            await silo.Grains.GetGrain<IAlarmGrain>("alarm").SetAsync("forgotten", minute, minute);
            (await silo.Grains.GetGrain<IAlarmGrain>("alarm").UnsetAsync("forgotten")).ShouldBeTrue();
        }

        _time.Advance(10.5 * minute);
        await using (var silo = await StartAsync(database))
        {
            _probe.Rest("alarm").ShouldBeEmpty();
            (await silo.Grains.GetGrain<IAlarmGrain>("alarm").CountAsync()).ShouldBe(1);
            _time.Advance(minute);
            (await _probe.NextAsync("alarm")).ShouldBe($"kept {minute}");
            _probe.Rest("alarm").ShouldBeEmpty();
        }
    }

    protected Task<TestSilo> StartAsync(string database) => TestSilo.StartAsync(
        services => services.AddSingleton(_probe),
        silo => silo
            .AddAdoNetGrainStorage("trading", options => (options.Invariant, options.ConnectionString) = (Invariant, database))
            .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Invariant, database)),
        _time);
}

public sealed class SqliteTests : DatabaseTests, IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("engine-sqlite-");

    protected override string Invariant => "Microsoft.Data.Sqlite";

    [Fact]
    public Task State_and_its_etag_outlive_the_silo() => StateAndItsEtagOutliveTheSilo();

    [Fact]
    public Task One_of_two_writers_is_refused() => OneOfTwoWritersIsRefused();

    [Fact]
    public Task A_writer_from_before_a_clearing_is_refused() => AWriterFromBeforeAClearingIsRefused();

    [Fact]
    public Task Reminders_outlive_the_silo_and_missed_ticks_are_not_made_up_for() => RemindersOutliveTheSiloAndMissedTicksAreNotMadeUpFor();

    [Fact]
    public async Task An_unknown_kind_of_database_stops_the_start()
    {
        var failure = await Should.ThrowAsync<OrleansConfigurationException>(() => TestSilo.StartAsync(silo: silo =>
            silo.AddAdoNetGrainStorage("trading", options => (options.Invariant, options.ConnectionString) = ("Oracle", "x"))));
        failure.Message.ShouldContain("Oracle");
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    protected override string NewDatabase() => $"Data Source={Path.Combine(_folder.FullName, "new folder", "grains.db")}";
}

public sealed class PostgresTests(PostgresTests.Server server) : DatabaseTests, IClassFixture<PostgresTests.Server>
{
    protected override string Invariant => "Npgsql";

    [PostgresFact]
    public Task State_and_its_etag_outlive_the_silo() => StateAndItsEtagOutliveTheSilo();

    [PostgresFact]
    public Task One_of_two_writers_is_refused() => OneOfTwoWritersIsRefused();

    [PostgresFact]
    public Task A_writer_from_before_a_clearing_is_refused() => AWriterFromBeforeAClearingIsRefused();

    [PostgresFact]
    public Task Reminders_outlive_the_silo_and_missed_ticks_are_not_made_up_for() => RemindersOutliveTheSiloAndMissedTicksAreNotMadeUpFor();

    protected override string NewDatabase() => server.Started.CreateDatabase();

    /// <summary>Started by the first test that is not skipped.</summary>
    public sealed class Server : IDisposable
    {
        readonly Lazy<PostgresServer> _server = new(() => new());

        public PostgresServer Started => _server.Value;

        public void Dispose()
        {
            if (_server.IsValueCreated) _server.Value.Dispose();
        }
    }
}
