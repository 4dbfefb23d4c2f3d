using System.Diagnostics;

namespace Trading.Tracing;

/// <summary>The span that a call between grains belongs to goes with it, also from one process to the next, under the names
/// that W3C gave it; where nobody traces, nothing goes.</summary>
public static class TraceContext
{
    /// <summary>The name of the source of spans of grains.</summary>
    public const string GrainSpans = "Trading.Grains";

    const string Parent = "traceparent", State = "tracestate";

    /// <summary>Calls from here on belong to a span; null for none.</summary>
    public static void Follow(Activity? span)
    {
        if (span is { Recorded: true, Id: { } id })
        {
            RequestContext.Set(Parent, id);
            if (span.TraceStateString is { Length: > 0 } state) RequestContext.Set(State, state);
        }
        else
        {
            RequestContext.Remove(Parent);
        }
    }

    /// <summary>What a call that came belongs to.</summary>
    public static bool TryRead(out ActivityContext caller)
    {
        caller = default;
        return RequestContext.Get(Parent) is string parent
            && ActivityContext.TryParse(parent, RequestContext.Get(State) as string, isRemote: true, out caller);
    }
}
