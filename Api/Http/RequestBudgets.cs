using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Trading.Api;

/// <summary>How much the API takes on at once. Section <c>api</c>.</summary>
public sealed class RequestBudgetOptions : IValidateOptions<RequestBudgetOptions>
{
    public const string Section = "api";
    const int Most = 1_000_000;

    /// <summary>Requests worked on at once, the emergency ones apart; from 1.</summary>
    [ConfigurationKeyName("max_concurrent_requests")] public int MaxConcurrentRequests { get; set; } = 1_024;

    /// <summary>Requests that wait for their turn, in order; one more is told to come back (429); from 0.</summary>
    [ConfigurationKeyName("max_queued_requests")] public int MaxQueuedRequests { get; set; } = 4_096;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, RequestBudgetOptions options)
    {
        List<string> findings = [];
        if (options.MaxConcurrentRequests is < 1 or > Most)
            findings.Add($"{Section}:max_concurrent_requests is {options.MaxConcurrentRequests}; it must be from 1 to {Most}.");
        if (options.MaxQueuedRequests is < 0 or > Most)
            findings.Add($"{Section}:max_queued_requests is {options.MaxQueuedRequests}; it must be from 0 to {Most}.");
        return findings.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(findings);
    }
}

/// <summary>Two budgets that share nothing: whatever floods the API, a mode, a breaker and an emergency stop have places of their own.</summary>
internal static class RequestBudgets
{
    public const string Ordinary = "ordinary", Emergency = "emergency";
    const int EmergencyPlaces = 32, EmergencyQueue = 1_024;

    public static IServiceCollection AddRequestBudgets(this IServiceCollection services)
    {
        services.AddOptions<RequestBudgetOptions>().BindConfiguration(RequestBudgetOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RequestBudgetOptions>, RequestBudgetOptions>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RequestBudgetOptions>>((limits, budgets) =>
        {
            var options = budgets.Value;
            limits.AddPolicy(Ordinary, _ => Places(Ordinary, options.MaxConcurrentRequests, options.MaxQueuedRequests));
            limits.AddPolicy(Emergency, _ => Places(Emergency, EmergencyPlaces, EmergencyQueue));
            limits.OnRejected = static async (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = ApiProblem.RetryAfterSeconds;
                await ApiProblem.Of(StatusCodes.Status429TooManyRequests, "More requests are waiting than the API takes; nothing was changed.", [])
                    .ExecuteAsync(rejected.HttpContext);
            };
        });
        return services;
    }

    static RateLimitPartition<string> Places(string name, int places, int queue) => RateLimitPartition.GetConcurrencyLimiter(
        name, _ => new ConcurrencyLimiterOptions { PermitLimit = places, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
}
