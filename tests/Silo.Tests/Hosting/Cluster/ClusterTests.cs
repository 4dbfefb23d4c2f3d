using Trading.Testing;
using Trading.Testing.Cluster;

namespace Trading.Hosting.Tests;

/// <summary>Whole clusters of processes; nothing else of the assembly runs beside them, since they use every
/// core.</summary>
[CollectionDefinition(nameof(ClusterTests), DisableParallelization = true)]
public sealed class ClusterCollection;

/// <summary>What a cluster owes its callers whatever ends: an answer that was given stands in the journal, once. The
/// same with a partition, three silos that are replaced, and a table of times: <c>dotnet run -c Release --project
/// tests/Benchmarks -- cluster</c>.</summary>
[Collection(nameof(ClusterTests))]
public sealed class ClusterTests
{
    static readonly string[] Books = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];

    [ClusterFact]
    public async Task SiloKilled_RedisKilled_PostgresStopped_SiloDrained_NothingAcknowledgedIsLostOrDoubled_AndNoLimitIsExceeded()
    {
        using var cluster = await TestCluster.StartAsync(silos: 3, apis: 2);
        await OpenBooksAsync(cluster);
        using var load = new SignalLoad(cluster.ApiAddresses, Books, callers: 16);
        await load.AnsweredAsync();

        cluster.Silos[0]!.Kill();
        await load.AnsweredAsync();

        cluster.Redis!.Kill();
        await load.AnsweredAsync();
        cluster.Redis.StartAgain();
        await cluster.StartSilo(0).WaitUntilReadyAsync();

        cluster.Postgres.StopAtOnce();
        cluster.Postgres.StartAgain();
        await load.AnsweredAsync();

        await cluster.Silos[1]!.StopAsync();
        await load.AnsweredAsync();
        await load.EndAsync();

        (await JournalAudit.CompareAsync(cluster.Database, load.Acknowledged)).ShouldBeEmpty();
        load.Acknowledged.Count(one => one.Approved).ShouldBeGreaterThan(0);
        await ApprovalsAreHeldOnceAsync(cluster, load);
        var (exitCode, output, _) =
            await TradingProcess.RunAsync("journal", "verify", "--connection", cluster.Database);
        exitCode.ShouldBe(0, output);
    }

    [ClusterFact]
    public async Task EverySiloDead_AndOnlyTheirRowsLeft_TheNextStartAnswers()
    {
        using var cluster = await TestCluster.StartAsync(silos: 1, apis: 1, redis: false);
        await OpenBooksAsync(cluster);
        foreach (var silo in cluster.Silos) silo!.Kill();

        var next = cluster.StartSilo(
            0, $"cluster:silo_port={Ports.Free()}", $"cluster:gateway_port={Ports.Free()}");
        await next.WaitUntilReadyAsync();
        await Wait.UntilAsync(cluster.Apis[0]!.IsReadyAsync);

        (await cluster.Apis[0]!.GetAsync("/api/portfolios")).GetArrayLength().ShouldBe(Books.Length);
    }

    /// <summary>Longer than a program that only prints something is given.</summary>
    [ClusterFact]
    public async Task SiloAndApi_ThatAreToldToEnd_HaveAllTheTimeOfTheirDrain_AndEndByThemselves()
    {
        using var cluster = await TestCluster.StartAsync(silos: 1, apis: 1, redis: false, "cluster:drain=3");

        await Task.WhenAll(cluster.Apis[0]!.StopAsync(), cluster.Silos[0]!.StopAsync());

        (cluster.Apis[0]!.ExitCode, cluster.Silos[0]!.ExitCode).ShouldBe((0, 0));
    }

    [ClusterFact]
    public async Task SiloThatFindsNoRedis_SaysWhichSettingLeadsThere()
    {
        using var cluster = TestCluster.Prepare(silos: 1, apis: 1);
        await cluster.MigrateAsync();
        const string Secret = "not-shown";
        var address = $"cluster:redis_connection_string=127.0.0.1:{Ports.Free()},password={Secret},connectTimeout=500,asyncTimeout=500";

        var (exitCode, _, errors) = await TradingProcess.RunAsync(
            ["run", "--set", .. cluster.Settings, "urls=http://127.0.0.1:0", address]);

        exitCode.ShouldBe(3, errors);
        errors.ShouldContain("cluster:redis_connection_string: there is no way to Redis");
        errors.ShouldNotContain(Secret);
    }

    static async Task OpenBooksAsync(TestCluster cluster)
    {
        foreach (var id in Books) await cluster.Apis[0]!.PostAsync("/api/portfolios", new { id, cash = 1_000_000 });
    }

    /// <summary>By the books as the cluster shows them: each approval is held, once.</summary>
    static async Task ApprovalsAreHeldOnceAsync(TestCluster cluster, SignalLoad load)
    {
        foreach (var book in Books)
        {
            var shown = await cluster.Apis[0]!.GetAsync($"/api/portfolios/{book}");
            var held = shown.GetProperty("reservations").EnumerateArray()
                .Select(one => one.GetProperty("reservation_id").GetString()!).ToList();
            held.ShouldBeUnique();
            load.Acknowledged.Where(one => one.Approved && one.Book == book).Select(one => one.DecisionId)
                .ShouldBeSubsetOf(held);
        }
    }
}
