using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Trading.Risk;

namespace Trading.Api;

/// <summary>Answers decisions with the bytes that are in the journal: one as an object, many as an array.</summary>
internal sealed class DecisionAnswer : IResult
{
    /// <summary>Sent at once, in bytes: memory of the connection that is used again stays in the cache, and a large answer takes little of it.</summary>
    const int PartSize = 64 * 1024;

    readonly ImmutableArray<RecordedDecision> _decisions;
    readonly bool _isArray;
    readonly ApiProblem? _problem;

    public DecisionAnswer(ApiProblem problem) => _problem = problem;

    public DecisionAnswer(Outcome<RecordedDecision> outcome)
    {
        if (outcome.IsDone) _decisions = [outcome.Value!];
        else _problem = ApiProblem.Of(outcome.Kind, outcome.Errors);
    }

    public DecisionAnswer(Outcome<ImmutableArray<RecordedDecision>> outcome)
    {
        (_decisions, _isArray) = (outcome.Value, true);
        if (!outcome.IsDone) _problem = ApiProblem.Of(outcome.Kind, outcome.Errors);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (_problem is not null) return _problem.ExecuteAsync(httpContext);
        var response = httpContext.Response;
        response.ContentType = "application/json";
        response.ContentLength = Length();
        return _isArray ? WriteArrayAsync(response.BodyWriter, httpContext.RequestAborted) : WriteOneAsync(response.BodyWriter, httpContext.RequestAborted);
    }

    Task WriteOneAsync(PipeWriter body, CancellationToken cancellation)
    {
        body.Write(_decisions[0].Json);
        return body.FlushAsync(cancellation).AsTask();
    }

    async Task WriteArrayAsync(PipeWriter body, CancellationToken cancellation)
    {
        body.Write("["u8);
        for (var i = 0; i < _decisions.Length; i++)
        {
            if (i > 0) body.Write(","u8);
            body.Write(_decisions[i].Json);
            if (body.UnflushedBytes >= PartSize) await body.FlushAsync(cancellation);
        }

        body.Write("]"u8);
        await body.FlushAsync(cancellation);
    }

    /// <summary>The decisions, the commas between them and the brackets around them.</summary>
    long Length()
    {
        var length = _isArray ? 2L + Math.Max(0, _decisions.Length - 1) : 0L;
        foreach (var decision in _decisions) length += decision.Json.Length;
        return length;
    }
}
