using Orleans.Configuration;
using Orleans.Runtime.Placement;
using Orleans.Serialization;
using Orleans.Versions.Compatibility;
using Orleans.Versions.Selector;
using StackExchange.Redis;

namespace Trading.Hosting;

/// <summary>How silos and API processes form a cluster.</summary>
static class ClusterSetup
{
    /// <summary>A silo says so often that it lives. Whoever has been silent three times as long counts as dead to a
    /// silo that starts, so that a cluster of which nothing is left but its rows in the membership table begins again
    /// at once.</summary>
    static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(3);

    /// <summary>Three questions in a row that find no answer within this time end a silo's membership, unless it was heard of
    /// otherwise meanwhile: that is looked at for as long as three of the longest questions take.</summary>
    static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    const int MissedProbes = 3, MissedSigns = 3;

    /// <summary>How often a silo reads the table whatever it is told: one that was given up while its network was away sees
    /// that it is dead, and ends.</summary>
    static readonly TimeSpan LookAtTable = TimeSpan.FromSeconds(10);

    /// <summary>How long the membership table remembers the dead.</summary>
    static readonly TimeSpan DeadAreKept = TimeSpan.FromDays(1);

    /// <summary>How far below the limit memory is brought once grains are put out of it.</summary>
    const int MemoryRelief = 10;

    /// <summary>Attempts of an API process to find a silo, one a second, before it ends and is started anew.</summary>
    const int MostAttempts = 600;

    static readonly TimeSpan AttemptEvery = TimeSpan.FromSeconds(1);

    public static void Compose(ISiloBuilder silo, ClusteringOptions cluster, StoreOptions store)
    {
        silo.Configure<ClusterOptions>(name => (name.ClusterId, name.ServiceId) = (cluster.Id, OrleansSetup.Service));
        silo.ConfigureEndpoints(
            cluster.Advertised!, cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: false);
        if (cluster.Membership == "redis")
            silo.UseRedisClustering(redis => redis.ConfigurationOptions = Redis(cluster));
        else
            silo.UseAdoNetClustering(
                options => (options.Invariant, options.ConnectionString) = ("Npgsql", store.ConnectionString));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.IAmAliveTablePublishTimeout = SignOfLife;
            membership.NumMissedTableIAmAliveLimit = MissedSigns;
            membership.ProbeTimeout = membership.MaxProbeTimeout = ProbeTimeout;
            membership.NumMissedProbesLimit = MissedProbes;
            membership.TableRefreshTimeout = LookAtTable;
            membership.DefunctSiloExpiration = DeadAreKept;
        });
        ShedLoad(silo, cluster);
        Place(silo);
        silo.Services.AddHostedService<MembershipGuard>();
        if (cluster.Kubernetes) silo.UseKubernetesHosting();
    }

    public static void Compose(
        IClientBuilder client, ClusteringOptions cluster, StoreOptions store, TimeProvider clock)
    {
        client.Configure<ClusterOptions>(
            name => (name.ClusterId, name.ServiceId) = (cluster.Id, OrleansSetup.Service));
        client.Services.AddSerializer(serializer => serializer.AddLibraryMessages());
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = SignOfLife);
        if (cluster.Membership == "redis")
            client.UseRedisClustering(redis => redis.ConfigurationOptions = Redis(cluster));
        else
            client.UseAdoNetClustering(
                options => (options.Invariant, options.ConnectionString) = ("Npgsql", store.ConnectionString));
        var attempts = 0;
        client.UseConnectionRetryFilter(async (_, cancellation) =>
        {
            await Task.Delay(AttemptEvery, clock, cancellation);
            return ++attempts < MostAttempts;
        });
    }

    /// <summary>What somebody who starts a silo can do where Redis does not take it; no password is in it.</summary>
    public static string Explain(RedisException error) =>
        $"cluster:redis_connection_string: there is no way to Redis ({(error as RedisConnectionException)?.FailureType ?? ConnectionFailureType.None}). "
        + "It must be up, reachable from here (in protected mode it answers its own machine alone), and take the user and password of the setting.";

    /// <summary>A client that waits for Redis says so instead of failing at once.</summary>
    static ConfigurationOptions Redis(ClusteringOptions cluster)
    {
        var options = ConfigurationOptions.Parse(cluster.Redis!);
        options.AbortOnConnectFail = false;
        return options;
    }

    static void ShedLoad(ISiloBuilder silo, ClusteringOptions cluster)
    {
        silo.Configure<LoadSheddingOptions>(load =>
        {
            load.LoadSheddingEnabled = cluster.ShedAtCpu < 100 || cluster.ShedAtMemory < 100;
            load.CpuThreshold = cluster.ShedAtCpu;
            load.MemoryThreshold = cluster.ShedAtMemory;
        });
        silo.Configure<GrainCollectionOptions>(grains =>
        {
            grains.EnableActivationSheddingOnMemoryPressure = cluster.ShedAtMemory < 100;
            grains.MemoryUsageLimitPercentage = cluster.ShedAtMemory;
            grains.MemoryUsageTargetPercentage = Math.Max(1, cluster.ShedAtMemory - MemoryRelief);
        });
    }

    /// <summary>While silos of two versions run, new activations go where the caller's version of the contract is
    /// understood, and among those anywhere: a book that moved to the new version must be able to move back.</summary>
    static void Place(ISiloBuilder silo)
    {
        silo.Configure<GrainVersioningOptions>(versions =>
        {
            versions.DefaultCompatibilityStrategy = nameof(BackwardCompatible);
            versions.DefaultVersionSelectorStrategy = nameof(AllCompatibleVersions);
        });
        silo.Services.AddSingleton<IPlacementStrategyResolver, BookPlacementResolver>();
        silo.Services.AddPlacementDirector<BookPlacement, BookPlacementDirector>();
    }
}
