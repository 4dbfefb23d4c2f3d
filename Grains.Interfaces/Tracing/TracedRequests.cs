using System.Diagnostics;
using Orleans.Serialization.Invocation;

namespace Trading.Tracing;

/// <summary>A call of a grain, whose span is begun where the grain works. There is none where a call leaves: the span of the caller
/// says when that was.</summary>
[SerializerTransparent]
public abstract class TracedRequestBase : RequestBase
{
    static readonly ActivitySource Spans = new(TraceContext.GrainSpans);

    /// <inheritdoc/>
    public sealed override ValueTask<Response> Invoke() =>
        Spans.HasListeners() && TraceContext.TryRead(out var caller) ? TraceAsync(caller) : AnswerAsync();

    /// <summary>Calls the grain; its failure is an answer too.</summary>
    protected abstract ValueTask<Response> AnswerAsync();

    private protected static async ValueTask<Response> AnswerAsync<TCall, TResult>(TCall call, Func<TCall, ValueTask<TResult>> invoke)
    {
        try
        {
            return Response.FromResult(await invoke(call));
        }
        catch (Exception failure)
        {
            return Response.FromException(failure);
        }
    }

    /// <summary>Being asynchronous, it gives its caller back what was current before.</summary>
    async ValueTask<Response> TraceAsync(ActivityContext caller)
    {
        using var span = Spans.StartActivity($"{GetInterfaceType().Name}/{GetMethodName()}", ActivityKind.Server, caller);
        TraceContext.Follow(span);
        span?.SetTag("rpc.system", "orleans").SetTag("rpc.service", GetInterfaceName()).SetTag("rpc.method", GetMethodName())
            .SetTag("rpc.orleans.target_id", (GetTarget() as IAddressable)?.GetGrainId().ToString());
        var response = await AnswerAsync();
        if (response.Exception is { } failure) span?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
        return response;
    }
}

/// <summary>A call that gives nothing back.</summary>
[SerializerTransparent]
public abstract class TracedTaskRequest : TracedRequestBase
{
    /// <summary>Calls the grain; made by Orleans.</summary>
    protected abstract Task InvokeInner();

    /// <inheritdoc/>
    protected sealed override async ValueTask<Response> AnswerAsync()
    {
        try
        {
            await InvokeInner();
            return Response.Completed;
        }
        catch (Exception failure)
        {
            return Response.FromException(failure);
        }
    }
}

/// <summary>A call that gives a value back.</summary>
[SerializerTransparent]
public abstract class TracedTaskRequest<TResult> : TracedRequestBase
{
    /// <summary>Calls the grain; made by Orleans.</summary>
    protected abstract Task<TResult> InvokeInner();

    /// <inheritdoc/>
    protected sealed override ValueTask<Response> AnswerAsync() =>
        AnswerAsync(this, static call => new ValueTask<TResult>(call.InvokeInner()));
}

/// <summary>A call that often has its value at once.</summary>
[SerializerTransparent]
public abstract class TracedRequest<TResult> : TracedRequestBase
{
    /// <summary>Calls the grain; made by Orleans.</summary>
    protected abstract ValueTask<TResult> InvokeInner();

    /// <inheritdoc/>
    protected sealed override ValueTask<Response> AnswerAsync() => AnswerAsync(this, static call => call.InvokeInner());
}
