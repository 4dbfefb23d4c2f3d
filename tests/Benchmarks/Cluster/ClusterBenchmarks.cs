using System.Globalization;
using Trading.Testing;
using Trading.Testing.Cluster;

namespace Trading.Benchmarks.Cluster;

/// <summary>Three silos and two API processes on loopback, with a PostgreSQL and a Redis of their own, under 32
/// callers: what each event costs them in time without answers, and whether anything that was acknowledged is lost,
/// doubled, or over a limit. Then decisions a second of many books on one, two and three silos.</summary>
public static class ClusterBenchmarks
{
    const int Callers = 32;
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(5), Outage = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Frozen = TimeSpan.FromSeconds(20);

    static readonly string[] Books = [.. Enumerable.Range(1, 12).Select(number => $"book-{number:00}")];

    public static async Task RunAsync(TextWriter output, string? part)
    {
        if (part is null or "events") await EventsAsync(output);
        if (part is null or "deploy") await RollingDeployment.RunAsync(output, Books, Callers);
        if (part is null or "forgets") await ForgetsAsync(output);
        if (part is null or "partition") await PartitionAsync(output);
        if (part is null or "silos") await SiloBenchmarks.RunAsync(output, Callers);
    }

    static async Task EventsAsync(TextWriter output)
    {
        using var cluster = await TestCluster.StartAsync(silos: 3, apis: 2);
        await OpenBooksAsync(cluster);
        using var load = new SignalLoad(cluster.ApiAddresses, Books, Callers);
        await load.AnsweredAsync();
        await output.WriteLineAsync(
            "| event | no answer of the book that waited longest, s | no answer of any book, s |");
        await output.WriteLineAsync("| --- | ---: | ---: |");

        await EventAsync("nothing", () => Task.CompletedTask);
        await EventAsync("a silo is killed (-9)", () => Killed(cluster.Silos[0]!));
        await EventAsync("it starts again", () => cluster.StartSilo(0).WaitUntilReadyAsync());
        await EventAsync("Redis is away for a minute", async () =>
        {
            cluster.Redis!.Kill();
            await Task.Delay(Outage);
            cluster.Redis.StartAgain();
        });
        await EventAsync("PostgreSQL crashes and recovers", () =>
        {
            cluster.Postgres.StopAtOnce();
            cluster.Postgres.StartAgain();
            return Task.CompletedTask;
        });
        await EventAsync("a silo is frozen for 20 s, and wakes", async () =>
        {
            cluster.Silos[1]!.Freeze();
            await Task.Delay(Frozen);
            cluster.Silos[1]!.Thaw();
        });
        if (cluster.Silos[1]!.HasExited) await cluster.StartSilo(1).WaitUntilReadyAsync();
        await EventAsync("an API process is killed (-9)", () => Killed(cluster.Apis[0]!));
        await EventAsync("it starts again", () => cluster.StartApi(0).WaitUntilReadyAsync());
        await EventAsync("every instance is replaced, one after another", async () =>
        {
            for (var place = 0; place < cluster.Silos.Length; place++)
            {
                await cluster.Silos[place]!.StopAsync();
                await cluster.StartSilo(place).WaitUntilReadyAsync();
            }

            for (var place = 0; place < cluster.Apis.Length; place++)
            {
                await cluster.Apis[place]!.StopAsync();
                await cluster.StartApi(place).WaitUntilReadyAsync();
            }
        });
        await load.EndAsync();

        var findings = await JournalAudit.CompareAsync(cluster.Database, load.Acknowledged);
        await output.WriteLineAsync();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{load.Acknowledged.Length:N0} answers, {load.Acknowledged.Count(one => one.Approved):N0} of them approvals; {findings.Count} lost, doubled or over a limit. Tries without an answer, by status (0: none): {string.Join(", ", load.Failures.Select(status => $"{status.Key}: {status.Value}"))}."));
        foreach (var finding in findings) await output.WriteLineAsync(finding);

        async Task EventAsync(string name, Func<Task> happen)
        {
            var from = load.Now;
            await happen();
            await load.AnsweredAsync();
            await Task.Delay(Settled);
            var (one, all) = load.Silence(from, load.Now);
            await output.WriteLineAsync(Row(name, one, all));
        }
    }

    /// <summary>The cable of one silo is cut, to everything: silos, API processes, PostgreSQL and Redis.</summary>
    static async Task PartitionAsync(TextWriter output)
    {
        using var away = new NetworkNamespace();
        using var cluster = TestCluster.Prepare(silos: 3, apis: 2, away);
        await cluster.MigrateAsync();
        await cluster.StartAllAsync();
        await OpenBooksAsync(cluster);
        using var load = new SignalLoad(cluster.ApiAddresses, Books, Callers);
        await load.AnsweredAsync();
        await Task.Delay(Settled);
        var from = load.Now;
        away.Cut();
        await load.AnsweredAsync();
        await Task.Delay(Settled);
        var (one, all) = load.Silence(from, load.Now);
        away.Mend();
        await Task.Delay(Frozen);
        await load.EndAsync();
        var findings = await JournalAudit.CompareAsync(cluster.Database, load.Acknowledged);
        await output.WriteLineAsync(Row("a silo loses its network", one, all));
        await output.WriteLineAsync();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{load.Acknowledged.Length:N0} answers, {load.Acknowledged.Count(one => one.Approved):N0} of them approvals; {findings.Count} lost, doubled or over a limit. Back in its network the silo {(cluster.Silos[^1]!.HasExited ? "ended" : "went on")}."));
    }

    /// <summary>Redis comes back and has forgotten who is there, and then a silo starts. What ends is started again, as systemd
    /// does.</summary>
    static async Task ForgetsAsync(TextWriter output)
    {
        using var cluster = await TestCluster.StartAsync(silos: 3, apis: 2);
        await OpenBooksAsync(cluster);
        using var load = new SignalLoad(cluster.ApiAddresses, Books, Callers);
        await load.AnsweredAsync();
        var from = load.Now;
        cluster.Redis!.Kill();
        cluster.Redis.StartAgain(empty: true);
        await Task.Delay(Frozen);
        var ended = cluster.Silos.Count(silo => silo!.HasExited);
        await cluster.Silos[0]!.StopAsync();
        await cluster.StartSilo(0).WaitUntilReadyAsync();
        for (var began = load.Now; load.Now - began < Frozen; await Task.Delay(Settled))
            for (var place = 0; place < cluster.Silos.Length; place++)
                if (cluster.Silos[place]!.HasExited && ++ended > 0) await cluster.StartSilo(place).WaitUntilReadyAsync();
        await load.AnsweredAsync();
        var (one, all) = load.Silence(from, load.Now);
        await load.EndAsync();
        await output.WriteLineAsync(Row("Redis comes back and knows nobody, and a silo is replaced", one, all));
        for (var place = 0; place < cluster.Silos.Length; place++)
            await output.WriteLineAsync($"silo {place + 1}: {await cluster.Silos[place]!.GetAsync("/health")}");
        var findings = await JournalAudit.CompareAsync(cluster.Database, load.Acknowledged);
        await output.WriteLineAsync($"{ended} silos ended by themselves; {load.Acknowledged.Length} answers, {load.Acknowledged.Count(one => one.Approved):N0} of them approvals; {findings.Count} lost, doubled or over a limit.");
    }

    public static string Row(string name, TimeSpan ofOneBook, TimeSpan ofAll) => string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {ofOneBook.TotalSeconds:0.0} | {ofAll.TotalSeconds:0.0} |");

    static Task Killed(TradingProcess process)
    {
        process.Kill();
        return Task.CompletedTask;
    }

    static async Task OpenBooksAsync(TestCluster cluster)
    {
        foreach (var id in Books) await cluster.Apis[0]!.PostAsync("/api/portfolios", new { id, cash = 1_000_000 });
    }
}
