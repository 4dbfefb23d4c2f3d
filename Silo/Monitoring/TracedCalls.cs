using System.Diagnostics;
using Trading.Api;

namespace Trading.Monitoring;

/// <summary>Spans of calls of grains: in requests that are traced, and nowhere else. Orleans' own filters begin a trace at
/// every call that has none, which costs each decision, and shows traces that begin in the middle. There is none where a
/// call leaves: it would cost every call, and the span of the caller says when that was.</summary>
sealed class TracedCalls : IIncomingGrainCallFilter
{
    /// <summary>The name of the source of spans.</summary>
    public const string Name = "Trading.Grains";

    static readonly ActivitySource Spans = new(Name);

    public Task Invoke(IIncomingGrainCallContext context) =>
        TraceContext.TryRead(out var caller) && IsOurs(context) ? AnswerAsync(context, caller) : context.Invoke();

    /// <summary>Being asynchronous, it gives its caller back what was current before.</summary>
    static async Task AnswerAsync(IIncomingGrainCallContext context, ActivityContext caller)
    {
        var name = $"{context.Request.GetInterfaceType().Name}/{context.MethodName}";
        using var span = Spans.StartActivity(name, ActivityKind.Server, caller);
        TraceContext.Follow(span);
        span?.SetTag("rpc.system", "orleans").SetTag("rpc.service", context.InterfaceName)
            .SetTag("rpc.method", context.MethodName).SetTag("rpc.orleans.target_id", context.TargetId.ToString());
        try
        {
            await context.Invoke();
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            throw;
        }
    }

    /// <summary>What Orleans asks of itself meanwhile is no part of the request.</summary>
    static bool IsOurs(IIncomingGrainCallContext context) =>
        context.Request.GetInterfaceType().Namespace?.StartsWith("Trading", StringComparison.Ordinal) == true;
}
