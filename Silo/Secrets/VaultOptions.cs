using Microsoft.Extensions.Options;

namespace Trading.Secrets;

/// <summary>Where secrets are kept, encrypted, and the key to them. Section <c>vault</c>.</summary>
public sealed class VaultOptions : IValidateOptions<VaultOptions>
{
    public const string Section = "vault";

    /// <summary>The file of the secrets.</summary>
    [ConfigurationKeyName("path")] public string Path { get; set; } = "data/vault.json";

    /// <summary>The file of the master key, which nobody else may read; unset: the variable TRADING_MASTER_KEY holds it.</summary>
    [ConfigurationKeyName("master_key_file")] public string? MasterKeyFile { get; set; }

    /// <summary>After which keys are replaced by new ones, in days; from 1 to 365.</summary>
    [ConfigurationKeyName("rotation_days")] public int RotationDays { get; set; } = 30;

    public ValidateOptionsResult Validate(string? name, VaultOptions options)
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(options.Path)) errors.Add($"{Section}:path is empty; it is the path of a file.");
        if (options.RotationDays is < 1 or > 365) errors.Add($"{Section}:rotation_days is {options.RotationDays}; it can be from 1 to 365.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
