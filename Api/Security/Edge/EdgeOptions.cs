using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.Api;

/// <summary>Who gets as far as the door, and how often. Section <c>edge</c>.</summary>
public sealed class EdgeOptions : IValidateOptions<EdgeOptions>
{
    public const string Section = "edge";
    const int Most = 100_000_000;

    /// <summary>Networks (192.168.7.0/24) that may ask; empty: every one, which production does not take.</summary>
    [ConfigurationKeyName("allow")] public string[] Allow { get; set; } = [];

    /// <summary>Networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; empty: none.</summary>
    [ConfigurationKeyName("trusted_proxies")] public string[] TrustedProxies { get; set; } = [];

    /// <summary>Requests a minute of one address, and of one subject; from 1.</summary>
    [ConfigurationKeyName("requests_per_minute")] public int RequestsPerMinute { get; set; } = 60;

    /// <summary>Of these at once; from 1.</summary>
    [ConfigurationKeyName("burst")] public int Burst { get; set; } = 10;

    /// <summary>Signals, fills and releases a minute of one subject that trades; from 1.</summary>
    [ConfigurationKeyName("trading_per_minute")] public int TradingPerMinute { get; set; } = 6_000_000;

    /// <summary>Of these at once; from 1.</summary>
    [ConfigurationKeyName("trading_burst")] public int TradingBurst { get; set; } = 100_000;

    /// <summary>Modes, breakers and stops a minute of one subject, whatever else was asked; from 1.</summary>
    [ConfigurationKeyName("emergency_per_minute")] public int EmergencyPerMinute { get; set; } = 60;

    /// <summary>Of these at once; from 1.</summary>
    [ConfigurationKeyName("emergency_burst")] public int EmergencyBurst { get; set; } = 30;

    /// <summary>Seconds that a caller may take to send the head of a request; from 1 to 300.</summary>
    [ConfigurationKeyName("header_timeout")] public double HeaderTimeout { get; set; } = 15;

    /// <summary>Connections at once; from 1.</summary>
    [ConfigurationKeyName("max_connections")] public int MaxConnections { get; set; } = 10_000;

    /// <summary>The certificate of https addresses, PEM with its key or with key_file beside it; read anew when it changes.</summary>
    [ConfigurationKeyName("certificate_file")] public string? CertificateFile { get; set; }

    /// <summary>The key of the certificate, PEM; unset: it is in the certificate's file.</summary>
    [ConfigurationKeyName("key_file")] public string? KeyFile { get; set; }

    /// <summary>Whether a proxy before the program ends TLS, so that plain addresses beyond this machine are meant.</summary>
    [ConfigurationKeyName("behind_tls")] public bool BehindTls { get; set; }

    /// <summary>Seconds that browsers are told to come back by TLS only; 0 for never.</summary>
    [ConfigurationKeyName("hsts_seconds")] public int HstsSeconds { get; set; } = 31_536_000;

    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        string?[] findings =
        [
            .. options.Allow.Select(network => Network("allow", network)), .. options.TrustedProxies.Select(network => Network("trusted_proxies", network)),
            Within("requests_per_minute", options.RequestsPerMinute, 1, Most), Within("burst", options.Burst, 1, Most),
            Within("trading_per_minute", options.TradingPerMinute, 1, Most), Within("trading_burst", options.TradingBurst, 1, Most),
            Within("emergency_per_minute", options.EmergencyPerMinute, 1, Most), Within("emergency_burst", options.EmergencyBurst, 1, Most),
            Within("header_timeout", options.HeaderTimeout, 1, 300), Within("max_connections", options.MaxConnections, 1, Most),
            Within("hsts_seconds", options.HstsSeconds, 0, 126_144_000),
            Missing("certificate_file", options.CertificateFile), Missing("key_file", options.KeyFile),
        ];
        var errors = findings.OfType<string>().Select(finding => $"{Section}:{finding}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static string? Network(string key, string text) =>
        IPNetwork.TryParse(text, out _) ? null : $"{key} has '{PlainText.Of(text)}'; it holds networks (192.168.7.0/24, 10.1.2.3/32, fd00::/8).";

    static string? Within(string key, double value, double least, double most) =>
        value >= least && value <= most ? null : $"{key} is {value}; it can be from {least} to {most}.";

    static string? Missing(string key, string? file) =>
        file is null || File.Exists(file) ? null : $"{key} is '{PlainText.Of(file)}', and there is no such file.";
}
