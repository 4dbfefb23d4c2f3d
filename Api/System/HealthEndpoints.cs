using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trading.Api;

/// <summary>Whether the process lives, and whether it can serve. No budget of requests stands before it, and it is no
/// secret: an orchestrator asks without a name.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder api)
    {
        var health = api.MapGroup("/health").WithTags("System").Answers(500).DisableRateLimiting();
        health.MapGet("", ReadyAsync).Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Whether the process is live and its parts are ready: 200, or 503 with the part that is not.");
        health.MapGet("/ready", ReadyAsync).Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("The same: degraded parts serve with less than all, unhealthy ones do not.");
        health.MapGet("/live", Live).Produces<HealthAnswer>().WithSummary("200 while the process answers at all.");
    }

    static Answer<HealthAnswer> Live() => new HealthAnswer(Word(HealthStatus.Healthy), Live: true, Ready: null, []);

    static async Task<Answer<HealthAnswer>> ReadyAsync(HttpContext http, HealthReader health, CancellationToken cancellation)
    {
        var report = await health.ReadAsync(cancellation);
        var isReady = report.Status != HealthStatus.Unhealthy;
        var described = Describe(report);
        // Strangers are told the state, and not what is known of it.
        Answer<HealthAnswer> answer = Caller.Of(http) is not null ? described
            : described with { Parts = [.. described.Parts.Select(part => part with { Detail = null })] };
        return answer.With(isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    public static HealthAnswer Describe(HealthReport report) => new(
        Word(report.Status), Live: true, report.Status != HealthStatus.Unhealthy,
        [
            .. report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new HealthPart(
                entry.Key, Word(entry.Value.Status), entry.Value.Description, entry.Value.Duration.TotalMilliseconds))
        ]);

    [SuppressMessage("Globalization", "CA1308", Justification = "A fixed word in the API's own spelling.")]
    static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}
