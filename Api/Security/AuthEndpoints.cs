using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Trading.Api;

/// <param name="RefreshToken">Good once, for the next pair.</param>
internal sealed record TokenAnswer(string AccessToken, string TokenType, double ExpiresIn, string RefreshToken);

/// <summary>Who asks, as the API sees it.</summary>
internal sealed record MeAnswer(string Subject, ImmutableArray<string> Roles, ImmutableArray<string> Books, bool NamesOthers, string By, DateTimeOffset ExpiresAt);

internal sealed record ApprovalAnswer(string Approval, string By, DateTimeOffset ExpiresAt);

/// <summary>The code of the one-time set-up, and whether the program runs for one person on one machine.</summary>
public sealed record AccessMode(bool IsDevelopment)
{
    /// <summary>Known to whoever sees the console.</summary>
    public string SetupCode { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

/// <summary>Signing in, staying signed in, and signing out.</summary>
internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder api)
    {
        var auth = api.MapGroup("/api/auth").WithTags("Access").Answers(400, 500);
        auth.MapPost("/token", LogInAsync).Takes(LogInBody.Shape).Produces<TokenAnswer>().Answers(401, 503)
            .WithSummary("An access token and a refresh token for a name and a password.");
        auth.MapPost("/refresh", RefreshAsync).Takes(RefreshBody.Shape).Produces<TokenAnswer>().Answers(401)
            .WithSummary("The next pair of tokens. A refresh token that is used twice ends every session of its subject.");
        auth.MapPost("/logout", LogOutAsync).Produces<MeAnswer>().WithSummary("Ends the token of this request and its session.");
        auth.MapGet("/me", GetMe).Produces<MeAnswer>().WithSummary("Who asks, and what they may do.");
        auth.MapPost("/approvals", Approve).Takes(ApprovalBody.Shape).Produces<ApprovalAnswer>()
            .WithSummary("Agrees to one request of somebody else, who brings the answer in the header Approval.");
        auth.MapPost("/setup", SetUpAsync).Takes(SetUpBody.Shape).Produces<SubjectAnswer>(StatusCodes.Status201Created).Answers(401, 409, 503)
            .WithSummary("The first administrator, with the code that the first start printed; once.");
    }

    static async Task<Answer<TokenAnswer>> LogInAsync(HttpContext http, Access access)
    {
        var (body, problem) = await http.Request.ReadAsync(LogInBody.Shape);
        return problem is not null ? problem : await access.LogInAsync(http, body.User, body.Password);
    }

    static async Task<Answer<TokenAnswer>> RefreshAsync(HttpContext http, Access access)
    {
        var (body, problem) = await http.Request.ReadAsync(RefreshBody.Shape);
        return problem is not null ? problem : await access.RefreshAsync(http, body.RefreshToken);
    }

    static async Task<Answer<MeAnswer>> LogOutAsync(HttpContext http, Access access)
    {
        var caller = Caller.Of(http)!;
        await access.LogOutAsync(caller);
        if (http.Request.Headers.Authorization.Count == 0) http.Response.Cookies.Delete(Authenticator.Cookie);
        return Me(caller);
    }

    static Answer<MeAnswer> GetMe(HttpContext http) => Me(Caller.Of(http)!);

    static MeAnswer Me(Caller caller) => new(
        caller.Subject, [.. RoleNames.Of(caller.Roles)], caller.Books is null ? ["*"] : [.. caller.Books.Order(StringComparer.Ordinal)], caller.NamesOthers,
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(caller.Origin.ToString()), caller.ExpiresAt);

    static async Task<Answer<ApprovalAnswer>> Approve(HttpContext http, Tokens tokens)
    {
        var (body, problem) = await http.Request.ReadAsync(ApprovalBody.Shape);
        if (problem is not null) return problem;
        var caller = Caller.Of(http)!;
        var token = tokens.ForApproval(caller.Subject, body.Request, body.BodySha256);
        return new ApprovalAnswer(token.Text, caller.Subject, token.ExpiresAt);
    }

    static async Task<Answer<SubjectAnswer>> SetUpAsync(HttpContext http, Access access, AccessMode mode)
    {
        var (body, problem) = await http.Request.ReadAsync(SetUpBody.Shape);
        if (problem is not null) return problem;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(body.Code), Encoding.UTF8.GetBytes(mode.SetupCode)))
            return access.Refused(http, "setup", "The code is not the one that this start printed.");
        return (await access.SetUpAsync(http, body.User, body.Password)).With(StatusCodes.Status201Created);
    }
}

internal sealed class LogInBody
{
    public string User { get; private set; } = "";
    public string Password { get; private set; } = "";

    public static readonly Shape<LogInBody> Shape = new Shape<LogInBody>()
        .Required("user", Kinds.Subject, (body, value) => body.User = value, "The name.", "ada")
        .Required("password", Kinds.Password, (body, value) => body.Password = value, "The password.");
}

internal sealed class RefreshBody
{
    public string RefreshToken { get; private set; } = "";

    public static readonly Shape<RefreshBody> Shape = new Shape<RefreshBody>()
        .Required("refresh_token", Kinds.Words, (body, value) => body.RefreshToken = value, "As it came with the last access token.");
}

internal sealed class SetUpBody
{
    public string Code { get; private set; } = "";
    public string User { get; private set; } = "";
    public string Password { get; private set; } = "";

    public static readonly Shape<SetUpBody> Shape = new Shape<SetUpBody>()
        .Required("code", Kinds.Words, (body, value) => body.Code = value, "As the start printed it.")
        .Required("user", Kinds.Subject, (body, value) => body.User = value, "The administrator's name.", "ada")
        .Required("password", Kinds.Password, (body, value) => body.Password = value, "Their password.");
}

internal sealed class ApprovalBody
{
    public string Request { get; private set; } = "";
    public string BodySha256 { get; private set; } = "";

    public static readonly Shape<ApprovalBody> Shape = new Shape<ApprovalBody>()
        .Required("request", Kinds.Words, (body, value) => body.Request = value, "The call that is agreed to: method, path and query.", "POST /api/risk/resume")
        .Required("body_sha256", Kinds.Sha256, (body, value) => body.BodySha256 = value, "The SHA-256 of its body, in hexadecimal.");
}
