using Trading.Api;

namespace Trading.Hosting;

/// <summary>How a process leaves: it says that it is not ready and goes on answering until whoever hands out requests
/// has noticed. Then the host stops admitting, finishes what it has, puts its grains out of memory, each with what it
/// has to store, and leaves the cluster.</summary>
sealed class Drain(Readiness readiness, ClusteringOptions cluster, TimeProvider clock) : IHostedLifecycleService
{
    /// <summary>For what follows the drain: the last answers, and the grains of the silo.</summary>
    public static readonly TimeSpan Ending = TimeSpan.FromSeconds(30);

    /// <summary>What <c>cluster:drain</c> may be at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Leave();
        await Task.Delay(TimeSpan.FromSeconds(cluster.Drain), clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

static class DrainServices
{
    public static IServiceCollection AddDrain(this IServiceCollection services, ClusteringOptions cluster) => services
        .AddHostedService(
            all => new Drain(all.GetRequiredService<Readiness>(), cluster, all.GetRequiredService<TimeProvider>()))
        .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(cluster.Drain) + Drain.Ending);
}
