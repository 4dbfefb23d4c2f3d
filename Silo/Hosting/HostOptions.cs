using Microsoft.Extensions.Options;
using Serilog.Events;
using Trading.Audit;
using Trading.Secrets;

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
public sealed class LogOptions
{
    public const string Section = "logging";

    /// <summary>Verbose, Debug, Information, Warning, Error or Fatal.</summary>
    [ConfigurationKeyName("level")] public LogEventLevel Level { get; set; } = LogEventLevel.Warning;

    /// <summary>The log, one compact JSON object a line; its name gets the date. Empty: none.</summary>
    [ConfigurationKeyName("file")] public string? File { get; set; } = "logs/trading_system.jsonl";

    /// <summary>Another level for a category of .NET logging: Trace, Debug, Information, Warning, Error, Critical or None.</summary>
    [ConfigurationKeyName("LogLevel")] public Dictionary<string, LogLevel> Categories { get; } = [];
}

/// <summary>Whether the program may be looked at while it works. Section <c>monitoring</c>.</summary>
public sealed class MonitoringOptions
{
    public const string Section = "monitoring";

    /// <summary>False takes away every page of figures, the dashboard of Orleans among them.</summary>
    [ConfigurationKeyName("enabled")] public bool Enabled { get; set; } = true;
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
        services.AddOptions<MonitoringOptions>().BindConfiguration(MonitoringOptions.Section);
        services.AddOptions<EngineOptions>().BindConfiguration(EngineOptions.Section);
        services.AddOptions<SampleBookOptions>().BindConfiguration(SampleBookOptions.Section);
        services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section);
        services.AddSingleton<IValidateOptions<StoreOptions>, StoreOptions>();
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section);
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptions>();
        services.AddOptions<VaultOptions>().BindConfiguration(VaultOptions.Section);
        services.AddSingleton<IValidateOptions<VaultOptions>, VaultOptions>();
        return services;
    }
}
