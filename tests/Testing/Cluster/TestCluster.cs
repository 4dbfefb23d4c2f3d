namespace Trading.Testing.Cluster;

/// <summary>Silos and API processes of the program on loopback, with a PostgreSQL and, where they find each other by
/// it, a Redis of their own. Everything ends with it.</summary>
public sealed class TestCluster : IDisposable
{
    readonly string[] _settings;
    readonly (int Http, int Silo, int Gateway)[] _silos;
    readonly int[] _apis;

    readonly NetworkNamespace? _away;

    TestCluster(
        PostgresServer postgres, RedisServer? redis, int silos, int apis, string[] settings, NetworkNamespace? away)
    {
        _away = away;
        (Postgres, Redis, Database) = (postgres, redis, postgres.CreateDatabase());
        _silos = [.. Enumerable.Range(0, silos)
            .Select(_ => (Ports.Free(), Ports.Free(), Ports.Free()))];
        _apis = [.. Enumerable.Range(0, apis).Select(_ => Ports.Free())];
        Silos = new TradingProcess?[silos];
        Apis = new TradingProcess?[apis];
        _settings =
        [
            .. TradingProcess.Settings("", "portfolio:sample=", "market_data:replay_interval=3600"),
            "store:kind=postgres", $"store:connection_string={Database};Maximum Pool Size=12",
            redis is null ? "cluster:membership=postgres"
                : "cluster:membership=redis", $"cluster:redis_connection_string={redis?.Address}",
            "cluster:drain=1", "cluster:shed_at_cpu=100", "cluster:shed_at_memory=100",
            "risk:default_limits:reservation_seconds=86400", .. settings,
        ];
    }

    public PostgresServer Postgres { get; }

    public RedisServer? Redis { get; }

    /// <summary>The connection string of the database.</summary>
    public string Database { get; }

    /// <summary>By place; null where none runs.</summary>
    public TradingProcess?[] Silos { get; }

    public TradingProcess?[] Apis { get; }

    public IReadOnlyList<Uri> ApiAddresses => [.. _apis.Select(port => new Uri($"http://127.0.0.1:{port}"))];

    /// <summary>What every process of the cluster is started with, and a command on its database.</summary>
    public IReadOnlyList<string> Settings => _settings;

    public static async Task<TestCluster> StartAsync(int silos, int apis, bool redis = true, params string[] settings)
    {
        var cluster = Prepare(silos, apis, redis, settings);
        try
        {
            await cluster.MigrateAsync();
            await cluster.StartAllAsync();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>The servers, and an empty database; nothing of the program runs yet.</summary>
    public static TestCluster Prepare(int silos, int apis, bool redis = true, params string[] settings) =>
        new(new PostgresServer(), redis ? new RedisServer() : null, silos, apis, settings, null);

    /// <summary>The same, where the last silo will run in another network; its readiness cannot be asked from
    /// here.</summary>
    public static TestCluster Prepare(int silos, int apis, NetworkNamespace away) =>
        new(new PostgresServer(NetworkNamespace.Here), new RedisServer(NetworkNamespace.Here), silos, apis,
            [$"cluster:address={NetworkNamespace.Here}"], away);

    public async Task MigrateAsync()
    {
        var (exitCode, output, errors) = await TradingProcess.RunAsync(["database", "migrate", "--set", .. _settings]);
        if (exitCode != 0) throw new InvalidOperationException($"{output}{errors}");
    }

    public async Task StartAllAsync()
    {
        for (var place = 0; place < Silos.Length; place++) StartSilo(place);
        for (var place = 0; place < Apis.Length; place++) StartApi(place);
        foreach (
            var process in Silos.SkipLast(_away is null ? 0 : 1).Concat(Apis)) await process!.WaitUntilReadyAsync();
        if (_away is not null) await Wait.UntilAsync(SeesAllAsync);
    }

    /// <summary>The one in another network is asked about, since it cannot be asked.</summary>
    async Task<bool> SeesAllAsync() => Silos[^1] is { HasExited: true } ended
        ? throw new InvalidOperationException($"The silo in another network ended: {ended.Errors}")
        : (await Silos[0]!.GetAsync("/health")).ToString().Contains($"{Silos.Length} active", StringComparison.Ordinal);

    /// <summary>The servers are at the cable; what a silo listens at is its own.</summary>
    static string FromAway(string setting) => setting.Contains("connection_string", StringComparison.Ordinal)
        ? setting.Replace("127.0.0.1", NetworkNamespace.Here, StringComparison.Ordinal) : setting;

    public TradingProcess StartSilo(int place, params string[] settings)
    {
        var (http, silo, gateway) = _silos[place];
        if (_away is not null && place == _silos.Length - 1)
            return Silos[place] = TradingProcess.Start(
                _away.Launcher, "run", http,
                [.. _settings.Select(FromAway),
                    $"cluster:silo_port={silo}", $"cluster:gateway_port={gateway}",
                        $"cluster:address={NetworkNamespace.There}"]);
        return Silos[place] = TradingProcess.Start(
            "run", http, [.. _settings, $"cluster:silo_port={silo}", $"cluster:gateway_port={gateway}", .. settings]);
    }

    public TradingProcess StartApi(int place, params string[] settings) =>
        Apis[place] = TradingProcess.Start("api", _apis[place], [.. _settings, .. settings]);

    public void Dispose()
    {
        foreach (var process in Silos.Concat(Apis)) process?.Dispose();
        Redis?.Dispose();
        Postgres.Dispose();
    }
}
