using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Trading.Operations;

namespace Trading.Api;

/// <summary>Log-ins and sessions: what the endpoints of JSON and the pages of a browser have in common.</summary>
internal sealed class Access(
    IGrainFactory grains, Passwords passwords, Tokens tokens, Identities identities, AuditTrail audit, SecurityAlerts alerts,
    IOptions<SecurityOptions> options, TimeProvider clock)
{
    const string RefreshPrefix = "rt_";

    IIdentityGrain Grain => grains.GetGrain<IIdentityGrain>(GrainKeys.Identity);

    public async Task<Answer<TokenAnswer>> LogInAsync(HttpContext http, string user, string password)
    {
        var begun = await Grain.BeginLogInAsync(user);
        if (begun.Kind == OutcomeKind.Busy) return Locked(http, user);
        var isRight = await passwords.IsRightAsync(begun.Value?.PasswordHash, password);
        if (isRight is null) return ApiProblem.Unavailable("Too many log-ins are under way; nothing was changed.", []);
        if (isRight == false) return Refused(http, user, "Name or password is wrong.");
        var (session, secret) = (ApiKeys.NewId(), ApiKeys.NewSecret());
        var subject = await Grain.SucceedAsync(user, Next(session, secret));
        if (!subject.IsDone) return ApiProblem.Of(subject.Kind, subject.Errors);
        await identities.RefreshAsync();
        await audit.RecordAsync(AuditTrail.Entry(AuditKinds.LogIn, http, user, "log-in", StatusCodes.Status200OK));
        _ = alerts.SignedInAsync(user, http.Connection.RemoteIpAddress?.ToString(), (subject.Value!.Rights.Roles & Roles.Administrator) != 0);
        return Pair(subject.Value, session, secret);
    }

    public async Task<Answer<TokenAnswer>> RefreshAsync(HttpContext http, string text)
    {
        if (!text.StartsWith(RefreshPrefix, StringComparison.Ordinal) || text[RefreshPrefix.Length..].Split('_') is not [var session, var secret])
            return Refused(http, null, "This is no refresh token.");
        var next = ApiKeys.NewSecret();
        var subject = await Grain.RefreshAsync(session, ApiKeys.Hash(secret), Next(session, next));
        await identities.RefreshAsync();
        if (subject.IsDone) return Pair(subject.Value!, session, next);
        if (subject.Kind == OutcomeKind.Conflict)
            alerts.Raise("token_reused", subject.Value?.Name, http.Connection.RemoteIpAddress?.ToString(), "A refresh token was used twice: every session of its subject has ended.");
        return Refused(http, subject.Value?.Name, "The refresh token is not known, was used before, or has expired.");
    }

    public async Task LogOutAsync(Caller caller)
    {
        if (caller.Session is { } session) await Grain.EndSessionAsync(session);
        if (caller.Origin != CallerOrigin.ApiKey) await Grain.RevokeAsync(new(caller.TokenId, caller.ExpiresAt));
        await identities.RefreshAsync();
    }

    public async Task<Answer<SubjectAnswer>> SetUpAsync(HttpContext http, string user, string password)
    {
        if (await passwords.HashAsync(password) is not { } hash) return ApiProblem.Unavailable("Too many log-ins are under way; nothing was changed.", []);
        var first = await Grain.SetUpAsync(new(user, false, new(Roles.Administrator, [], false), hash, false));
        if (!first.IsDone) return ApiProblem.Of(first.Kind, first.Errors);
        await identities.RefreshAsync();
        await audit.RecordAsync(AuditTrail.Entry(AuditKinds.Change, http, user, "first administrator", StatusCodes.Status201Created));
        return SubjectAnswer.Of(first.Value!);
    }

    /// <summary>A log-in that failed: one answer for every reason, so that it tells nothing.</summary>
    public ApiProblem Refused(HttpContext http, string? user, string detail)
    {
        audit.Later(AuditTrail.Entry(AuditKinds.LogInFailed, http, user, "log-in", StatusCodes.Status401Unauthorized));
        alerts.Denied(user, http.Connection.RemoteIpAddress?.ToString());
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return ApiProblem.Of(StatusCodes.Status401Unauthorized, detail, []);
    }

    ApiProblem Locked(HttpContext http, string user) => Refused(http, user, "Name or password is wrong.");

    Answer<TokenAnswer> Pair(Subject subject, string session, string secret)
    {
        var token = tokens.ForAccount(subject, session);
        return new TokenAnswer(token.Text, "Bearer", (token.ExpiresAt - clock.GetUtcNow()).TotalSeconds, $"{RefreshPrefix}{session}_{secret}");
    }

    Refresh Next(string session, string secret) => new(session, ApiKeys.Hash(secret), clock.GetUtcNow().AddSeconds(options.Value.SessionExpiry));
}
