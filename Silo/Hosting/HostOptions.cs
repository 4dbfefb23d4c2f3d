using Microsoft.Extensions.Options;
using Serilog.Events;
using Trading.Audit;
using Trading.Secrets;
using Trading.Api;
using Trading.Monitoring;
using Trading.Backup;

namespace Trading.Hosting;

/// <summary>Where the API listens.</summary>
public sealed class AddressOptions
{
    /// <summary>It stands for itself, in no section.</summary>
    public const string Section = "";

    /// <summary>Addresses, with ';' between them.</summary>
    [ConfigurationKeyName("urls")] public string Urls { get; set; } = "http://127.0.0.1:8080";

    public string[] Addresses => Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>What the log takes. Section <c>logging</c>.</summary>
public sealed class LogOptions : IValidateOptions<LogOptions>
{
    public const string Section = "logging";

    /// <summary>Verbose, Debug, Information, Warning, Error or Fatal.</summary>
    [ConfigurationKeyName("level")] public LogEventLevel Level { get; set; } = LogEventLevel.Warning;

    /// <summary>The current log, one compact JSON object a line; older ones get the date. Empty: none.</summary>
    [ConfigurationKeyName("file")] public string? File { get; set; } = "logs/trading_system.jsonl";

    /// <summary>Another level for a category of .NET logging: Trace, Debug, Information, Warning, Error, Critical or None.</summary>
    [ConfigurationKeyName("LogLevel")] public Dictionary<string, LogLevel> Categories { get; } = [];

    /// <summary>Another level for an area of the product, for example <c>risk</c>.</summary>
    [ConfigurationKeyName("areas")] public Dictionary<string, LogLevel> Areas { get; } = [];

    /// <summary>Bytes at which the file is set aside, from 64 kB to 10 GB.</summary>
    [ConfigurationKeyName("file_size_limit")] public long FileSizeLimit { get; set; } = 100 << 20;

    /// <summary>Files set aside that are kept, 1 to 10,000.</summary>
    [ConfigurationKeyName("retention_files")] public int RetentionFiles { get; set; } = 60;

    /// <summary>Days after which a file goes, 1 to 3,650.</summary>
    [ConfigurationKeyName("retention_days")] public double RetentionDays { get; set; } = 30;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, LogOptions options)
    {
        List<string> errors = [];
        foreach (var area in options.Areas.Keys.Where(area => !LogLevels.Categories.ContainsKey(area)))
            errors.Add($"logging:areas:{area} is no area; the areas are {string.Join(", ", LogLevels.Categories.Keys)}.");
        if (options.FileSizeLimit is < 64 << 10 or > 10L << 30)
            errors.Add($"logging:file_size_limit must be from {64 << 10} to {10L << 30}; it is {options.FileSizeLimit}.");
        if (options.RetentionFiles is < 1 or > 10_000)
            errors.Add($"logging:retention_files must be from 1 to 10000; it is {options.RetentionFiles}.");
        if (options.RetentionDays is not (>= 1 and <= 3_650))
            errors.Add(FormattableString.Invariant($"logging:retention_days must be from 1 to 3650; it is {options.RetentionDays}."));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

/// <summary>The engine. Section <c>orleans</c>.</summary>
public sealed class EngineOptions
{
    public const string Section = "orleans";

    /// <summary>Whether the dashboard of Orleans is served at /orleans.</summary>
    [ConfigurationKeyName("dashboard")] public bool Dashboard { get; set; } = true;
}

static class HostOptionsServices
{
    /// <summary>The settings of the host itself; an area registers its own.</summary>
    public static IServiceCollection AddHostOptions(this IServiceCollection services)
    {
        services.AddOptions<AddressOptions>().Configure<IConfiguration>((options, settings) => settings.Bind(options));
        services.AddOptions<LogOptions>().BindConfiguration(LogOptions.Section);
        services.AddSingleton<IValidateOptions<LogOptions>, LogOptions>();
        services.AddOptions<MonitoringOptions>().BindConfiguration(MonitoringOptions.Section);
        services.AddSingleton<IValidateOptions<MonitoringOptions>, MonitoringOptions>();
        services.AddOptions<EngineOptions>().BindConfiguration(EngineOptions.Section);
        services.AddOptions<SampleBookOptions>().BindConfiguration(SampleBookOptions.Section);
        services.AddOptions<ClusteringOptions>().BindConfiguration(ClusteringOptions.Section);
        services.AddSingleton<IValidateOptions<ClusteringOptions>, ClusteringOptions>();
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section);
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupOptions>();
        services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section);
        services.AddSingleton<IValidateOptions<StoreOptions>, StoreOptions>();
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section);
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptions>();
        services.AddOptions<VaultOptions>().BindConfiguration(VaultOptions.Section);
        services.AddSingleton<IValidateOptions<VaultOptions>, VaultOptions>();
        return services;
    }
}
