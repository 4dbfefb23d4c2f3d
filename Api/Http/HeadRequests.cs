using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Trading.Api;

/// <summary>HEAD is answered as GET is, everywhere and with the same headers; the server itself leaves the body out.</summary>
internal static class HeadRequests
{
    static readonly object Mark = new();

    /// <summary>Before it is decided which endpoint is meant.</summary>
    public static void UseHeadRequests(this WebApplication app)
    {
        app.Use((http, next) => HttpMethods.IsHead(http.Request.Method) ? AsGetAsync(http, next) : next(http));
        app.UseRouting();
    }

    /// <summary>Whether nobody will read the body.</summary>
    public static bool Is(HttpContext http) => http.Items.ContainsKey(Mark);

    /// <summary>What a path answers by GET, it answers by HEAD too.</summary>
    public static void Allow(HttpResponse response)
    {
        var methods = response.Headers.Allow.ToString();
        if (methods.Split(", ").Contains(HttpMethods.Get)) response.Headers.Allow = $"{methods}, {HttpMethods.Head}";
    }

    static async Task AsGetAsync(HttpContext http, RequestDelegate next)
    {
        http.Items[Mark] = Mark;
        http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        finally
        {
            http.Request.Method = HttpMethods.Head; // the log says what was asked
        }
    }
}
