using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Trading.Api;

/// <summary>What browsers are told of every answer. No other site may show, read or send to it; CORS stays closed by saying nothing of it.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, IOptions<EdgeOptions> options)
{
    const string Strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The pages of Swagger and Orleans bring styles, and one a script, within themselves.</summary>
    const string Embedded = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    readonly string _hsts = $"max-age={options.Value.HstsSeconds}; includeSubDomains";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (http.Request.IsHttps && options.Value.HstsSeconds > 0) headers.StrictTransportSecurity = _hsts;
        if (SignalEndpoints.IsQuestion(http.Request)) return next(http); // no browser shows it, and every byte of it counts
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/swagger") || http.Request.Path.StartsWithSegments("/orleans") ? Embedded : Strict;
        return next(http);
    }
}
