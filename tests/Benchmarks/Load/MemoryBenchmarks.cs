using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Trading.Benchmarks.Http;
using Trading.Testing;

namespace Trading.Benchmarks.Load;

/// <summary>What is resident after so many decisions: batches as fast as they are answered.</summary>
/// <remarks><c>-- memory [decisions]</c>.</remarks>
static class MemoryBenchmarks
{
    const int Callers = 4, Step = 500_000, RestSeconds = 20, TypesShown = 20;

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var most = arguments is [var first, ..] ? long.Parse(first, CultureInfo.InvariantCulture) : 5_000_000;
        var folder = Directory.CreateTempSubdirectory("trading-memory-").FullName;
        var metrics = new Uri($"http://127.0.0.1:{Ports.Free()}/metrics");
        using var silo = ServerProcess.Silo(folder, $"monitoring:metrics_url={metrics.GetLeftPart(UriPartial.Authority)}");
        await silo.WaitAsync();
        using var client = silo.Client();
        using var own = new HttpClient();
        await output.WriteLineAsync("| decisions | a second | resident MB | heap MB | full collections | store MB |\n| ---: | ---: | ---: | ---: | ---: | ---: |");
        await RowAsync("0", 0);
        for (long done = 0; done < most; done += Step)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => DecideAsync(client, caller)));
            await RowAsync(
                (done + Step).ToString("N0", CultureInfo.InvariantCulture), Step / Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        await RestAsync(client);
        var kept = await HeapTypes.OfAsync(silo.Id);
        await RowAsync("at rest, after a full collection", 0);
        await output.WriteLineAsync("\n| kept at rest | MB |\n| --- | ---: |");
        foreach (var (type, megabytes) in kept.Take(TypesShown))
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| `{type}` | {megabytes:0.0} |"));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| all | {kept.Sum(one => one.Megabytes):0} |"));

        Directory.Delete(folder, recursive: true);

        async Task RowAsync(string decisions, double rate)
        {
            var vitals = await ServerVitals.OfAsync(silo, own, metrics);
            var store = Directory.EnumerateFiles(folder, "trading.db*").Sum(file => new FileInfo(file).Length) / (1024.0 * 1024);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {decisions} | {rate:N0} | {vitals.Resident:0} | {vitals.Heap:0} | {vitals.FullCollections:0} | {store:N0} |"));
        }
    }

    /// <summary>Until every approval has expired, and a little more, with one decision a second: what is there then is kept, not
    /// under way.</summary>
    static async Task RestAsync(HttpClient client)
    {
        for (var second = 0; second < RestSeconds; second++)
        {
            using var content = new StringContent(HttpBenchmarks.Signal(second, "0.001"), MediaTypeHeaderValue.Parse("application/json"));
            using var answer = await client.PostAsync(new Uri("/api/risk/validate-signal", UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    static async Task DecideAsync(HttpClient client, int caller)
    {
        var body = new byte[HttpBenchmarks.BatchSize * 256];
        var json = "[" + string.Join(',', Enumerable.Range(0, HttpBenchmarks.BatchSize).Select(n => HttpBenchmarks.Signal(caller + n, "0.001"))) + "]";
        for (var batch = 0; batch < Step / Callers / HttpBenchmarks.BatchSize; batch++)
        {
            using var content = new StringContent(json, MediaTypeHeaderValue.Parse("application/json"));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/risk/validate-signals") { Content = content };
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            await using var stream = await answer.Content.ReadAsStreamAsync();
            while (await stream.ReadAsync(body) > 0)
            {
                // thrown away: what is measured is the server
            }
        }
    }
}
