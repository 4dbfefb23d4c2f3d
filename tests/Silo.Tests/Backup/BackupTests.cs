using System.Runtime.Versioning;
using System.Text.Json;
using Trading.Testing;

namespace Trading.Backup.Tests;

public sealed class BackupTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task EverythingDestroyed_AndRestored_DecisionsGoOn_AndAreTheSame()
    {
        using var folder = new TemporaryFolder();
        var backup = await SetUpAsync(folder);
        JsonElement decision;
        using (var running = await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path)))
        {
            decision = await running.PostAsync("/api/risk/validate-signal", Signal("kept"));
            (await TradingProcess.RunAsync(["backup", "create", "--set", .. backup])).ExitCode.ShouldBe(0);
            running.Kill();
        }

        foreach (var file in Directory.GetFiles(folder.Path, "trading.db*")) File.Delete(file);
        var verified = await TradingProcess.RunAsync(["backup", "verify", "--set", .. backup]);
        verified.ExitCode.ShouldBe(0, verified.Errors);
        verified.Output.ShouldContain("1 decisions made again, 0 findings");
        verified.Output.ShouldContain("RPO");
        verified.Output.ShouldContain("RTO");
        var restored = await TradingProcess.RunAsync(["backup", "restore", "--set", .. backup]);
        restored.ExitCode.ShouldBe(0, restored.Errors);

        using var again = await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path));
        (await again.PostAsync("/api/risk/validate-signal", Signal("kept"))).ToString().ShouldBe(decision.ToString());
        (await again.PostAsync("/api/risk/validate-signal", Signal("next"))).GetProperty("approved").GetBoolean()
            .ShouldBeTrue();
    }

    [PostgresFact]
    public async Task BackupOfASqliteFile_IsRestoredIntoPostgres_AndBack()
    {
        using var folder = new TemporaryFolder();
        var backup = await SetUpAsync(folder);
        using (var running = await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path)))
            await running.PostAsync("/api/risk/validate-signal", Signal("one"));
        (await TradingProcess.RunAsync(["backup", "create", "--set", .. backup])).ExitCode.ShouldBe(0);
        var database = postgres.Server.CreateDatabase();

        var verified = await TradingProcess.RunAsync(["backup", "verify", "--scratch", database, "--set", .. backup]);

        verified.ExitCode.ShouldBe(0, verified.Errors);
        string[] there =
            [.. backup, "store:kind=postgres", $"store:connection_string={database}",
            $"backup:folder={folder.Path}/second"];
        (await TradingProcess.RunAsync(["backup", "create", "--set", .. there])).ExitCode.ShouldBe(0);
        (await TradingProcess.RunAsync(["backup", "verify", "--set", .. there])).Output.ShouldContain("0 findings");
    }

    [Theory]
    [InlineData(100, "cannot be opened")]
    [InlineData(-20, "cannot be opened")]
    [InlineData(0, "is no backup")]
    public async Task AlteredByte_IsFound(int place, string words)
    {
        using var folder = new TemporaryFolder();
        var backup = await SmallAsync(folder);
        var bytes = await File.ReadAllBytesAsync(Newest(folder), TestContext.Current.CancellationToken);
        bytes[place < 0 ? bytes.Length + place : place] ^= 1;
        await File.WriteAllBytesAsync(Newest(folder), bytes, TestContext.Current.CancellationToken);

        var (exitCode, _, errors) = await TradingProcess.RunAsync(["backup", "verify", "--set", .. backup]);

        exitCode.ShouldBe(1);
        errors.ShouldContain(words);
    }

    [Fact]
    public async Task FileThatIsCutOff_IsFound()
    {
        using var folder = new TemporaryFolder();
        var backup = await SmallAsync(folder);
        using (var file = File.OpenWrite(Newest(folder))) file.SetLength(file.Length - 30);

        var (exitCode, _, errors) = await TradingProcess.RunAsync(["backup", "verify", "--set", .. backup]);

        exitCode.ShouldBe(1);
        errors.ShouldContain("is cut off");
    }

    [Fact]
    public async Task AnotherKey_OpensNothing_AndNoKeyIsRefusedWithWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var backup = await SmallAsync(folder);
        File.Delete(Path.Combine(folder.Path, "backup.key"));

        var without = await TradingProcess.RunAsync(["backup", "verify", "--set", .. backup]);
        BackupOptions.MakeKey(Path.Combine(folder.Path, "backup.key"));
        var another = await TradingProcess.RunAsync(["backup", "verify", "--set", .. backup]);

        (without.ExitCode, another.ExitCode).ShouldBe((1, 1));
        without.Errors.ShouldContain("trading backup key");
        another.Errors.ShouldContain("another key");
    }

    [Fact, SupportedOSPlatform("linux")]
    public void Key_IsReadableByItsOwnerOnly_AndNeverOverwritten()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "backup.key");

        BackupOptions.MakeKey(path);

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Should.Throw<IOException>(() => BackupOptions.MakeKey(path));
        new BackupOptions { KeyFile = path }.Key().Length.ShouldBe(BackupOptions.KeyBytes);
    }

    [Fact]
    public async Task OldBackups_GoWhenThereAreMoreThanAreKept()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualTimeProvider();
        var store = new Hosting.StoreOptions { Path = Path.Combine(folder.Path, "trading.db") };
        await using (await Stores.SqliteWriter.OpenAsync(store.Path, clock, TestContext.Current.CancellationToken)) { }
        var options =
            new BackupOptions { Folder = Path.Combine(folder.Path, "backups"), Keep = 2, KeyFile =
            Path.Combine(folder.Path, "key") };
        BackupOptions.MakeKey(options.KeyFile);
        var backups = new Backups(options, store, clock);
        for (var hour = 0; hour < 4; hour++)
        {
            await backups.CreateAsync(TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromHours(1));
        }

        backups.List().Select(entry => clock.GetUtcNow() - entry.CreatedAt)
            .ShouldBe([TimeSpan.FromHours(1), TimeSpan.FromHours(2)]);
    }

    [Fact]
    public void EveryBrokenRule_IsNamedAtOnce() =>
        new BackupOptions { Folder = " ", Every = 1_000, Keep = 0 }.Check().Select(error => error.Split(' ')[0])
            .ShouldBe(["backup:folder", "backup:every", "backup:keep", "backup:key_file"]);

    /// <summary>A backup of a store with nothing in it.</summary>
    static async Task<string[]> SmallAsync(TemporaryFolder folder)
    {
        var backup = await SetUpAsync(folder);
        await using (
            await Stores.SqliteWriter.OpenAsync(
            Path.Combine(folder.Path, "trading.db"), TimeProvider.System, default)) { }
        (await TradingProcess.RunAsync(["backup", "create", "--set", .. backup])).ExitCode.ShouldBe(0);
        return backup;
    }

    static async Task<string[]> SetUpAsync(TemporaryFolder folder)
    {
        var key = Path.Combine(folder.Path, "backup.key");
        (await TradingProcess.RunAsync("backup", "key", key)).ExitCode.ShouldBe(0);
        return [$"store:path={Path.Combine(folder.Path, "trading.db")}",
            $"backup:folder={Path.Combine(folder.Path, "backups")}", $"backup:key_file={key}"];
    }

    static string Newest(TemporaryFolder folder) =>
        Directory.GetFiles(Path.Combine(folder.Path, "backups"), "*.backup").Order().Last();

    static object Signal(string order) =>
        new { symbol = "IBM", action = "BUY", position_size = 100.0, confidence = 0.85, client_order_id = order };
}
