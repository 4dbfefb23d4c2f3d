using Microsoft.Extensions.Options;

namespace Trading.Audit;

/// <summary>Where the heads of the journal's chains are told, so that a journal that was written anew is noticed. Section <c>audit</c>.</summary>
public sealed class AuditOptions : IValidateOptions<AuditOptions>
{
    public const string Section = "audit";

    /// <summary>A file on other storage that each anchor is added to; empty: none.</summary>
    [ConfigurationKeyName("anchor_file")] public string? AnchorFile { get; set; }

    /// <summary>An https address that each anchor is sent to; empty: none.</summary>
    [ConfigurationKeyName("anchor_webhook")] public string? AnchorWebhook { get; set; }

    /// <summary>Seconds between two anchors; from 60 to 604,800.</summary>
    [ConfigurationKeyName("anchor_interval")] public double AnchorInterval { get; set; } = 86_400;

    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        List<string> errors = [];
        if (options.AnchorInterval is not (>= 60 and <= 604_800)) errors.Add($"{Section}:anchor_interval is {options.AnchorInterval} seconds; it can be from 60 to 604800.");
        if (options.AnchorWebhook is { Length: > 0 } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback))))
            errors.Add($"{Section}:anchor_webhook is '{Api.PlainText.Of(address)}'; it is an https address.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
