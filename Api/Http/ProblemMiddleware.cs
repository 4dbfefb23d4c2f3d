using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Trading.Api;

/// <summary>Gives a body to every error that has none: wrong paths and methods, and exceptions, whose text stays inside.
/// Until all is prepared it answers for the endpoints that must wait.</summary>
internal sealed partial class ProblemMiddleware(
    RequestDelegate next, Readiness readiness, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!readiness.IsReady && MustWait(context))
        {
            var detail = $"The system is being prepared ({readiness.WaitsFor}); nothing was changed. Ask again.";
            await ApiProblem.Unavailable(detail, []).ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
            if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed) HeadRequests.Allow(context.Response);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null } response)
                await ApiProblem.Of(response.StatusCode, Words(context), []).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            await ApiProblem.Of(error.StatusCode, "The request cannot be read; nothing was changed.", []).ExecuteAsync(context);
        }
        // the silo that was asked is gone, or takes no more
        catch (OrleansException error) when (!context.Response.HasStarted)
        {
            LogFailure(error, context.Request.Method, context.GetEndpoint()?.DisplayName, context.TraceIdentifier);
            context.Response.Clear();
            await ApiProblem.Unavailable(Words(error, context), []).ExecuteAsync(context);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            LogFailure(error, context.Request.Method, context.GetEndpoint()?.DisplayName, context.TraceIdentifier);
            context.Response.Clear();
            await ApiProblem.Of(StatusCodes.Status500InternalServerError, Words(error, context), []).ExecuteAsync(context);
        }
    }

    /// <summary>Whether an answer would be made of what is not there yet.</summary>
    static bool MustWait(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && context.GetEndpoint()?.Metadata.GetMetadata<AnswersWhilePreparing>() is null;

    static string Words(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this path.",
        StatusCodes.Status405MethodNotAllowed => $"This path does not answer {context.Request.Method}; it answers {context.Response.Headers.Allow}.",
        _ => "The request was refused.",
    };

    static string Words(Exception error, HttpContext context) =>
        $"The request {(error is TimeoutException ? "took too long" : "failed")}; the log has it as {context.TraceIdentifier}. "
        + (HttpMethods.IsGet(context.Request.Method)
            ? "Ask again."
            : "Whether it took effect is not known: repeat it under the same client_order_id, fill_id or transfer_id, which has no second effect.");

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} failed ({TraceId})")]
    partial void LogFailure(Exception error, string method, string? endpoint, string traceId);
}
