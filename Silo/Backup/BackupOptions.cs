using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Trading.Stores;

namespace Trading.Backup;

/// <summary>Where backups are kept, and how often they are made. Section <c>backup</c>.</summary>
public sealed class BackupOptions : IValidateOptions<BackupOptions>
{
    public const string Section = "backup";
    public const int KeyBytes = 32;
    const double MostHours = 24 * 31;

    /// <summary>The folder; created where missing.</summary>
    [ConfigurationKeyName("folder")] public string Folder { get; set; } = "backups";

    /// <summary>A file with the key: 32 random bytes in base64. Whoever has it can read every backup, and without it
    /// nobody can.</summary>
    [ConfigurationKeyName("key_file")] public string? KeyFile { get; set; }

    /// <summary>Hours between two backups that a running program makes by itself; 0 for none, up to 744.</summary>
    [ConfigurationKeyName("every")] public double Every { get; set; }

    /// <summary>How many are kept, the newest; from 2 to 10,000.</summary>
    [ConfigurationKeyName("keep")] public int Keep { get; set; } = 14;

    /// <summary>Files that go into each backup beside the store: settings, certificates.</summary>
    [ConfigurationKeyName("files")] public string[] Files { get; set; } = [];

    public ValidateOptionsResult Validate(string? name, BackupOptions options) =>
        options.Check() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;

    /// <summary>Every broken rule at once.</summary>
    public IReadOnlyList<string> Check()
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(Folder)) errors.Add($"{Section}:folder is empty; backups need a place.");
        if (!(Every is >= 0 and <= MostHours))
            errors.Add($"{Section}:every is {Every}; it must be from 0 to {MostHours} hours.");
        if (Keep is < 2 or > 10_000) errors.Add($"{Section}:keep is {Keep}; it must be from 2 to 10000.");
        if (Every > 0 && string.IsNullOrWhiteSpace(KeyFile))
            errors.Add(
                $"{Section}:key_file is missing; backups by schedule need one. Make it: trading backup key FILE");
        return errors;
    }

    /// <exception cref="StoreCopyException">There is no key, or it is none; the message says how to make
    /// one.</exception>
    public byte[] Key()
    {
        if (string.IsNullOrWhiteSpace(KeyFile) || !File.Exists(KeyFile))
            throw new StoreCopyException(
                $"{Section}:key_file {(string.IsNullOrWhiteSpace(KeyFile) ? "is missing" : $"names no file ({KeyFile})")}. "
                + "Make a key once and keep a copy of it away from the backups: trading backup key FILE");
        var key = new byte[KeyBytes];
        return Convert.TryFromBase64String(File.ReadAllText(KeyFile).Trim(), key, out var length) && length == KeyBytes
            ? key
            : throw new StoreCopyException($"{KeyFile} is no key: it must hold {KeyBytes} bytes in base64.");
    }

    /// <summary>Writes a new key that only its owner can read; never over an old one, which older backups
    /// need.</summary>
    public static void MakeKey(string path)
    {
        using var file = new FileStream(path, OwnerOnly(FileMode.CreateNew));
        file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
    }

    /// <summary>For writing a file that nobody else may read.</summary>
    public static FileStreamOptions OwnerOnly(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
