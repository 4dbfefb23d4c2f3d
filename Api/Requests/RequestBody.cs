using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Trading.Api;

/// <summary>Reads a request's body as one kind of JSON value, or says everything that is wrong with it.</summary>
internal static class RequestBody
{
    public static async ValueTask<Body<T>> ReadAsync<T>(this HttpRequest request, Kind<T> kind)
    {
        if (request.ContentLength > kind.MaxBytes) return new(ApiProblem.TooLarge(kind.MaxBytes));
        if (!IsJson(request.ContentType) && !(kind.MayBeAbsent && request.ContentType is null)) return new(ApiProblem.NotJson(request.ContentType));

        var reader = request.BodyReader;
        while (true)
        {
            if (!reader.TryRead(out var read)) read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > kind.MaxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return new(ApiProblem.TooLarge(kind.MaxBytes));
            }

            if (read.IsCompleted)
            {
                var body = Parse(read.Buffer, kind, request);
                if (AuditNote.Of(request.HttpContext) is { } note) note.Asked(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <param name="request">Which brings it; null for a body that nobody asks for.</param>
    internal static Body<T> Parse<T>(ReadOnlySequence<byte> bytes, Kind<T> kind, HttpRequest? request = null)
    {
        if (bytes.IsEmpty && kind.MayBeAbsent) bytes = new("{}"u8.ToArray());
        // A long body comes in many pieces, and reading across their borders costs more than putting them together.
        var whole = bytes.IsSingleSegment ? null : ArrayPool<byte>.Shared.Rent((int)bytes.Length);
        if (whole is not null) bytes.CopyTo(whole);
        var body = whole is null ? bytes.FirstSpan : whole.AsSpan(0, (int)bytes.Length);
        var json = new StrictJson(body)
        {
            Caller = request is null ? null : Caller.Of(request.HttpContext),
            ApprovedBy = request is null ? null : Approvals.GivenBy(request, body),
            IsBookNamed = request?.QueryString.HasValue == true && request.Query.ContainsKey("portfolio"),
        };
        try
        {
            json.Reader.Read();
            var isSound = kind.TryRead(ref json, out var value);
            json.Reader.Read(); // throws where something follows the value
            if (json.ForbiddenBook is { } book) return new(ApiProblem.Forbidden(ApiProblem.OtherBook(json.Caller!.Subject, book)));
            return isSound ? new(value) : new(ApiProblem.Invalid(json.Errors));
        }
        catch (JsonException error)
        {
            return new(ApiProblem.Invalid([json.SyntaxError(error)]));
        }
        finally
        {
            if (whole is not null) ArrayPool<byte>.Shared.Return(whole);
        }
    }

    static bool IsJson(string? contentType) =>
        contentType == "application/json"
        || (MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)));
}

/// <summary>A body that was read, or the problem that it has.</summary>
internal readonly struct Body<T>
{
    readonly T _value;

    public Body(T value) => _value = value;

    public Body(ApiProblem problem) => (Problem, _value) = (problem, default!);

    public ApiProblem? Problem { get; }

    public T Value => Problem is null ? _value : throw new InvalidOperationException("A refused body has no value.");

    public void Deconstruct(out T value, out ApiProblem? problem) => (value, problem) = (_value, Problem);
}
