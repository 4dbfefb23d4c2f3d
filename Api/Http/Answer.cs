using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Trading.Api;

/// <summary>What a handler returns: a value, or the problem that stands in its place.</summary>
public sealed class Answer<T> : IResult
{
    static readonly JsonTypeInfo<T> Json = (JsonTypeInfo<T>)(ApiJson.Default.GetTypeInfo(typeof(T))
        ?? throw new InvalidOperationException($"{nameof(ApiJson)} does not know {typeof(T)}."));

    /// <summary>Quotation marks in texts stay readable, since no answer is part of a page. Set here and not in the context, whose
    /// generated writers serve only its own options.</summary>
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly T? _value;
    readonly ApiProblem? _problem;
    int _status = StatusCodes.Status200OK;
    string? _location;

    /// <summary>What was answered; null for a problem.</summary>
    public T? Value => _value;

    Answer(T? value, ApiProblem? problem) => (_value, _problem) = (value, problem);

    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(ApiProblem problem) => new(default, problem);

    public static implicit operator Answer<T>(Outcome<T> outcome) =>
        outcome.IsDone ? new Answer<T>(outcome.Value, null) : ApiProblem.Of(outcome.Kind, outcome.Errors);

    /// <summary>The same answer with another status, and the address of what it created, where it is no problem.</summary>
    public Answer<T> With(int status, string? location = null)
    {
        (_status, _location) = (status, location);
        return this;
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (_problem is not null) return _problem.ExecuteAsync(httpContext);
        var response = httpContext.Response;
        response.StatusCode = _status;
        response.ContentType = "application/json";
        if (_location is not null) response.Headers.Location = _location;
        AuditNote.Of(httpContext)?.Answered(_value!, Json);
        using (var writer = new Utf8JsonWriter(response.BodyWriter, Readable))
            JsonSerializer.Serialize(writer, _value!, Json);
        return response.BodyWriter.FlushAsync(httpContext.RequestAborted).AsTask();
    }
}
