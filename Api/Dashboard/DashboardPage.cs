using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Trading.Api;

/// <summary>The page at <c>/dashboard</c> and what it is made of: files inside this program, so that it needs nothing
/// from anywhere. The page has no data; it asks the API as any client does.</summary>
internal static class DashboardPage
{
    const string Prefix = "dashboard/";

    /// <summary>Scripts and styles come from here alone. Charts place themselves by inline styles.</summary>
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".txt"] = "text/plain; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<string, Asset> Assets = Load();

    public static void MapDashboardPage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/dashboard", (HttpContext http) => Send(http, "index.html")).DisableRateLimiting()
            .ExcludeFromDescription();
        app.MapGet("/dashboard/assets/{**file}", (HttpContext http, string file) => Send(http, file))
            .DisableRateLimiting().ExcludeFromDescription();
    }

    static IResult Send(HttpContext http, string file)
    {
        if (!Assets.TryGetValue(file, out var asset)) return TypedResults.NotFound();
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache"; // asked again each time, and mostly answered 304
        return TypedResults.Bytes(asset.Bytes, asset.Type, entityTag: new(asset.Tag));
    }

    static FrozenDictionary<string, Asset> Load()
    {
        var assembly = typeof(DashboardPage).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return (Name: name[Prefix.Length..], Asset: new Asset(
                bytes, Types[Path.GetExtension(name)], $"\"{Convert.ToHexString(SHA256.HashData(bytes), 0, 8)}\""));
        }).ToFrozenDictionary(one => one.Name, one => one.Asset);
    }

    sealed record Asset(byte[] Bytes, string Type, string Tag);
}
