using System.Globalization;
using Microsoft.Extensions.Options;

namespace Trading.Secrets;

/// <summary>Where secrets are kept, encrypted, and the key to them. Section <c>vault</c>.</summary>
public sealed class VaultOptions : IValidateOptions<VaultOptions>
{
    public const string Section = "vault";

    /// <summary><c>file</c>, or <c>database</c>: tables of the store, where every process of a cluster finds them.</summary>
    [ConfigurationKeyName("kind")] public string Kind { get; set; } = "file";

    /// <summary>The file of the secrets.</summary>
    [ConfigurationKeyName("path")] public string Path { get; set; } = "data/vault.json";

    /// <summary>The file of the master key, which nobody else may read; unset: the variable TRADING_MASTER_KEY holds it.</summary>
    [ConfigurationKeyName("master_key_file")] public string? MasterKeyFile { get; set; }

    /// <summary>After which keys are replaced by new ones, in days; from 1 to 365.</summary>
    [ConfigurationKeyName("rotation_days")] public int RotationDays { get; set; } = 30;

    /// <summary>When a secret may be printed without an alert, Monday to Friday in UTC, for example <c>07:00-19:00</c>; empty: at any
    /// time.</summary>
    [ConfigurationKeyName("reading_hours")] public string ReadingHours { get; set; } = "";

    /// <summary>Whether a secret may be printed then without an alert.</summary>
    public bool IsReadingHour(DateTimeOffset at) => Hours(ReadingHours) is not var (from, until)
        || (at.UtcDateTime.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && TimeOnly.FromDateTime(at.UtcDateTime).IsBetween(from, until));

    static (TimeOnly From, TimeOnly Until)? Hours(string text) =>
        text.Split('-') is [var from, var until] && Parse(from) is { } begin && Parse(until) is { } end && begin != end ? (begin, end) : null;

    static TimeOnly? Parse(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    public ValidateOptionsResult Validate(string? name, VaultOptions options)
    {
        List<string> errors = [];
        if (options.Kind is not ("file" or "database")) errors.Add($"{Section}:kind is '{Api.PlainText.Of(options.Kind)}'; it can be file or database.");
        if (string.IsNullOrWhiteSpace(options.Path)) errors.Add($"{Section}:path is empty; it is the path of a file.");
        if (options.RotationDays is < 1 or > 365) errors.Add($"{Section}:rotation_days is {options.RotationDays}; it can be from 1 to 365.");
        if (options.ReadingHours.Length > 0 && Hours(options.ReadingHours) is null)
            errors.Add($"{Section}:reading_hours is '{Api.PlainText.Of(options.ReadingHours)}'; it is two times of day, as in 07:00-19:00, or empty.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
