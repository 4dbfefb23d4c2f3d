using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Trading.MarketData;

namespace Trading.Api;

/// <summary>Bodies of bars, of any size: read as they come, and only as fast as they are dealt with.</summary>
internal static class IntakeEndpoints
{
    const string Form = "The body is CSV (a header with date, time or timestamp, open, high, low, close, and where known volume and symbol), one JSON "
        + "object per line, or one JSON array; the first letter tells which. Any size: it is read as it comes. ";

    public static void MapIntake(this IEndpointRouteBuilder data)
    {
        data.MapPost("/validate", ValidateAsync).TakesBars().Produces<ValidationReport>()
            .WithSummary("What a body of bars is worth; nothing is stored.")
            .WithDescription(Form + "Rows that cannot be read are counted by rule, the first 100 with their lines; every symbol has its verdicts, scores and latest findings.");
        data.MapPost("/ingest", IngestAsync).TakesBars().Produces<IngestReport>().Produces<IngestProblem>(400, ApiProblem.ContentType)
            .WithSummary("Stores a body of bars, judged like those of any source.")
            .WithDescription(Form + "Batches of a symbol are stored as a whole or not at all. With on_error=stop, which is meant where it is absent, the "
                + "first row that cannot be read ends the intake with status 400: the rows before it are stored, and `ingested` says what became of "
                + "them. With on_error=skip such rows are passed over and counted. Bringing the same again changes nothing.");
    }

    static async Task<Answer<ValidationReport>> ValidateAsync(HttpRequest request, string? interval, string? symbol, IBarIntake intake) =>
        await intake.ValidateAsync(request.Body, new(MarketDataEndpoints.Interval(interval), Ticker(symbol)), request.HttpContext.RequestAborted);

    static async Task<IResult> IngestAsync(
        HttpRequest request, string? interval, string? symbol, string? source, string? on_error, IBarIntake intake)
    {
        var asked = new IntakeRequest(MarketDataEndpoints.Interval(interval), Ticker(symbol), source ?? IntakeRequest.DefaultSource) { SkipBadRows = on_error == "skip" };
        var report = await intake.IngestAsync(request.Body, asked, request.HttpContext.RequestAborted);
        return report.End == IngestEnd.Complete ? (Answer<IngestReport>)report : IngestProblem.Of(report);
    }

    static string? Ticker(string? symbol) => symbol is null ? null : GrainKeys.Symbol(symbol);

    static RouteHandlerBuilder TakesBars(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(
        new UnlimitedBody(), new RequestBodyMetadata(Describe, IsRequired: true, "text/csv", "application/x-ndjson", "application/json"));

    static OpenApiSchema Describe() => new()
    {
        Type = JsonSchemaType.String | JsonSchemaType.Array,
        Description = "Bars, as text of lines or as an array of objects.",
        Examples = [JsonValue.Create("date,open,high,low,close,volume,symbol\n2026-01-05,184.1,186.9,183.2,186.2,5120300,IBM\n")],
    };

    /// <summary>The server's own limit does not hold here.</summary>
    sealed class UnlimitedBody : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => null;
    }
}
