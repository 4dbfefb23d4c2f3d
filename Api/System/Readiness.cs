using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trading.Api;

/// <summary>Whether the system may be asked. A host that prepares something says so before it listens: until that is
/// complete <c>/health</c> is 503, and so is every question, since an answer from a half-filled book is none.</summary>
/// <param name="waitsFor">What is being prepared, in words; null for nothing.</param>
public sealed class Readiness(string? waitsFor = null)
{
    volatile string? _waitsFor = waitsFor;

    /// <summary>Whether the process is about to end. It still answers, and asks for no new work: <c>/health</c> is
    /// 503.</summary>
    public bool IsLeaving { get; private set; }

    public void Leave() => IsLeaving = true;

    public bool IsReady => _waitsFor is null;

    /// <summary>In words; null where all is prepared.</summary>
    public string? WaitsFor => _waitsFor;

    public void Complete() => _waitsFor = null;
}

/// <summary>Of an endpoint that answers before all is prepared: what the system is, and what stops trading.</summary>
internal sealed class AnswersWhilePreparing;

/// <summary>Unhealthy until all is prepared.</summary>
internal sealed class PreparedHealthCheck(Readiness readiness) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        readiness.IsLeaving ? HealthCheckResult.Unhealthy("It is leaving.")
        : readiness.WaitsFor is { } what ? HealthCheckResult.Unhealthy($"Not yet: {what}.")
        : HealthCheckResult.Healthy());
}
