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
        var json = outcome.Value!.Text;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        Write(http, json, audit);
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

        http.Response.ContentType = "application/json";
        var body = http.Response.BodyWriter;
        body.Write("["u8);
        for (var i = 0; i < outcome.Value.Length; i++)
        {
            if (i > 0) body.Write(","u8);
            Write(http, outcome.Value[i].Text, audit);
            if (body.UnflushedBytes >= PartSize) await body.FlushAsync(http.RequestAborted);
        }

        body.Write("]"u8);
        await body.FlushAsync(http.RequestAborted);
    }

    static void Write(HttpContext http, ReadOnlySpan<byte> decision, AuditTrail audit)
    {
        audit.Asked(http, decision);
        http.Response.BodyWriter.Write(decision);
    }
}
