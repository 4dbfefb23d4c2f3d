using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Trading.MarketData;

namespace Trading.Api;

/// <summary>A body of bars that was not wholly taken (RFC 9457): the members of every problem, and what was stored all the same.</summary>
/// <param name="Ingested">What became of the rows before.</param>
internal sealed record IngestProblem(string Type, string Title, int Status, string Detail, ImmutableArray<FieldError> Errors, IngestReport Ingested) : IResult
{
    public static IngestProblem Of(IngestReport report)
    {
        var status = report.End == IngestEnd.BadRow ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError;
        var detail = report.End == IngestEnd.BadRow
            ? report.Rows.Errors[0].Place is null ? $"Nothing was taken: {report.Problem}."
                : $"Reading stopped at {report.Problem}. The {report.Rows.Good} rows before it were taken; bringing them again changes nothing."
            : $"Some {report.Problem}. What was stored is in `ingested`; bringing all again changes nothing of it.";
        return new("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail, report.Rows.Errors, report);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = ApiProblem.ContentType;
        return JsonSerializer.SerializeAsync(httpContext.Response.BodyWriter, this, ProblemJson.Context.IngestProblem, httpContext.RequestAborted);
    }
}
