using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Trading.Api;

/// <summary>The one door. It asks in this order: may this address ask at all, who is it, how often, may this role use the endpoint, and this
/// subject the book. What is nowhere declared is closed.</summary>
internal sealed class Gate(
    RequestDelegate next, Authenticator authenticator, RateBudgets budgets, AuditTrail audit, IOptions<EdgeOptions> options)
{
    readonly IPNetwork[] _allow = [.. options.Value.Allow.Select(IPNetwork.Parse)];

    public async Task InvokeAsync(HttpContext http)
    {
        RequestTimes.Begin(http);
        var address = http.Connection.RemoteIpAddress;
        if (_allow.Length > 0 && !IsAllowed(address))
        {
            await DenyAsync(http, null, StatusCodes.Status403Forbidden, "This address may not ask.");
            return;
        }

        var endpoint = http.GetEndpoint() as RouteEndpoint;
        var access = endpoint?.Metadata.GetMetadata<EndpointAccess>();
        if (access is { Roles: null })
        {
            if (Authenticator.CredentialsOf(http.Request) is { } known && await authenticator.IdentifyAsync(http, known) is { } somebody)
                http.Features.Set(somebody);
            if (access.Allowance != Allowance.Free && await budgets.TakeAsync(address) is > 0 and var wait) await TooManyAsync(http, wait);
            else await next(http);
            return;
        }

        var credentials = Authenticator.CredentialsOf(http.Request);
        var caller = credentials is null ? null : await authenticator.IdentifyAsync(http, credentials);
        if (caller is null)
        {
            if (await budgets.TakeAsync(address) is > 0 and var wait) await TooManyAsync(http, wait);
            else await ChallengeAsync(http, credentials is not null);
            return;
        }

        if (await budgets.TakeAsync(caller, address, access?.Allowance ?? Allowance.Ordinary) is > 0 and var later)
        {
            await TooManyAsync(http, later);
            return;
        }

        http.Features.Set(caller);
        if (endpoint is not null && Refusal(http, caller, endpoint, access) is { } refusal)
            await DenyAsync(http, caller, StatusCodes.Status403Forbidden, refusal);
        else if (AuditTrail.IsKept(http.Request, access))
            await audit.KeepAsync(http, caller, access!, next);
        else
            await next(http);
    }

    bool IsAllowed(IPAddress? address)
    {
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _allow)
            if (network.Contains(plain)) return true;
        return false;
    }

    static string? Refusal(HttpContext http, Caller caller, RouteEndpoint endpoint, EndpointAccess? access)
    {
        if (access is null) return AccessTable.Missing(AccessTable.NameOf(endpoint));
        if (!caller.Has(access.Roles!.Value))
            return $"{caller.Subject} {(caller.Roles == Operations.Roles.None ? "has no role here" : $"is {RoleNames.Words(caller.Roles)}")}; this takes {RoleNames.Words(access.Roles.Value)}.";
        return caller.Books is null || BookOfPath(http, access.Book) is not { } book || (book.Length > 0 && caller.MayUse(book))
            ? null : book.Length > 0 ? ApiProblem.OtherBook(caller.Subject, book) : $"This is about every book; {caller.Subject} may use {caller.Books.Count} of them.";
    }

    /// <summary>The book that path or query name; empty for all, null where only the body tells.</summary>
    static string? BookOfPath(HttpContext http, BookOf book) => book switch
    {
        BookOf.Every => "",
        BookOf.Path => http.Request.RouteValues["id"] as string,
        BookOf.Decision => http.Request.RouteValues["decision_id"] is string id && id.LastIndexOf(':') is > 0 and var at ? id[..at] : null,
        BookOf.Query or BookOf.Body when http.Request.Query["portfolio"] is [{ } named] => named,
        BookOf.Query => GrainKeys.DefaultPortfolio,
        _ => null,
    };

    Task ChallengeAsync(HttpContext http, bool hadCredentials)
    {
        if (http.Features.Get<AuthorityAway>() is { } away) return DenyAsync(http, null, StatusCodes.Status503ServiceUnavailable, away.Detail);
        var isPerson = HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        if (isPerson && (!hadCredentials || http.Request.Headers.Authorization.Count == 0))
        {
            http.Response.Redirect(SignInPage.For(http.Request));
            return Task.CompletedTask;
        }

        http.Response.Headers.WWWAuthenticate = hadCredentials ? "Bearer error=\"invalid_token\"" : "Bearer";
        return DenyAsync(http, null, StatusCodes.Status401Unauthorized, hadCredentials
            ? "The token or key is not known, has expired, or was revoked." : "Who asks? Send a token: Authorization: Bearer …");
    }

    async Task DenyAsync(HttpContext http, Caller? caller, int status, string detail)
    {
        audit.Denied(http, caller, status, detail);
        await ApiProblem.Of(status, detail, []).ExecuteAsync(http);
    }

    static Task TooManyAsync(HttpContext http, int wait)
    {
        http.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ApiProblem.Of(StatusCodes.Status429TooManyRequests, $"Too many requests; nothing was changed. Ask again in {wait} s.", []).ExecuteAsync(http);
    }
}
