using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>Whether the system can serve, and what it is.</summary>
internal static class SystemEndpoints
{
    public static void MapSystem(this IEndpointRouteBuilder api)
    {
        var system = api.MapGroup("").WithTags("System").Answers(500);
        system.MapGet("/health", GetHealthAsync).DisableRateLimiting().Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Whether the process is live and its parts are ready: 200, or 503 with the part that is not.");
        system.MapGet("/api/system/status", GetStatusAsync).WithMetadata(new AnswersWhilePreparing()).Produces<SystemStatus>()
            .WithSummary("Version, engine, uptime, portfolios, and where the default portfolio stands.");
    }

    static async Task<Answer<HealthAnswer>> GetHealthAsync(HttpContext http, HealthCheckService checks, CancellationToken cancellation)
    {
        var report = await checks.CheckHealthAsync(cancellation);
        var isReady = report.Status != HealthStatus.Unhealthy;
        Answer<HealthAnswer> answer = new HealthAnswer(Word(report.Status), Live: true, isReady, [.. report.Entries
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new HealthPart(entry.Key, Word(entry.Value.Status), Caller.Of(http) is null ? null : entry.Value.Description, entry.Value.Duration.TotalMilliseconds))]);
        return answer.With(isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    static async Task<Answer<SystemStatus>> GetStatusAsync(HttpContext http, SystemInfo info, TimeProvider clock, IGrainFactory grains)
    {
        const string Default = GrainKeys.DefaultPortfolio;
        var portfolios = await Reads.AskAsync(grains.GetGrain<IPortfolioDirectoryGrain>(GrainKeys.Directory).ListAsync);
        var book = await Reads.AskAsync(grains.GetGrain<IPortfolioGrain>(Default).GetSnapshotAsync);
        var limits = book.IsDone ? await Reads.AskAsync(grains.GetGrain<IRiskLimitGrain>(Default).GetLimitsAsync) : null;
        return new SystemStatus(info.Version, "Orleans", info.Store, info.StartedAt, (clock.GetUtcNow() - info.StartedAt).TotalSeconds,
            [.. portfolios.Where(Caller.MayUse(http))], Default, book.Value?.Sequence, limits?.Current.Version);
    }

    [SuppressMessage("Globalization", "CA1308", Justification = "A fixed word in the API's own spelling.")]
    static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}

/// <summary>Healthy while a grain answers in time.</summary>
internal sealed class GrainsHealthCheck(IGrainFactory grains, TimeProvider clock) : IHealthCheck
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var portfolios = await grains.GetGrain<IPortfolioDirectoryGrain>(GrainKeys.Directory).ListAsync().WaitAsync(Patience, clock, cancellationToken);
            return HealthCheckResult.Healthy($"{portfolios.Length} portfolios");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy(error is TimeoutException ? "No answer in time." : "The grains do not answer.", error);
        }
    }
}
