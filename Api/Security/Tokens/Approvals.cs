using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Trading.Api;

/// <summary>A second person agrees to one request with an approval: a token of a few minutes that names the call and the hash of its body.
/// Whoever makes the call brings it in the header <c>Approval</c>; it serves for no other call and no other body.</summary>
internal static class Approvals
{
    public const string Header = "Approval";

    public static string RequestOf(HttpRequest request) => $"{request.Method} {request.Path}{request.QueryString}";

    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>Who has agreed to this request; null for nobody.</summary>
    public static string? GivenBy(HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (request.Headers[Header] is not [{ Length: > 0 } text]) return null;
        var services = request.HttpContext.RequestServices;
        var tokens = services.GetRequiredService<Tokens>();
        // The validation of an own signature asks nobody: it is complete when it returns.
        var result = new JsonWebTokenHandler().ValidateTokenAsync(text, tokens.Parameters(tokens.ApprovalAudience)).GetAwaiter().GetResult();
        if (!result.IsValid || result.SecurityToken is not JsonWebToken approval) return null;
        var agrees = approval.TryGetPayloadValue<string>("req", out var asked) && asked == RequestOf(request)
            && approval.TryGetPayloadValue<string>("body", out var hash) && hash == HashOf(body);
        return agrees ? approval.Subject : null;
    }
}
