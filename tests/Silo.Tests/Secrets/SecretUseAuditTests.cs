using Microsoft.Extensions.DependencyInjection;
using Trading.Alerts;
using Trading.Operations;
using Trading.Secrets;
using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class SecretUseAuditTests
{
    [Fact]
    public async Task UsesByCommand_AndTheOpeningByTheProgram_AreInTheAudit_Once_AndOneOutOfHoursIsAnAlert()
    {
        using var folder = new TemporaryFolder();
        var (path, key) = (Path.Combine(folder.Path, "vault.json"), Path.Combine(folder.Path, "master.key"));
        var vault = Vault.Open(new FileVault(path), "development", MasterKeys.Create(key, DateTimeOffset.UnixEpoch), TimeProvider.System);
        vault.Set("market_data:binance:key", "mark-of-a-secret");
        vault.Note(SecretUse.Get, "market_data:binance:key"); // as a command does, here before the program runs
        var minuteAgo = TimeProvider.System.GetUtcNow().AddMinutes(-2);
        await using var program = await GuardedProgram.StartAsync(
            $"vault:path={path}", $"vault:master_key_file={key}", $"vault:reading_hours={minuteAgo:HH:mm}-{minuteAgo.AddMinutes(1):HH:mm}");
        var grains = program.Services.GetRequiredService<IGrainFactory>();

        vault.Note(SecretUse.Get, "market_data:binance:key"); // and while it runs
        await Wait.UntilAsync(async () => (await TakenAsync(grains)).Length == 3);
        File.Delete(Path.Combine(folder.Path, "vault.uses.taken")); // all of them come again
        await program.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<SecretUseAudit>().Single().PassAsync();

        var taken = await TakenAsync(grains);
        taken.Select(entry => entry.What).ShouldBe(["get market_data:binance:key", "open", "get market_data:binance:key"]);
        taken.ShouldAllBe(entry => entry.Subject == Environment.UserName && entry.Address == Environment.MachineName);
        string.Concat(taken.Select(entry => entry.ToString())).ShouldNotContain("mark-of-a-secret");
        await Wait.UntilAsync(async () => (await grains.GetGrain<IAlertGrain>(GrainKeys.Alerts).ListAsync(new(null, 100)))
            .Alerts.Any(alert => alert.Name == "SecretReadOutOfHours"));
    }

    static async Task<AuditEntry[]> TakenAsync(IGrainFactory grains) =>
        [.. (await grains.GetGrain<IAuditGrain>(GrainKeys.Audit).ReadAsync(new(0, null, null, null, AuditKinds.Secret, 100))).Entries.Select(each => each.Entry)];
}
