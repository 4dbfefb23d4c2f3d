using Microsoft.Extensions.Options;
using Trading.Api;
using Trading.Configuration;
using Trading.MarketData;
using Trading.Monitoring;

namespace Trading.Hosting;

/// <summary>The API in a process of its own: a client of the silos. It listens at once, says that it is not ready
/// until it has found a silo, and finds others by itself when that one goes.</summary>
static class ApiProcess
{
    public static void Add(WebApplicationBuilder builder, SoundSettings sound, SystemInfo info)
    {
        var (cluster, store) = (sound.Of<ClusteringOptions>(), sound.Of<StoreOptions>());
        if (!cluster.IsOn)
            throw new OptionsValidationException(ClusteringOptions.Section, typeof(ClusteringOptions),
                [$"{ClusteringOptions.Section}:membership is none; an API process needs redis or postgres to find silos by."]);
        var services = builder.Services;
        services.AddSingleton(new Readiness("no silo has been found yet")).AddHostedService<Found>();
        // to be asked while it looks for a silo
        services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        services.AddPostgresBarStore(store.ConnectionString!).AddBarFiles();
        services.AddSingleton<StreamIntake>().AddSingleton<IBarIntake, BarIntake>();
        services.AddTradingApi();
        services.AddApiMonitoring(sound.Of<MonitoringOptions>(), info);
        builder.UseOrleansClient(client =>
        {
            ClusterSetup.Compose(client, cluster, store, TimeProvider.System);
            if (sound.HasDashboard) OrleansDashboard.Add(client);
        });
    }

    /// <summary>The client is connected when every service has started.</summary>
    sealed class Found(Readiness readiness) : IHostedLifecycleService
    {
        public Task StartedAsync(CancellationToken cancellationToken)
        {
            readiness.Complete();
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
