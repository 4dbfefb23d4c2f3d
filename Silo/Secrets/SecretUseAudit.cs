using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Trading.Api;
using Trading.Operations;

namespace Trading.Secrets;

/// <summary>Takes into the audit what was written down beside the vault: commands cannot write a journal that a program holds, and a
/// program opens the vault before it has one. A use stays where it is until it is on record; handed over twice, it is on record
/// once.</summary>
sealed partial class SecretUseAudit(
    Vault vault, AuditTrail audit, SecurityAlerts alerts, IOptions<VaultOptions> options, TimeProvider clock,
    IHostApplicationLifetime lifetime, ILogger<SecretUseAudit> log) : RepeatedWork(Period, clock, lifetime)
{
    const int MaxTogether = 1_000;
    static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task WorkAsync()
    {
        while (vault.ReadUses(MaxTogether) is { Count: > 0 } uses)
        {
            await audit.RecordAsync([.. uses.Select(EntryOf)]);
            vault.MarkTaken(uses);
            foreach (var use in uses.Where(use => use.Action == SecretUse.Get && !options.Value.IsReadingHour(use.At)))
                alerts.Raise("secret_read", use.User, use.Host, string.Create(CultureInfo.InvariantCulture,
                    $"{PlainText.Of(use.Name)} was printed at {use.At.UtcDateTime:u}, out of hours ({options.Value.ReadingHours})."));
        }
    }

    static AuditEntry EntryOf(SecretUse use) => new(
        AuditKinds.Secret, use.User, use.Host, use.Name is null ? use.Action : $"{use.Action} {PlainText.Of(use.Name)}",
        After: JsonSerializer.Serialize(use, FileVault.UseJson.Default.SecretUse), Trace: use.Id) { Key = $"secret-use:{use.Id}" };

    [LoggerMessage(LogLevel.Error, "Uses of secrets could not be taken into the audit; they stay where they are.")]
    protected override partial void LogFailure(Exception failure);
}
