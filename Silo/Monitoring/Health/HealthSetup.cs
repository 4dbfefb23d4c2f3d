using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trading.Monitoring.Health;

/// <summary>The parts that the host looks after; the API adds what it needs itself.</summary>
static class HealthSetup
{
    /// <summary>What does not answer by then counts as broken.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="storePath">The file of an embedded store; empty for a server's.</param>
    public static void AddTradingHealth(this IServiceCollection services, string storePath)
    {
        var checks = services.AddHealthChecks();
        Add<JournalHealth>("journal");
        Add<StoreHealth>("store");
        Add<SourcesHealth>("sources");
        Add<RemindersHealth>("reminders");
        Add<ClusterHealth>("cluster");
        services.AddSingleton<ClockHealth>();
        checks.AddCheck<ClockHealth>("clock", timeout: Patience);
        services.AddSingleton(provider => new DiskHealth(provider.GetRequiredService<MonitoringOptions>(), storePath));
        checks.AddCheck<DiskHealth>("disk", timeout: Patience);

        void Add<T>(string name) where T : class, IHealthCheck => checks.AddCheck<T>(name, timeout: Patience);
    }
}
