using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Trading.Api;

/// <summary>Finds out who asks. JwtBearer validates a token once; from then on it is known by its text until it ends, because validating
/// it for every request would halve the rate of decisions. A change of subjects or revocations has every known one looked at again.</summary>
internal sealed class Authenticator(
    Identities identities, Tokens tokens, Authority authority, IOptions<SecurityOptions> options, TimeProvider clock)
{
    public const string Cookie = "trading_session", ApiKeyHeader = "X-Api-Key";

    const string Bearer = "Bearer ";
    const int MaxKnown = 10_000, MaxTokenLength = 8_192;

    readonly ConcurrentDictionary<string, Known> _known = new();

    /// <summary>The credentials of a request as they stand there; null for none.</summary>
    public static string? CredentialsOf(HttpRequest request)
    {
        if (request.Headers.Authorization is [{ Length: > 0 } header]) return header;
        if (request.Headers[ApiKeyHeader] is [{ Length: > 0 } key]) return key;
        return request.Cookies.TryGetValue(Cookie, out var cookie) && IsOfThisSite(request) ? cookie : null;
    }

    /// <summary>Null where the credentials are no good.</summary>
    public ValueTask<Caller?> IdentifyAsync(HttpContext http, string credentials)
    {
        if (_known.TryGetValue(credentials, out var known) && known.Caller.ExpiresAt > clock.GetUtcNow())
        {
            if (known.Version == identities.Version) return new(known.Caller);
            if (identities.MayStay(known.Caller))
            {
                Keep(credentials, known.Caller);
                return new(known.Caller);
            }
        }

        return ValidateAsync(http, credentials);
    }

    async ValueTask<Caller?> ValidateAsync(HttpContext http, string credentials)
    {
        _known.TryRemove(credentials, out _);
        if (credentials.Length > MaxTokenLength) return null;
        var text = credentials.StartsWith(Bearer, StringComparison.Ordinal) ? credentials[Bearer.Length..] : credentials;
        var version = identities.Version;
        var caller = identities.Find(text) ?? await ReadTokenAsync(http, text);
        if (caller is null || caller.ExpiresAt <= clock.GetUtcNow() || !identities.MayStay(caller)) return null;
        Keep(credentials, caller, version);
        return caller;
    }

    async Task<Caller?> ReadTokenAsync(HttpContext http, string text)
    {
        if (text.Split('.').Length != 3 || IssuerOf(text) is not { } issuer) return null;
        var isOurs = options.Value.Authority is null || issuer == options.Value.Issuer;
        http.Items[TokenItem] = text;
        var result = await http.AuthenticateAsync(isOurs ? JwtBearerDefaults.AuthenticationScheme : Authority.Scheme);
        http.Items.Remove(TokenItem);
        if (!result.Succeeded && !isOurs) await authority.ExplainAsync(http);
        if (!result.Succeeded || new JsonWebToken(text) is not { } token) return null;
        return isOurs ? Tokens.CallerOf(token) : tokens.CallerOfAuthority(result.Principal, token);
    }

    /// <summary>Under which the token is handed to JwtBearer, wherever it stood in the request.</summary>
    public const string TokenItem = "trading.token";

    void Keep(string credentials, Caller caller, long? version = null)
    {
        if (_known.Count >= MaxKnown)
        {
            var now = clock.GetUtcNow();
            foreach (var (key, known) in _known)
                if (known.Caller.ExpiresAt <= now) _known.TryRemove(key, out _);
            if (_known.Count >= MaxKnown) _known.Clear();
        }

        _known[credentials] = new(caller, version ?? identities.Version);
    }

    /// <summary>A browser sends cookies by itself: for a page of another site it must not do what changes something.</summary>
    static bool IsOfThisSite(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return true;
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site == "same-origin";
        return request.Headers.Origin is [{ } origin] && Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value;
    }

    static string? IssuerOf(string text)
    {
        try
        {
            return new JsonWebToken(text).Issuer;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    sealed record Known(Caller Caller, long Version);
}
