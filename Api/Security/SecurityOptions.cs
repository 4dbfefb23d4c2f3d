using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.Api;

/// <summary>Who may use the API, and how they show it. Section <c>security</c>; durations are in seconds.</summary>
public sealed class SecurityOptions : IValidateOptions<SecurityOptions>
{
    public const string Section = "security";

    /// <summary>How long an access token is good; from 60 to 86,400.</summary>
    [ConfigurationKeyName("token_expiry")] public int TokenExpiry { get; set; } = 3_600;

    /// <summary>How long a session may go without being refreshed; from 300 to 7,776,000 and longer than a token.</summary>
    [ConfigurationKeyName("session_expiry")] public int SessionExpiry { get; set; } = 7 * 86_400;

    /// <summary>By how much clocks may differ; from 0 to 300.</summary>
    [ConfigurationKeyName("clock_skew")] public int ClockSkew { get; set; } = 30;

    /// <summary>Who issues the tokens.</summary>
    [ConfigurationKeyName("issuer")] public string Issuer { get; set; } = "trading";

    /// <summary>Whom they are for.</summary>
    [ConfigurationKeyName("audience")] public string Audience { get; set; } = "trading-api";

    /// <summary>How soon a change of users, keys and revocations is known to every process of the API; from 0.1 to 60.</summary>
    [ConfigurationKeyName("refresh_interval")] public double RefreshInterval { get; set; } = 2;

    /// <summary>Passwords that are hashed at once; from 1 to 64. Others wait, and more than sixteen times as many are told to come back.</summary>
    [ConfigurationKeyName("parallel_hashes")] public int ParallelHashes { get; set; } = 2;

    /// <summary>The authority of OpenID Connect whose tokens are taken too; unset: none.</summary>
    [ConfigurationKeyName("authority")] public string? Authority { get; set; }

    /// <summary>The audience of the authority's tokens; unset: that of our own.</summary>
    [ConfigurationKeyName("authority_audience")] public string? AuthorityAudience { get; set; }

    /// <summary>The claim of the authority's tokens that names roles or groups.</summary>
    [ConfigurationKeyName("role_claim")] public string RoleClaim { get; set; } = "roles";

    /// <summary>The claim that names the books; a token without it reaches no book, and * is every book.</summary>
    [ConfigurationKeyName("books_claim")] public string BooksClaim { get; set; } = "books";

    /// <summary>Names of the authority's roles or groups, each with a role of ours: viewer, trader, risk_officer, administrator.</summary>
    [ConfigurationKeyName("role_map")] public Dictionary<string, string> RoleMap { get; } = [];

    public ValidateOptionsResult Validate(string? name, SecurityOptions options)
    {
        string?[] findings =
        [
            options.TokenExpiry is < 60 or > 86_400 ? $"token_expiry is {options.TokenExpiry} seconds; it can be from 60 to 86400." : null,
            options.SessionExpiry is < 300 or > 7_776_000 ? $"session_expiry is {options.SessionExpiry} seconds; it can be from 300 to 7776000." : null,
            options.SessionExpiry <= options.TokenExpiry ? $"session_expiry is {options.SessionExpiry} seconds; it must be longer than token_expiry, {options.TokenExpiry}." : null,
            options.ClockSkew is < 0 or > 300 ? $"clock_skew is {options.ClockSkew} seconds; it can be from 0 to 300." : null,
            options.RefreshInterval is not (>= 0.1 and <= 60) ? $"refresh_interval is {options.RefreshInterval} seconds; it can be from 0.1 to 60." : null,
            options.ParallelHashes is < 1 or > 64 ? $"parallel_hashes is {options.ParallelHashes}; it can be from 1 to 64." : null,
            string.IsNullOrWhiteSpace(options.Issuer) ? "issuer is empty; tokens name who issued them." : null,
            string.IsNullOrWhiteSpace(options.Audience) ? "audience is empty; tokens name whom they are for." : null,
            options.Authority is { } authority && !IsAuthority(authority)
                ? $"authority is '{PlainText.Of(authority)}'; it is an https address (http on this machine alone)." : null,
            options.Authority is not null && options.RoleMap.Count == 0 ? "role_map is empty; without it nobody whom the authority names may do anything." : null,
            .. options.RoleMap.Where(pair => RoleNames.Parse(pair.Value) is null).Select(pair =>
                $"role_map:{pair.Key} is '{PlainText.Of(pair.Value)}'; it can be {string.Join(", ", RoleNames.All.Select(role => role.Name))}."),
        ];
        var errors = findings.OfType<string>().Select(finding => $"{Section}:{finding}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static bool IsAuthority(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
