using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Trading.Operations;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>What the system is, and how it does.</summary>
internal static class SystemEndpoints
{
    const int DefaultHours = 24;

    public static void MapSystem(this IEndpointRouteBuilder api)
    {
        var system = api.MapGroup("").WithTags("System").Answers(500);
        system.MapGet("/api/system/status", GetStatusAsync).WithMetadata(new AnswersWhilePreparing()).Produces<SystemStatus>()
            .WithSummary("Version, engine, uptime, portfolios, and where the default portfolio stands.");
        system.MapGet("/api/system/metrics", GetMetricsAsync).WithMetadata(new AnswersWhilePreparing()).Produces<SystemMetrics>().Answers(400)
            .WithSummary("How the system does, and how it did in the last hours: performance, availability, error budget.");
    }

    static async Task<Answer<SystemMetrics>> GetMetricsAsync(string? hours, IGrainFactory grains)
    {
        var asked = hours is null ? DefaultHours : int.Parse(hours, CultureInfo.InvariantCulture);
        return await Reads.AskAsync(() => grains.GetGrain<IMonitorGrain>(GrainKeys.Monitor).GetMetricsAsync(asked));
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
