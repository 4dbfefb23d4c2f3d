using Microsoft.Extensions.Options;

namespace Trading.Monitoring;

/// <summary>Section <c>monitoring</c>. Durations are in seconds.</summary>
public sealed class MonitoringOptions : IValidateOptions<MonitoringOptions>
{
    public const string Section = "monitoring";

    /// <summary>Whether the process measures itself and may be looked at: false takes away metrics, history, and the
    /// dashboard of Orleans.</summary>
    [ConfigurationKeyName("enabled")] public bool Enabled { get; set; } = true;

    /// <summary>Where <c>/metrics</c> is served for Prometheus; empty for nowhere.</summary>
    [ConfigurationKeyName("metrics_url")] public string MetricsUrl { get; set; } = "http://127.0.0.1:8000";

    /// <summary>Where metrics and traces are sent by OTLP (HTTP, protobuf), for example <c>http://127.0.0.1:4318</c>; empty
    /// for nowhere, and then nothing is traced.</summary>
    [ConfigurationKeyName("otlp_endpoint")] public string OtlpEndpoint { get; set; } = "";

    /// <summary>Share of requests that are traced where no caller decided it, 0 to 1.</summary>
    [ConfigurationKeyName("trace_ratio")] public double TraceRatio { get; set; } = 0.01;

    /// <summary>Between two looks at the process and its parts, 1 to 60.</summary>
    [ConfigurationKeyName("sample_interval")] public double SampleInterval { get; set; } = 5;

    /// <summary>Positions of a book above which an alert is raised, 1 to 1,000,000.</summary>
    [ConfigurationKeyName("active_positions_limit")] public int ActivePositionsLimit { get; set; } = 100;

    /// <summary>Free space of the disk below which it is degraded, as a share; 0 to 0.9.</summary>
    [ConfigurationKeyName("disk_free_share")] public double DiskFreeShare { get; set; } = 0.1;

    /// <summary>Free megabytes of the disk below which nothing can be promised to be durable, 1 to 1,000,000.</summary>
    [ConfigurationKeyName("disk_free_megabytes")] public double DiskFreeMegabytes { get; set; } = 200;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, MonitoringOptions options)
    {
        List<string> errors = [];
        Within("trace_ratio", options.TraceRatio, 0, 1);
        Within("sample_interval", options.SampleInterval, 1, 60);
        Within("active_positions_limit", options.ActivePositionsLimit, 1, 1_000_000);
        Within("disk_free_share", options.DiskFreeShare, 0, 0.9);
        Within("disk_free_megabytes", options.DiskFreeMegabytes, 1, 1_000_000);
        Address("metrics_url", options.MetricsUrl);
        Address("otlp_endpoint", options.OtlpEndpoint);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Within(string key, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                errors.Add(FormattableString.Invariant($"{Section}:{key} must be from {least} to {most}; it is {value}."));
        }

        void Address(string key, string value)
        {
            if (value.Length > 0 && !(Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
                errors.Add($"{Section}:{key} must be empty or an address like http://127.0.0.1:8000; it is '{value}'.");
        }
    }
}
