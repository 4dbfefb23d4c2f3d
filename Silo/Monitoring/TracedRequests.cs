using System.Diagnostics;
using OpenTelemetry.Trace;
using Trading.Api;
using Trading.Hosting;
using Trading.Tracing;

namespace Trading.Monitoring;

/// <summary>The span of an HTTP request: where its caller traces it, or where it is one of the share of all others that is
/// traced. ASP.NET Core would begin one for every request, also where nobody wants it.</summary>
sealed class TracedRequests(double share)
{
    /// <summary>The name of the source of spans.</summary>
    public const string Name = "Trading.Http";

    const int FirstFailure = 500;

    static readonly ActivitySource Spans = new(Name);

    long _asked;

    /// <summary>Requests are traced from before anything looks at them, where anybody traces.</summary>
    public static void Use(WebApplication app, MonitoringOptions options)
    {
        if (!MonitoringSetup.Traces(options)) return;
        var requests = new TracedRequests(options.TraceRatio);
        app.Use((http, next) => requests.IsTraced(http.Request, out var caller) ? TraceAsync(http, next, caller) : next(http));
    }

    /// <summary>A caller decides for itself. A stream goes on for as long as somebody listens, and its trace would.</summary>
    bool IsTraced(HttpRequest request, out ActivityContext caller) =>
        ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out caller)
            ? (caller.TraceFlags & ActivityTraceFlags.Recorded) != 0
            : IsChosen() && request.Path.Value?.EndsWith(ApiMetrics.StreamSuffix, StringComparison.Ordinal) != true;

    /// <summary>The number of a request, mixed: the share holds whatever the order in which requests come.</summary>
    bool IsChosen() => share > 0
        && SplitMix.Mix((ulong)Interlocked.Increment(ref _asked)) / (double)ulong.MaxValue < share;

    static async Task TraceAsync(HttpContext http, RequestDelegate next, ActivityContext caller)
    {
        using var span = Spans.StartActivity(http.Request.Method, ActivityKind.Server, caller);
        TraceContext.Follow(span);
        try
        {
            await next(http);
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            throw;
        }
        finally
        {
            if (span is not null) Describe(span, http);
        }
    }

    /// <summary>By the conventions of OpenTelemetry; the address without its query, and nothing that the caller sent.</summary>
    static void Describe(Activity span, HttpContext http)
    {
        var (request, status) = (http.Request, http.Response.StatusCode);
        if ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } route)
        {
            span.DisplayName = $"{request.Method} {route}";
            span.SetTag("http.route", route);
        }

        span.SetTag("http.request.method", request.Method).SetTag("url.scheme", request.Scheme)
            .SetTag("url.path", request.Path.Value).SetTag("http.response.status_code", status);
        if (status >= FirstFailure) span.SetStatus(ActivityStatusCode.Error);
    }
}

/// <summary>Traces begin with requests, of which <see cref="TracedRequests"/> has chosen; a query of a timer begins none. What is
/// part of a trace is traced.</summary>
sealed class RequestSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(
        samplingParameters.Kind == ActivityKind.Server ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
}
