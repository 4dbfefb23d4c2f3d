using System.Collections.Immutable;
using Trading.Configuration;
using Trading.Hosting;

namespace Trading.Secrets;

/// <summary>The vault as the settings name it, and the settings that are in it.</summary>
static class VaultSettings
{
    public const string Origin = "the vault";

    /// <summary>Settings without those of the vault, for a command that opens it itself.</summary>
    public static (SettingsLayers Layers, VaultOptions Options, StoreOptions Store) Read(string[] settings)
    {
        var layers = SettingsLayers.ReadWithoutVault(settings);
        return layers.Faults.IsEmpty ? (layers, Options(layers), StoreIn(layers)) : throw new SettingsException(new(false, layers.Environment.Name(), null, layers.Faults));
    }

    /// <summary>Null where no master key is given.</summary>
    /// <exception cref="VaultException">It is the wrong one.</exception>
    public static Vault? Open(VaultOptions options, StoreOptions store, TradingEnvironment environment)
    {
        var keys = MasterKeys.Read(options.MasterKeyFile, Environment.GetEnvironmentVariable(MasterKeys.Variable));
        return keys is null ? null : Vault.Open(Kept(options, store), environment.Name(), keys, TimeProvider.System);
    }

    static IVaultStore Kept(VaultOptions options, StoreOptions store) => (options.Kind, store.Kind) switch
    {
        ("database", "sqlite") => DatabaseVault.Sqlite(store.Path),
        ("database", "postgres") => DatabaseVault.Postgres(store.ConnectionString is { Length: > 0 } connection ? connection : throw new VaultException(
            "vault:kind is database, and store:connection_string is not given: it opens the vault and cannot be in it. "
            + "Bring it as the variable store__connection_string.")),
        ("database", _) => throw new VaultException($"vault:kind is database, and store:kind is {Api.PlainText.Of(store.Kind)}: it keeps no vault; take sqlite or postgres."),
        _ => new FileVault(options.Path),
    };

    /// <summary>Every secret that is called like a setting stands for it. It wins over files, and the process's environment wins over it.</summary>
    public static SettingsLayers With(SettingsLayers layers)
    {
        var values = ImmutableDictionary.Create<string, string?>(StringComparer.OrdinalIgnoreCase).ToBuilder();
        try
        {
            var options = Options(layers);
            var store = Kept(options, StoreIn(layers));
            var vault = Open(options, StoreIn(layers), layers.Environment);
            if (vault is null && store.Exists)
                throw new VaultException($"The vault {store.Name} needs its master key: name its file (vault:master_key_file) or set {MasterKeys.Variable}.");
            if (store.Exists) vault!.Note(SecretUse.Open, null);
            foreach (var secret in vault?.List() ?? [])
                if (SettingsCatalog.Instance.Find(secret.Name) is SettingLeaf) values[secret.Name] = vault!.Get(secret.Name);
        }
        catch (VaultException refused)
        {
            return layers with { Faults = layers.Faults.Add(new(VaultOptions.Section, "vault", null, refused.Message)) };
        }

        return layers with { Layers = layers.Layers.Insert(SettingsLayers.FilesCount, new(Origin, values.ToImmutable())) };
    }

    static VaultOptions Options(SettingsLayers layers) => new()
    {
        Kind = layers.Find("vault:kind")?.Value ?? new VaultOptions().Kind,
        Path = layers.Find("vault:path")?.Value ?? new VaultOptions().Path,
        MasterKeyFile = layers.Find("vault:master_key_file")?.Value,
    };

    static StoreOptions StoreIn(SettingsLayers layers) => new()
    {
        Kind = layers.Find("store:kind")?.Value ?? new StoreOptions().Kind,
        Path = layers.Find("store:path")?.Value ?? new StoreOptions().Path,
        ConnectionString = layers.Find("store:connection_string")?.Value,
    };
}
