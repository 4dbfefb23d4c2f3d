using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Trading.Testing;

namespace Trading.Benchmarks.Http;

/// <summary>What it costs to be watched: the same load on three programs that differ in their monitoring alone, in
/// rounds that alternate, and the time and size of a scrape.</summary>
public static class MonitoringBenchmarks
{
    const int DefaultRounds = 9, LeastRounds = 3, Connections = 32, Scrapes = 50;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    /// <param name="arguments">The number of rounds; none for the usual one.</param>
    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var rounds = arguments is [var text]
            ? Math.Max(LeastRounds, int.Parse(text, CultureInfo.InvariantCulture)) : DefaultRounds;
        var folder = Directory.CreateTempSubdirectory("trading-bench-").FullName;
        await using var sink = await SinkAsync();
        var (metrics, traced) = (Ports.Free(), Ports.Free());
        Watched[] all =
        [
            Start("nothing", "monitoring:enabled=false"),
            Start("metrics, health and history", $"monitoring:metrics_url=http://127.0.0.1:{metrics}"),
            Start("the same, one in a hundred requests traced to OTLP",
                $"monitoring:metrics_url=http://127.0.0.1:{traced}", $"monitoring:otlp_endpoint={sink.Urls.First()}"),
        ];
        try
        {
            foreach (var one in all) await one.Server.WaitAsync();
            for (var round = 0; round <= rounds; round++)
                foreach (var one in round % 2 == 0 ? all : all.Reverse())
                {
                    var result = await RunAsync(one.Server);
                    if (round > 0) one.Results.Add(result); // the first warms up
                }

            await output.WriteLineAsync(
                "| watched by | decisions a second | of nothing, median and spread of the rounds | p50 ms | p99 ms |");
            await output.WriteLineAsync("| --- | ---: | ---: | ---: | ---: |");
            foreach (var one in all) await output.WriteLineAsync(one.Line(all[0]));
            await output.WriteLineAsync();
            await output.WriteLineAsync(await ScrapeAsync(metrics));
        }
        finally
        {
            // A program that is left running also holds the pipe of whoever waits for this one's output.
            foreach (var one in all) one.Server.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        Watched Start(string name, params string[] settings) =>
            new(name, ServerProcess.Silo(Directory.CreateDirectory(Path.Combine(folder, $"{name.Length}")).FullName,
                settings));
    }

    static Task<LoadResult> RunAsync(ServerProcess server)
    {
        byte[][] requests = [.. Enumerable.Range(0, 256).Select(n => LoadGenerator.Post("/api/risk/validate-signal",
            $$"""{"symbol":"{{(n % 2 == 0 ? "IBM" : "GE")}}","action":"BUY","position_size":{{(n % 4 == 3 ? "100000000" : "0.001")}},"confidence":0.{{50 + n % 50}}}""",
            server.Authorization))]; // each program has keys of its own
        return Wrk.IsInstalled
            ? Wrk.RunAsync(server.Port, Connections, Round, requests)
            : LoadGenerator.RunAsync(server.Port, Connections, Round, (connection, turn) =>
                requests[((connection * 37) + turn) % requests.Length]);
    }

    /// <summary>Of a program that has been used and is at rest.</summary>
    static async Task<string> ScrapeAsync(int port)
    {
        using var client = new HttpClient();
        var (times, size, series) = (new List<double>(), 0, 0);
        for (var i = 0; i < Scrapes; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            (size, series) = (Encoding.UTF8.GetByteCount(text), text.Split('\n')
                .Count(line => line.Length > 0 && line[0] != '#'));
            await Task.Delay(400); // answers are kept for a moment: each scrape is to collect anew
        }

        times.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
                $"A scrape: {series} series, {size / 1024.0:0} kB, median {times[Scrapes / 2]:0.0} ms, at most {times[^1]:0.0} ms.");
    }

    /// <summary>Takes whatever is sent.</summary>
    static async Task<WebApplication> SinkAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http => await http.Request.Body.CopyToAsync(Stream.Null));
        await app.StartAsync();
        return app;
    }

    sealed record Watched(string Name, ServerProcess Server)
    {
        public List<LoadResult> Results { get; } = [];

        public string Line(Watched nothing)
        {
            double[] ratios = [.. Results.Zip(nothing.Results, (mine, other) =>
                mine.RequestsPerSecond / other.RequestsPerSecond).Order()];
            return string.Create(CultureInfo.InvariantCulture,
                $"| {Name} | {Median(result => result.RequestsPerSecond):N0} | {ratios[ratios.Length / 2]:P1} ({ratios[1]:P1} to {ratios[^2]:P1}) | {Median(result => result.MedianMilliseconds):0.00} | {Median(result => result.P99Milliseconds):0.00} |");
        }

        double Median(Func<LoadResult, double> of) => Results.Select(of).Order().ElementAt(Results.Count / 2);
    }
}
