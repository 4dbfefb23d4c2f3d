using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Where economic series come from. Section <c>market_data:macro</c>; durations are in seconds.</summary>
public sealed class MacroOptions : IValidateOptions<MacroOptions>
{
    public const string Section = "market_data:macro";

    /// <summary>The address that series are asked at, for example
    /// <c>https://api.stlouisfed.org/fred/series/observations</c> for <c>json</c> and
    /// <c>https://fred.stlouisfed.org/graph/fredgraph.csv</c> for <c>csv</c>. Unset: there are no series.</summary>
    [ConfigurationKeyName("address")] public string? Address { get; set; }

    /// <summary><c>json</c> or <c>csv</c>.</summary>
    [ConfigurationKeyName("format")] public string Format { get; set; } = "csv";

    /// <summary>What <c>json</c> takes as <c>api_key</c>. Never shown.</summary>
    [ConfigurationKeyName("key")] public string? Key { get; set; }

    /// <summary>Whether <c>json</c> is asked for every vintage, so that reads as of a time before the first question
    /// know what was published then.</summary>
    [ConfigurationKeyName("vintages")] public bool Vintages { get; set; }

    /// <summary>How long an answer is fresh; from 1 up to 31 days.</summary>
    [ConfigurationKeyName("cache_ttl")] public double CacheTtl { get; set; } = 3_600;

    /// <summary>How long one question may take, answer included; from 0.05 to 300.</summary>
    [ConfigurationKeyName("timeout")] public double Timeout { get; set; } = 15;

    /// <summary>An answer larger than this is nonsense; from 1,024 to 67,108,864.</summary>
    [ConfigurationKeyName("max_response_bytes")] public int MaxResponseBytes { get; set; } = 16 << 20;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, MacroOptions options)
    {
        List<string> errors = [];
        if (!string.IsNullOrEmpty(options.Address)
            && !(Uri.TryCreate(options.Address, UriKind.Absolute, out var address)
                && address.Scheme is "http" or "https" && address.Query.Length == 0))
            // and is not shown: a key may stand in it
            errors.Add("address is no absolute http or https address without a query.");
        if (options.Format is not ("json" or "csv"))
            errors.Add($"format is '{options.Format}'; it can be json or csv.");
        if (options is { Vintages: true, Format: "csv" }) errors.Add("vintages is true; only json gives them.");
        if (options.CacheTtl is not (>= 1 and <= 31 * 86_400))
            errors.Add($"cache_ttl is {options.CacheTtl} seconds; it can be from 1 to {31 * 86_400}.");
        if (options.Timeout is not (>= 0.05 and <= 300))
            errors.Add($"timeout is {options.Timeout} seconds; it can be from 0.05 to 300.");
        if (options.MaxResponseBytes is < 1_024 or > 64 << 20)
            errors.Add($"max_response_bytes is {options.MaxResponseBytes}; it can be from 1024 to {64 << 20}.");
        return errors.Count == 0
            ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Select(error => $"{Section}:{error}"));
    }
}
