using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Trading.Api;

/// <summary>Why a token of the authority could not be looked at: a feature of the request that brought it.</summary>
internal sealed record AuthorityAway(string Detail);

/// <summary>The authority of OpenID Connect: how its tokens are validated, and whether it can be asked for its keys. While it cannot,
/// and never could, none of its tokens is good.</summary>
internal sealed partial class Authority(
    IOptionsMonitor<JwtBearerOptions> schemes, IOptions<SecurityOptions> options, ILogger<Authority> log)
{
    public const string Scheme = "authority";

    /// <summary>Names of subjects are kept in every event that they cause.</summary>
    public const int MaxSubjectLength = 200;

    /// <summary>No caller waits longer for somebody else's server.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A key that is not known is asked for at most this often: tokens of nobody must not become questions to the authority.</summary>
    static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    /// <summary>Signatures of key pairs alone: a public key must never serve as a shared secret.</summary>
    static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    volatile bool _isAway;

    public static void Configure(JwtBearerOptions jwt, SecurityOptions options, Tokens tokens)
    {
        jwt.Authority = options.Authority;
        jwt.RequireHttpsMetadata = options.Authority?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ?? true;
        jwt.BackchannelTimeout = Patience;
        jwt.RefreshInterval = AskAgain;
        jwt.Audience = options.AuthorityAudience ?? options.Audience;
        jwt.TokenValidationParameters.ValidAlgorithms = Algorithms;
        jwt.TokenValidationParameters.RequireExpirationTime = true;
        jwt.TokenValidationParameters.RequireSignedTokens = true;
        jwt.TokenValidationParameters.LifetimeValidator = (notBefore, expires, _, _) => tokens.IsInTime(notBefore, expires);
    }

    /// <summary>Notes with a request whose token was refused that nobody could look at it, where that is so.</summary>
    public async Task ExplainAsync(HttpContext http)
    {
        try
        {
            if (schemes.Get(Scheme).ConfigurationManager is { } manager) await manager.GetConfigurationAsync(http.RequestAborted);
            _isAway = false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            if (!_isAway) LogAway(failure, PlainText.Of(options.Value.Authority));
            _isAway = true;
            http.Features.Set(new AuthorityAway(
                "The authority of OpenID Connect (security:authority) does not answer: its tokens cannot be looked at, and open nothing."));
        }
    }

    [LoggerMessage(LogLevel.Error, "The authority {Authority} (security:authority) does not answer; its tokens open nothing until it does.")]
    partial void LogAway(Exception failure, string authority);
}
