using System.Diagnostics;

namespace Trading.Monitoring;

/// <summary>Spans of calls between grains: in requests that are traced, and nowhere else. Orleans' own filters begin a
/// trace at every call that has none, which costs each decision, and shows traces that begin in the middle.</summary>
sealed class TracedCalls : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
{
    /// <summary>The name of the source of spans.</summary>
    public const string Name = "Trading.Grains";

    /// <summary>What goes with a call, under the names that W3C gave them.</summary>
    const string Parent = "traceparent", State = "tracestate";

    static readonly ActivitySource Spans = new(Name);

    public Task Invoke(IOutgoingGrainCallContext context) =>
        Activity.Current is { Recorded: true } caller && IsOurs(context)
            ? CallAsync(context, Spans.StartActivity(NameOf(context), ActivityKind.Client, caller.Context), isSent: true)
            : context.Invoke();

    public Task Invoke(IIncomingGrainCallContext context) =>
        RequestContext.Get(Parent) is string parent && IsOurs(context)
            && ActivityContext.TryParse(parent, RequestContext.Get(State) as string, isRemote: true, out var caller)
            ? CallAsync(context, Spans.StartActivity(NameOf(context), ActivityKind.Server, caller), isSent: false)
            : context.Invoke();

    /// <summary>Being asynchronous, it gives its caller back what was current before.</summary>
    static async Task CallAsync(IGrainCallContext context, Activity? started, bool isSent)
    {
        using var span = started;
        span?.SetTag("rpc.system", "orleans").SetTag("rpc.service", context.InterfaceName)
            .SetTag("rpc.method", context.MethodName).SetTag("rpc.orleans.target_id", context.TargetId.ToString());
        if (isSent && span?.Id is { } id)
        {
            RequestContext.Set(Parent, id);
            if (span.TraceStateString is { Length: > 0 } state) RequestContext.Set(State, state);
        }

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
    static bool IsOurs(IGrainCallContext context) =>
        context.Request.GetInterfaceType().Namespace?.StartsWith("Trading", StringComparison.Ordinal) == true;

    static string NameOf(IGrainCallContext context) =>
        $"{context.Request.GetInterfaceType().Name}/{context.MethodName}";
}
