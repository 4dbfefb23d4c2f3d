using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Trading.Testing;

/// <summary>A server of HTTP and WebSocket on this machine that says whatever a test makes it say.</summary>
public sealed class LocalServer : IAsyncDisposable
{
    readonly WebApplication _app;

    LocalServer(WebApplication app) => _app = app;

    /// <summary>What is answered now; a test may change it at any time.</summary>
    public RequestDelegate Answer { get; set; } = NotFound;

    /// <summary>Every request so far: path and query.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public string Address => _app.Urls.First();
    public string StreamAddress => Address.Replace("http:", "ws:", StringComparison.Ordinal);

    public static async Task<LocalServer> StartAsync(RequestDelegate? answer = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.UseWebSockets();
        var server = new LocalServer(app);
        if (answer is not null) server.Answer = answer;
        app.Run(context =>
        {
            server.Asked.Enqueue(context.Request.Path + context.Request.QueryString);
            return server.Answer(context);
        });
        await app.StartAsync();
        return server;
    }

    public static RequestDelegate Says(byte[] body, int status = 200) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(body);
    };

    public static RequestDelegate Says(string body, int status = 200) => Says(Encoding.UTF8.GetBytes(body), status);

    public static RequestDelegate Limits(int status, string? retryAfter) => context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    };

    /// <summary>Half of a body, then the connection is cut.</summary>
    public static RequestDelegate Breaks(byte[] body) => async context =>
    {
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    /// <summary>Says nothing until the client goes.</summary>
    public static RequestDelegate Hangs => context => Gone(context.RequestAborted);

    public static RequestDelegate NotFound => Says("""{"error":"not here"}""", 404);

    static async Task Gone(CancellationToken aborted)
    {
        var gone = new TaskCompletionSource();
        await using var registration = aborted.Register(gone.SetResult);
        await gone.Task;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>Clients of HTTP for the sources of a test, and the recorded answers.</summary>
public static class Recorded
{
    static readonly HttpMessageHandler Handler = new SocketsHttpHandler { UseProxy = false };

    public static Func<HttpClient> Client { get; } = () => new(Handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    public static byte[] Body(string path) => File.ReadAllBytes(Path.Combine(RepositoryFiles.Shared!, "fixtures", path));

    public static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
}
