using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Trading.Api;
using Trading.Configuration;
using Trading.Hosting;
using Trading.Journal;
using Trading.Operations;

namespace Trading.Secrets;

static class KeyServices
{
    /// <summary>The keys that sign tokens: of the vault, or in development of this process alone, with a token for whoever started it.</summary>
    public static void AddKeys(this IServiceCollection services, SoundSettings sound)
    {
        var isDevelopment = sound.Environment == TradingEnvironment.Development;
        services.AddSingleton(new AccessMode(isDevelopment));
        var vault = VaultSettings.Open(sound.Of<VaultOptions>(), sound.Of<StoreOptions>(), sound.Environment);
        if (vault is not null) services.AddSingleton(vault).AddHostedService<SecretUseAudit>();
        if (isDevelopment)
        {
            services.AddSingleton<ISigningKeyStore>(new DevelopmentKeys(Path.Combine(DevelopmentToken.Folder(sound.Of<StoreOptions>()), DevelopmentKeys.FileName)));
            services.AddSingleton<DevelopmentToken>().AddHostedService(all => all.GetRequiredService<DevelopmentToken>());
            return;
        }

        services.AddSingleton<ISigningKeyStore>(new VaultSigningKeys(vault!)); // the settings do not hold without its key
        services.AddSingleton<IKeyRotation, KeyRotation>();
    }
}

/// <summary>Signing keys as a secret of the vault.</summary>
sealed class VaultSigningKeys(Vault vault) : ISigningKeyStore
{
    public const string Name = "signing_keys";

    public ImmutableArray<SigningKey> Read() => KeysOf(vault.Get(Name));

    public void Change(Func<ImmutableArray<SigningKey>, ImmutableArray<SigningKey>> change) =>
        vault.Change(Name, before => JsonSerializer.Serialize(change(KeysOf(before))));

    static ImmutableArray<SigningKey> KeysOf(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<ImmutableArray<SigningKey>>(json);
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

/// <summary>The signing key of development: random, in a file that only its owner reads, so that every process beside one store knows it.</summary>
sealed class DevelopmentKeys(string path) : ISigningKeyStore
{
    public const string FileName = "development.key";

    public ImmutableArray<SigningKey> Read()
    {
        if (!File.Exists(path)) Create();
        return JsonSerializer.Deserialize<ImmutableArray<SigningKey>>(File.ReadAllText(path));
    }

    public void Change(Func<ImmutableArray<SigningKey>, ImmutableArray<SigningKey>> change) =>
        PrivateFile.Write(path, JsonSerializer.Serialize(change(Read())));

    /// <summary>Of several processes that begin at once one makes it.</summary>
    void Create()
    {
        var draft = $"{path}.{Environment.ProcessId}";
        try
        {
            PrivateFile.Write(draft, JsonSerializer.Serialize(ImmutableArray.Create(SigningKey.New(TimeProvider.System.GetUtcNow()))));
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft); // another was first
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException(path, "the file or its folder cannot be written.", denied); // nor can the store beside it
        }
    }
}

/// <summary>The token of development: made at the start, in a file that only its owner reads.</summary>
sealed class DevelopmentToken(Tokens tokens, IOptions<StoreOptions> store) : IHostedLifecycleService
{
    public const string Subject = "developer", FileName = "development.auth";

    /// <summary>The header of a request, as <c>curl -H @FILE</c> reads it.</summary>
    public string Path { get; } = System.IO.Path.Combine(Folder(store.Value), FileName);

    public string Token { get; } = tokens.ForDevelopment(Subject).Text;

    /// <summary>That of the store, or where it would be.</summary>
    public static string Folder(StoreOptions store) => System.IO.Path.GetDirectoryName(store.Path) ?? "";

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        PrivateFile.Write(Path, $"Authorization: Bearer {Token}\n");
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
