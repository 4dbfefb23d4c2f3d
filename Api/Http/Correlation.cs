using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Trading.Api;

/// <summary>One id for all that a request causes: the caller's own where it brings one, else that of the connection. It is
/// answered with, and it goes with every call between grains, so that their log entries have it. Questions about signals
/// have one only where the caller brings it: it costs more than a hundredth of a decision.</summary>
public static class Correlation
{
    public const string Header = "X-Correlation-ID";

    /// <summary>Its name in log entries and between grains.</summary>
    public const string Property = "correlation_id";

    const int MaxLength = 64;

    public static string? Current => RequestContext.Get(Property) as string;

    internal static void UseCorrelation(this WebApplication app) => app.Use((http, next) =>
        http.Request.Headers[Header] is { Count: > 0 } brought ? RunAsync(http, next, brought)
        : SignalEndpoints.IsQuestion(http.Request) ? next(http)
        : RunAsync(http, next, null));

    static async Task RunAsync(HttpContext http, RequestDelegate next, string? brought)
    {
        var id = IsWellFormed(brought) ? brought! : http.TraceIdentifier;
        RequestContext.Set(Property, id); // ends with this method: the next request of the connection has its own
        http.Response.Headers[Header] = id;
        await next(http);
    }

    /// <summary>Whatever else came would be written into logs as it is.</summary>
    static bool IsWellFormed(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':');
}
