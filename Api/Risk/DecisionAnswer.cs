using System.Buffers;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Trading.Risk;

namespace Trading.Api;

/// <summary>Answers decisions with the bytes that their events give: one as an object, many as an array.</summary>
internal static class DecisionAnswer
{
    /// <summary>Sent at once, in bytes: memory of the connection that is used again stays in the cache, and a large answer takes little of it.</summary>
    const int PartSize = 64 * 1024;

    public static Task WriteAsync(HttpContext http, Outcome<RecordedDecision> outcome, AuditTrail audit)
    {
        if (!outcome.IsDone) return ApiProblem.Of(outcome.Kind, outcome.Errors).ExecuteAsync(http);
        var json = outcome.Value!.Json;
        audit.Asked(http, json);
        Begin(http.Response, json.Length);
        http.Response.BodyWriter.Write(json);
        // Small enough to be sent at once: a token to stop it by would cost each request more than it saves one that is given up.
        return http.Response.BodyWriter.FlushAsync().AsTask();
    }

    public static async Task WriteAsync(HttpContext http, Outcome<ImmutableArray<RecordedDecision>> outcome, AuditTrail audit)
    {
        if (!outcome.IsDone)
        {
            await ApiProblem.Of(outcome.Kind, outcome.Errors).ExecuteAsync(http);
            return;
        }

        Begin(http.Response, Length(outcome.Value));
        var body = http.Response.BodyWriter;
        body.Write("["u8);
        for (var i = 0; i < outcome.Value.Length; i++)
        {
            if (i > 0) body.Write(","u8);
            audit.Asked(http, outcome.Value[i].Json);
            body.Write(outcome.Value[i].Json);
            if (body.UnflushedBytes >= PartSize) await body.FlushAsync(http.RequestAborted);
        }

        body.Write("]"u8);
        await body.FlushAsync(http.RequestAborted);
    }

    static void Begin(HttpResponse response, long length)
    {
        response.ContentType = "application/json";
        response.ContentLength = length;
    }

    /// <summary>The decisions, the commas between them and the brackets around them.</summary>
    static long Length(ImmutableArray<RecordedDecision> decisions)
    {
        var length = 2L + Math.Max(0, decisions.Length - 1);
        foreach (var decision in decisions) length += decision.Json.Length;
        return length;
    }
}
