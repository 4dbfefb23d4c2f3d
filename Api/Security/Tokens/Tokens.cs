using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Trading.Operations;

namespace Trading.Api;

/// <summary>A token, and when it ends.</summary>
internal sealed record IssuedToken(string Text, string Id, DateTimeOffset ExpiresAt);

/// <summary>Issues tokens, says what makes one good, and reads a caller off it.</summary>
internal sealed class Tokens(SigningKeys keys, IOptions<SecurityOptions> options, TimeProvider clock)
{
    const string RolesClaim = "roles", BooksClaim = "books", KindClaim = "kind", NamesOthersClaim = "names_others", SessionClaim = "sid";
    const string Person = "person", Service = "service", Development = "development";
    static readonly TimeSpan ApprovalLife = TimeSpan.FromMinutes(5), DevelopmentLife = TimeSpan.FromDays(30);

    SecurityOptions Options => options.Value;

    /// <summary>Approvals are for this, and no access token is.</summary>
    public string ApprovalAudience => $"{Options.Audience}/approval";

    public IssuedToken ForAccount(Subject subject, string session) => Issue(
        subject.Name, subject.IsService ? Service : Person, subject.Rights, TimeSpan.FromSeconds(Options.TokenExpiry), (SessionClaim, session));

    public IssuedToken ForDevelopment(string subject) =>
        Issue(subject, Development, new(Roles.Anyone, [], NamesOthers: true), DevelopmentLife);

    /// <summary>Says that a person agrees to one request, and to no other.</summary>
    public IssuedToken ForApproval(string subject, string request, string bodyHash) =>
        Write(ApprovalAudience, ApprovalLife, new() { [JwtRegisteredClaimNames.Sub] = subject, ["req"] = request, ["body"] = bodyHash });

    public TokenValidationParameters Parameters(string audience) => new()
    {
        ValidIssuer = Options.Issuer,
        ValidAudience = audience,
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        IssuerSigningKeyResolver = (_, _, id, _) => keys.Find(id),
        TryAllIssuerSigningKeys = false,
        LifetimeValidator = (notBefore, expires, _, _) => IsInTime(notBefore, expires),
    };

    public bool IsInTime(DateTime? notBefore, DateTime? expires)
    {
        var (now, skew) = (clock.GetUtcNow().UtcDateTime, TimeSpan.FromSeconds(Options.ClockSkew));
        return expires > now - skew && (notBefore is null || notBefore <= now + skew);
    }

    /// <summary>The caller of a token of ours that was found good; null where it says too little.</summary>
    public static Caller? CallerOf(JsonWebToken token)
    {
        if (token.Subject is not { Length: > 0 } subject || token.Id is not { Length: > 0 } id) return null;
        var roles = token.Claims.Where(claim => claim.Type == RolesClaim).Select(claim => RoleNames.Parse(claim.Value) ?? Roles.None).Aggregate(Roles.None, (all, role) => all | role);
        var kind = Value(token, KindClaim);
        return new(subject, kind == Service, roles, Caller.BooksOf(token.Claims.Where(claim => claim.Type == BooksClaim).Select(claim => claim.Value), noneIsAll: false),
            Value(token, NamesOthersClaim) == "true", id, Value(token, SessionClaim),
            new(token.IssuedAt, TimeSpan.Zero), new(token.ValidTo, TimeSpan.Zero), kind == Development ? CallerOrigin.Development : CallerOrigin.Account);
    }

    /// <summary>The caller of a token of the authority.</summary>
    public Caller? CallerOfAuthority(ClaimsPrincipal principal, JsonWebToken token)
    {
        if (token.Subject is not { Length: > 0 and <= Authority.MaxSubjectLength } subject || subject.Any(char.IsControl)) return null;
        var roles = principal.Claims.Where(claim => claim.Type == Options.RoleClaim)
            .Select(claim => RoleNames.Parse(Options.RoleMap.GetValueOrDefault(claim.Value)) ?? Roles.None).Aggregate(Roles.None, (all, role) => all | role);
        var books = principal.Claims.Where(claim => claim.Type == Options.BooksClaim).Select(claim => claim.Value);
        return new(subject, false, roles, Caller.BooksOf(books, noneIsAll: false), false, token.Id is { Length: > 0 } id ? id : token.EncodedSignature, null,
            new(token.IssuedAt, TimeSpan.Zero), new(token.ValidTo, TimeSpan.Zero), CallerOrigin.Authority);
    }

    IssuedToken Issue(string subject, string kind, Rights rights, TimeSpan life, params (string Name, string Value)[] more)
    {
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = subject,
            [KindClaim] = kind,
            [RolesClaim] = RoleNames.Of(rights.Roles).ToArray(),
            [BooksClaim] = rights.Books.IsEmpty ? ["*"] : rights.Books.ToArray(),
        };
        if (rights.NamesOthers) claims[NamesOthersClaim] = true;
        foreach (var (name, value) in more) claims[name] = value;
        return Write(Options.Audience, life, claims);
    }

    IssuedToken Write(string audience, TimeSpan life, Dictionary<string, object> claims)
    {
        var (now, id) = (clock.GetUtcNow(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        claims[JwtRegisteredClaimNames.Jti] = id;
        var expires = now + life;
        var text = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Options.Issuer, Audience = audience, Claims = claims, SigningCredentials = keys.Current,
            IssuedAt = now.UtcDateTime, NotBefore = now.UtcDateTime, Expires = expires.UtcDateTime,
        });
        return new(text, id, expires);
    }

    static string? Value(JsonWebToken token, string claim) => token.TryGetPayloadValue<object>(claim, out var value) ? value is bool flag ? (flag ? "true" : "false") : value?.ToString() : null;
}
