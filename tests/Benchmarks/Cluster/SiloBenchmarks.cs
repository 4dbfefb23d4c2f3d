using System.Globalization;
using Trading.Testing;
using Trading.Testing.Cluster;

namespace Trading.Benchmarks.Cluster;

/// <summary>Decisions a second of many books on one, two and three silos with one API process, what each costs the processes, and
/// how long callers wait when a silo is killed: for those that are left, or for the only one to be started again.</summary>
static class SiloBenchmarks
{
    const int Most = 3;
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10), Round = TimeSpan.FromSeconds(20), Settled = TimeSpan.FromSeconds(5);

    /// <param name="callers">Each has a book of its own.</param>
    public static async Task RunAsync(TextWriter output, int callers)
    {
        await output.WriteLineAsync("| silos | decisions a second | processor time of silos for each, ms | of the API process, ms | p50 ms | p99 ms | a silo is killed: no answer of a book, s | of any, s |");
        await output.WriteLineAsync("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        string[] books = [.. Enumerable.Range(1, callers).Select(number => $"book-{number:00}")];
        for (var silos = 1; silos <= Most; silos++) await MeasureAsync(silos, books, output);
    }

    static async Task MeasureAsync(int silos, string[] books, TextWriter output)
    {
        using var cluster = await TestCluster.StartAsync(silos, apis: 1);
        foreach (var id in books) await cluster.Apis[0]!.PostAsync("/api/portfolios", new { id, cash = 1_000_000 });
        using var load = new SignalLoad(cluster.ApiAddresses, books, books.Length);
        await load.AnsweredAsync();
        await Task.Delay(WarmUp); // the compiler of the runtime is done with most of it
        var (from, ofSilos, ofApis) = (load.Now, ProcessorTime(cluster.Silos), ProcessorTime(cluster.Apis));
        await Task.Delay(Round);
        var to = load.Now;
        (ofSilos, ofApis) = (ProcessorTime(cluster.Silos) - ofSilos, ProcessorTime(cluster.Apis) - ofApis);

        cluster.Silos[0]!.Kill();
        if (silos == 1) await cluster.StartSilo(0).WaitUntilReadyAsync();
        await load.AnsweredAsync();
        await Task.Delay(Settled);
        var (one, all) = load.Silence(to, load.Now);
        await load.EndAsync();

        var findings = await JournalAudit.CompareAsync(cluster.Database, load.Acknowledged);
        var took = load.Acknowledged.Where(answer => answer.At > from && answer.At <= to)
            .Select(answer => answer.Took.TotalMilliseconds).Order().ToList();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"| {silos} | {took.Count / (to - from).TotalSeconds:N0} | {ofSilos.TotalMilliseconds / took.Count:0.00} | {ofApis.TotalMilliseconds / took.Count:0.00} | {took[took.Count / 2]:0.0} | {took[(int)(took.Count * 0.99)]:0.0} | {one.TotalSeconds:0.0} | {all.TotalSeconds:0.0} |"));
        foreach (var finding in findings) await output.WriteLineAsync(finding);
    }

    static TimeSpan ProcessorTime(IEnumerable<TradingProcess?> processes) =>
        processes.Aggregate(TimeSpan.Zero, (sum, process) => sum + process!.ProcessorTime);
}
