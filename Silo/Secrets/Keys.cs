using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Trading.Api;
using Trading.Configuration;
using Trading.Hosting;
using Trading.Operations;

namespace Trading.Secrets;

static class KeyServices
{
    /// <summary>The keys that sign tokens: of the vault, or in development of this process alone, with a token for whoever started it.</summary>
    public static void AddKeys(this IServiceCollection services, SoundSettings sound)
    {
        var isDevelopment = sound.Environment == TradingEnvironment.Development;
        services.AddSingleton(new AccessMode(isDevelopment));
        if (isDevelopment)
        {
            services.AddSingleton<ISigningKeyStore, PassingSigningKeys>();
            services.AddSingleton<DevelopmentToken>().AddHostedService(all => all.GetRequiredService<DevelopmentToken>());
            return;
        }

        var vault = VaultSettings.Open(sound.Of<VaultOptions>(), sound.Environment)!;
        services.AddSingleton(vault).AddSingleton<ISigningKeyStore>(new VaultSigningKeys(vault));
        services.AddSingleton<IKeyRotation, KeyRotation>();
    }
}

/// <summary>Signing keys as a secret of the vault.</summary>
sealed class VaultSigningKeys(Vault vault) : ISigningKeyStore
{
    public const string Name = "signing_keys";

    public ImmutableArray<SigningKey> Read() =>
        vault.Get(Name) is { } json ? JsonSerializer.Deserialize<ImmutableArray<SigningKey>>(json) : [];

    public void Write(ImmutableArray<SigningKey> keys) => vault.Set(Name, JsonSerializer.Serialize(keys));
}

/// <summary>New keys where those there are have had their time.</summary>
sealed class KeyRotation(Vault vault, SigningKeys signing, AuditTrail audit, IOptions<VaultOptions> options, TimeProvider clock) : IKeyRotation
{
    public Task RotateWhereDueAsync()
    {
        var due = clock.GetUtcNow() - TimeSpan.FromDays(options.Value.RotationDays);
        List<string> done = [];
        if (signing.CurrentSince <= due)
        {
            signing.Rotate();
            done.Add("signing keys");
        }

        // A master key from a variable is its operator's to replace.
        if (options.Value.MasterKeyFile is { Length: > 0 } && vault.List().Any(secret => secret.KeyedAt <= due))
        {
            vault.Rotate();
            done.Add($"{vault.List().Count} secrets, now under the master key {vault.CurrentKey}");
        }

        return done.Count == 0 ? Task.CompletedTask : audit.RecordAsync(new AuditEntry(AuditKinds.Secret, null, null, $"rotated: {string.Join(", ", done)}"));
    }
}

/// <summary>The token of development: made at the start, in a file that only its owner reads, void with the next start.</summary>
sealed class DevelopmentToken(Tokens tokens, IOptions<StoreOptions> store) : IHostedLifecycleService
{
    public const string Subject = "developer", FileName = "development.auth";

    /// <summary>The header of a request, as <c>curl -H @FILE</c> reads it.</summary>
    public string Path { get; } = System.IO.Path.Combine(Folder(store.Value), FileName);

    public string Token { get; } = tokens.ForDevelopment(Subject).Text;

    static string Folder(StoreOptions store) =>
        store.Kind == "sqlite" && System.IO.Path.GetDirectoryName(store.Path) is { Length: > 0 } folder ? folder : "data";

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        PrivateFile.Write(Path, $"Authorization: Bearer {Token}\n");
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        File.Delete(Path);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
