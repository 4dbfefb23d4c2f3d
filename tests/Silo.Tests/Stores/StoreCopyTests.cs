using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using Trading.Hosting;
using Trading.Journal;
using Trading.Testing;

namespace Trading.Stores.Tests;

/// <summary>From a laptop to a database: what one program wrote another goes on with.</summary>
public sealed class StoreCopyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly string[] StaysWithItsDatabase =
        ["trading_schema", "journal_meta", "bar_meta", "orleansquery", "orleans_membership",
            "orleans_membership_version", "sqlite_sequence"];

    [PostgresFact]
    public async Task ACopiedStore_HasEveryRow_AndTheProgramGoesOnWhereItStopped()
    {
        using var folder = new TemporaryFolder();
        var database = postgres.Server.CreateDatabase();
        JsonElement decision;
        using (var laptop = await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path)))
        {
            decision = await laptop.PostAsync("/api/risk/validate-signal", Signal("copied-1"));
            await laptop.PostAsync(
                "/api/risk/update-limits",
                new { changed_by = "desk", reason = "test", limits = new { max_position_weight = 0.07 } });
            await laptop.StopAsync();
        }

        var (exitCode, output, errors) = await TradingProcess.RunAsync(
            "database", "copy", "--from", Path.Combine(folder.Path, "trading.db"), "--to", database);

        exitCode.ShouldBe(0, output + errors);
        output.ShouldContain("0 defects");
        using var cluster = await TradingProcess.StartAsync(
            [.. TradingProcess.Settings(folder.Path), "store:kind=postgres", $"store:connection_string={database}"]);
        (await cluster.PostAsync("/api/risk/validate-signal", Signal("copied-1"))).ToString()
            .ShouldBe(decision.ToString());
        (await cluster.GetAsync("/api/risk/limits")).GetProperty("current").GetProperty("limits")
            .GetProperty("max_position_weight").GetDouble().ShouldBe(0.07);
        var replay =
            await cluster.GetAsync($"/api/risk/decisions/{decision.GetProperty("decision_id").GetString()}/replay");
        replay.GetProperty("identical").GetBoolean().ShouldBeTrue();
        (await cluster.PostAsync("/api/risk/validate-signal", Signal("copied-2"))).GetProperty("approved").GetBoolean()
            .ShouldBeTrue();
    }

    [PostgresFact]
    public async Task AStoreThatHoldsSomething_TakesNoCopy()
    {
        using var folder = new TemporaryFolder();
        var database = postgres.Server.CreateDatabase();
        var path = await StoreAsync(folder);
        string[] copy = ["database", "copy", "--from", path, "--to", database];
        (await TradingProcess.RunAsync(copy)).ExitCode.ShouldBe(0);

        var (exitCode, _, errors) = await TradingProcess.RunAsync(copy);

        exitCode.ShouldBe(1);
        errors.ShouldContain("empty store");
    }

    [Fact]
    public async Task AStoreThatAProgramWrites_IsNotCopied()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "trading.db");
        await using var writing = await SqliteWriter.OpenAsync(path, TimeProvider.System, TestContext.Current.CancellationToken);

        var (exitCode, _, errors) = await TradingProcess.RunAsync(
            "database", "copy", "--from", path, "--to", "Host=127.0.0.1;Port=1");

        exitCode.ShouldBe(3);
        errors.ShouldContain("being written by");
    }

    [PostgresFact]
    public async Task EveryTableWithRows_IsInTheList()
    {
        using var folder = new TemporaryFolder();
        var (database, file) = (postgres.Server.CreateDatabase(), Path.Combine(folder.Path, "empty.db"));
        await new DatabaseSchema(database, TimeProvider.System).MigrateAsync(TestContext.Current.CancellationToken);
        await using (
            await SqliteWriter.OpenAsync(file, TimeProvider.System, TestContext.Current.CancellationToken)) { }

        var listed = StoreTables.All.Select(table => table.Name).Order();
        await using var source = NpgsqlDataSource.Create(database);
        (await NamesAsync(source.CreateCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
            .ShouldBe(listed);
        using var connection = SqliteFiles.Connect(file, SqliteOpenMode.ReadOnly);
        var command = connection.CreateCommand();
        command.CommandText = "SELECT lower(name) FROM sqlite_schema WHERE type = 'table'";
        (await NamesAsync(command)).ShouldBe(listed);
    }

    static async Task<IEnumerable<string>> NamesAsync(System.Data.Common.DbCommand command)
    {
        await using var rows = await command.ExecuteReaderAsync();
        List<string> names = [];
        while (await rows.ReadAsync()) names.Add(rows.GetString(0));
        return names.Except(StaysWithItsDatabase).Order();
    }

    static async Task<string> StoreAsync(TemporaryFolder folder)
    {
        var path = Path.Combine(folder.Path, "trading.db");
        await using (await SqliteWriter.OpenAsync(path, TimeProvider.System, TestContext.Current.CancellationToken)) { }
        await using var journal = EventJournal.Sqlite(path, TimeProvider.System);
        var stream = await journal.OpenAsync("some", TestContext.Current.CancellationToken);
        await stream.AppendAsync(new[] { new JournalEntry("written", "1"u8.ToArray()) }, TestContext.Current.CancellationToken);
        return path;
    }

    static object Signal(string order) =>
        new { symbol = "IBM", action = "BUY", position_size = 100.0, confidence = 0.85, client_order_id = order };
}
