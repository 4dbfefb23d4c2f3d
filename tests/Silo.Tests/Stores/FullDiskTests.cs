using System.Net.Http.Json;
using System.Text.Json;
using Trading.Hosting;
using Trading.Testing;

namespace Trading.Stores.Tests;

/// <summary>What is not recorded is not answered: on real disks that have no block left.</summary>
public sealed class FullDiskTests
{
    const int Megabytes = 96;

    /// <summary>Orders after which the store must have asked the disk for a block.</summary>
    const int MostOrders = 500;

    /// <summary>A disk this small is not one that runs full.</summary>
    static readonly string[] Small = ["monitoring:disk_free_megabytes=1", "monitoring:disk_free_share=0"];

    [Fact]
    public async Task SqliteStore_WhoseDiskIsFull_AcknowledgesNothing_SaysSo_AndDecidesAgainOnceThereIsRoom()
    {
        using var disk = new SmallDisk(Megabytes);
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(disk.Path, Small));

        await PausesAndGoesOnAsync(program, disk, whileFull: async () =>
        {
            var said = "";
            await Wait.UntilAsync(async () =>
            {
                disk.Fill(); // SQLite may have given back what its own log took
                using var health = await program.Client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
                said = await health.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                return !health.IsSuccessStatusCode;
            });
            said.ShouldContain("make room on the disk of the store");
        });

        await program.StopAsync();
        (program.Output + program.Errors).ShouldContain("the disk is full: nothing is recorded until there is room");
        (await TradingProcess.RunAsync("journal", "verify", "--path", Path.Combine(disk.Path, "trading.db"))).ExitCode.ShouldBe(0);
    }

    [PostgresFact]
    public async Task PostgresDatabase_WhoseDiskIsFull_AcknowledgesNothing_SaysSo_AndDecidesAgainOnceThereIsRoom()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk(Megabytes, owner: "postgres");
        using var server = new PostgresServer();
        var database = server.CreateDatabase(disk.Path);
        await new DatabaseSchema(database, TimeProvider.System).MigrateAsync(TestContext.Current.CancellationToken);
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(
            folder.Path, [.. Small, "store:kind=postgres", $"store:connection_string={database}"]));

        await PausesAndGoesOnAsync(program, disk, whileFull: () => Task.CompletedTask);

        await program.StopAsync();
        (program.Output + program.Errors).ShouldContain("the disk of the server is full: nothing is recorded until there is room");
        (await TradingProcess.RunAsync("journal", "verify", "--connection", database)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Backup_OntoAFullDisk_LeavesNothingHalf_AndSaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk(megabytes: 1);
        var (store, key) = (Path.Combine(folder.Path, "trading.db"), Path.Combine(folder.Path, "backup.key"));
        await using (await SqliteWriter.OpenAsync(store, TimeProvider.System, TestContext.Current.CancellationToken)) { }
        (await TradingProcess.RunAsync("backup", "key", key)).ExitCode.ShouldBe(0);
        string[] backup = ["--set", $"store:path={store}", $"backup:folder={disk.Path}", $"backup:key_file={key}"];

        disk.Fill();
        var refused = await TradingProcess.RunAsync(["backup", "create", .. backup]);
        refused.ExitCode.ShouldBe(1);
        refused.Errors.ShouldContain("Nothing of it is kept. Make room there, or name another place (backup:folder).");
        Directory.GetFiles(disk.Path).Select(Path.GetFileName).ShouldBe(["filler"]);

        disk.MakeRoom();
        (await TradingProcess.RunAsync(["backup", "create", .. backup])).ExitCode.ShouldBe(0);
        (await TradingProcess.RunAsync(["backup", "verify", .. backup])).ExitCode.ShouldBe(0);
    }

    static async Task PausesAndGoesOnAsync(TradingProcess program, SmallDisk disk, Func<Task> whileFull)
    {
        Dictionary<string, string> acknowledged = [];
        await AskAsync(program, "before", acknowledged);
        disk.Fill();
        string? refused = null;
        for (var number = 1; number <= MostOrders && refused is null; number++)
            if (await AskAsync(program, $"full-{number}", acknowledged) is { } words)
            {
                refused = $"full-{number}";
                words.ShouldContain("repeat it under the same client_order_id");
            }

        refused.ShouldNotBeNull("the disk is full");
        await whileFull();
        disk.MakeRoom();

        (await AskAsync(program, refused, acknowledged)).ShouldBeNull("there is room");
        foreach (var (order, answer) in acknowledged.ToArray())
        {
            (await AskAsync(program, order, acknowledged)).ShouldBeNull(order);
            acknowledged[order].ShouldBe(answer, "what was acknowledged stands");
        }
    }

    /// <summary>Keeps the answer; what the refusal says where there is none.</summary>
    static async Task<string?> AskAsync(TradingProcess program, string order, Dictionary<string, string> acknowledged)
    {
        using var response = await program.Client.PostAsJsonAsync("/api/risk/validate-signal",
            new { symbol = "IBM", action = "BUY", position_size = 1.0, confidence = 0.85, client_order_id = order },
            TestContext.Current.CancellationToken);
        var words = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (!response.IsSuccessStatusCode) return JsonDocument.Parse(words).RootElement.GetProperty("detail").GetString();
        acknowledged[order] = words;
        return null;
    }
}
