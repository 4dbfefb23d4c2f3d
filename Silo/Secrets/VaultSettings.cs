using System.Collections.Immutable;
using Trading.Configuration;

namespace Trading.Secrets;

/// <summary>The vault as the settings name it, and the settings that are in it.</summary>
static class VaultSettings
{
    public const string Origin = "the vault";

    /// <summary>Settings without those of the vault, for a command that opens it itself.</summary>
    public static (SettingsLayers Layers, VaultOptions Options) Read(string[] settings)
    {
        var layers = SettingsLayers.ReadWithoutVault(settings);
        return layers.Faults.IsEmpty ? (layers, Options(layers)) : throw new SettingsException(new(false, layers.Environment.Name(), null, layers.Faults));
    }

    /// <summary>Null where no master key is given.</summary>
    /// <exception cref="VaultException">It is the wrong one.</exception>
    public static Vault? Open(VaultOptions options, TradingEnvironment environment)
    {
        var keys = MasterKeys.Read(options.MasterKeyFile, Environment.GetEnvironmentVariable(MasterKeys.Variable));
        return keys is null ? null : Vault.Open(options.Path, environment.Name(), keys, TimeProvider.System);
    }

    /// <summary>Every secret that is called like a setting stands for it. It wins over files, and the process's environment wins over it.</summary>
    public static SettingsLayers With(SettingsLayers layers)
    {
        var values = ImmutableDictionary.Create<string, string?>(StringComparer.OrdinalIgnoreCase).ToBuilder();
        try
        {
            var options = Options(layers);
            var vault = Open(options, layers.Environment);
            if (vault is null && File.Exists(options.Path))
                throw new VaultException($"The vault {options.Path} needs its master key: name its file (vault:master_key_file) or set {MasterKeys.Variable}.");
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
        Path = layers.Find("vault:path")?.Value ?? new VaultOptions().Path,
        MasterKeyFile = layers.Find("vault:master_key_file")?.Value,
    };
}
