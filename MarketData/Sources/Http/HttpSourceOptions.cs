using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>What every source behind HTTP is told. Durations are in seconds.</summary>
public abstract class HttpSourceOptions
{
    const int MaxRetries = 5, LeastBytes = 1024, MostBytes = 256 * 1024 * 1024, LeastPerMinute = 60,
        MostPerMinute = 1_000_000;

    /// <summary>False takes the source out of the program.</summary>
    [ConfigurationKeyName("enabled")] public bool Enabled { get; set; } = true;

    /// <summary>Unset: the public address of the source.</summary>
    [ConfigurationKeyName("base_address")] public string? BaseAddress { get; set; }

    /// <summary>The budget, in the weights that the source counts requests by; from 60.</summary>
    [ConfigurationKeyName("requests_per_minute")] public int RequestsPerMinute { get; set; }

    /// <summary>How long one request may take, answer included; from 0.05 to 300.</summary>
    [ConfigurationKeyName("timeout")] public double Timeout { get; set; } = 10;

    /// <summary>How often a request is repeated that got no answer or a server's failure; from 0 to 5.</summary>
    [ConfigurationKeyName("retries")] public int Retries { get; set; } = 1;

    /// <summary>An answer larger than this is nonsense; from 1,024 to 268,435,456.</summary>
    [ConfigurationKeyName("max_response_bytes")] public int MaxResponseBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The address where <see cref="BaseAddress"/> is unset.</summary>
    public abstract string DefaultAddress { get; }

    public Uri Address => new(BaseAddress ?? DefaultAddress);

    /// <summary>The rules that these options break, as key and rule; none where they are good.</summary>
    public virtual IEnumerable<string> BrokenRules()
    {
        if (BaseAddress is not null && !IsAddress(BaseAddress, "http", "https"))
            yield return $"base_address is '{BaseAddress}'; it is an absolute http or https address.";
        if (RequestsPerMinute is < LeastPerMinute or > MostPerMinute)
            yield return $"requests_per_minute is {RequestsPerMinute}; it can be from {LeastPerMinute} to {MostPerMinute}.";
        if (Timeout is not (>= 0.05 and <= 300))
            yield return $"timeout is {Timeout} seconds; it can be from 0.05 to 300.";
        if (Retries is < 0 or > MaxRetries) yield return $"retries is {Retries}; it can be from 0 to {MaxRetries}.";
        if (MaxResponseBytes is < LeastBytes or > MostBytes)
            yield return $"max_response_bytes is {MaxResponseBytes}; it can be from {LeastBytes} to {MostBytes}.";
    }

    protected static bool IsAddress(string address, params ReadOnlySpan<string> schemes) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme);
}

/// <summary>Every broken rule of a source's section at once.</summary>
sealed class HttpSourceOptionsValidator<T>(string section) : IValidateOptions<T> where T : HttpSourceOptions
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var errors = options.BrokenRules().Select(rule => $"{section}:{rule}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
