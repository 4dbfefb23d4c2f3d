using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Trading.Api;

/// <summary>The body of every answer that is an error (RFC 9457).</summary>
/// <param name="Type">Always <c>about:blank</c>: the status says what kind of problem it is.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened, for a person.</param>
/// <param name="Errors">Every broken rule: field, rule, message, and the line where there is one.</param>
public sealed record ApiProblem(string Type, string Title, int Status, string Detail, ImmutableArray<FieldError> Errors) : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>After which a caller who was sent away may ask again.</summary>
    public const string RetryAfterSeconds = "1";

    public static ApiProblem Invalid(ImmutableArray<FieldError> errors) =>
        Of(StatusCodes.Status400BadRequest, $"The request breaks {(errors.Length == 1 ? "a rule" : $"{errors.Length} rules")}; nothing was changed.", errors);

    public static ApiProblem NotFound(ImmutableArray<FieldError> errors) =>
        Of(StatusCodes.Status404NotFound, "What the request speaks of does not exist.", errors);

    public static ApiProblem Conflict(ImmutableArray<FieldError> errors) =>
        Of(StatusCodes.Status409Conflict, "The request contradicts the present state; nothing was changed.", errors);

    /// <summary>The caller may not use what the request is about.</summary>
    public static ApiProblem Forbidden(string detail) => Of(StatusCodes.Status403Forbidden, detail, []);

    public static string OtherBook(string subject, string book) => $"{subject} may not use the book {StrictJson.Shown(book)}.";

    /// <summary>The system cannot do it now, and says when to ask again.</summary>
    public static ApiProblem Unavailable(string detail, ImmutableArray<FieldError> errors) =>
        Of(StatusCodes.Status503ServiceUnavailable, detail, errors);

    public static ApiProblem TooLarge(int maxBytes) =>
        Of(StatusCodes.Status413PayloadTooLarge, $"The body is longer than {maxBytes} bytes; nothing was changed.",
            [new("$", "max_bytes", $"The body may be at most {maxBytes} bytes long.")]);

    public static ApiProblem NotJson(string? contentType) =>
        Of(StatusCodes.Status415UnsupportedMediaType, "The body must be JSON in UTF-8.",
            [new("content-type", "json", $"Content-Type must be application/json; it is {(contentType is null ? "absent" : StrictJson.Shown(contentType))}.")]);

    /// <summary>Of a command that was not carried out.</summary>
    public static ApiProblem Of(OutcomeKind kind, ImmutableArray<FieldError> errors) => kind switch
    {
        OutcomeKind.Invalid => Invalid(errors),
        OutcomeKind.NotFound => NotFound(errors),
        OutcomeKind.Conflict => Conflict(errors),
        OutcomeKind.Busy => Unavailable("As much of this is under way as may be at once; nothing was changed.", errors),
        _ => throw new InvalidOperationException($"{kind} is no problem."),
    };

    public static ApiProblem Of(int status, string detail, ImmutableArray<FieldError> errors) =>
        new("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail, errors);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = ContentType;
        if (Status is StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        return JsonSerializer.SerializeAsync(httpContext.Response.BodyWriter, this, ProblemJson.Context.ApiProblem, httpContext.RequestAborted);
    }
}
