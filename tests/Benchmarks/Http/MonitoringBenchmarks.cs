using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Trading.Benchmarks.Load;
using Trading.Testing;

namespace Trading.Benchmarks.Http;

/// <summary>What it costs to be watched: the same load on programs that differ in their monitoring alone, in rounds that
/// alternate, and the time and size of a scrape. Started with <c>DOTNET_TieredPGO=0</c> the programs are compiled alike,
/// and what the compiler made of one process is not taken for a cost.</summary>
public static class MonitoringBenchmarks
{
    const int DefaultRounds = 12, LeastRounds = 3, Connections = 32, Scrapes = 50;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    /// <param name="arguments">The number of rounds; none for the usual one.</param>
    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var rounds = arguments is [var text]
            ? Math.Max(LeastRounds, int.Parse(text, CultureInfo.InvariantCulture)) : DefaultRounds;
        var folder = Directory.CreateTempSubdirectory("trading-bench-").FullName;
        await using var sink = await SinkAsync();
        var metrics = Ports.Free();
        Watched[] all =
        [
            Start("nothing", "monitoring:enabled=false"),
            Start("metrics, health and history",
                "orleans:dashboard=false", $"monitoring:metrics_url=http://127.0.0.1:{metrics}"),
            Start("the same, one in a hundred requests traced to OTLP",
                "orleans:dashboard=false", $"monitoring:otlp_endpoint={sink.Urls.First()}"),
            Start("metrics, health, history and the dashboard of Orleans"),
        ];
        try
        {
            foreach (var one in all) await one.Server.WaitAsync();
            for (var round = 0; round <= rounds; round++)
                foreach (var one in round % 2 == 0 ? all : all.Reverse())
                {
                    var before = Processor.Of(one.Server.Id);
                    var result = await RunAsync(one.Server);
                    var used = (Processor.Of(one.Server.Id) - before).Total;
                    if (round > 0) one.Rounds.Add(new(result, used)); // the first warms up
                }

            await output.WriteLineAsync(
                "| watched by | decisions a second | of nothing | server, µs a decision | more than nothing | p50 ms | p99 ms |");
            await output.WriteLineAsync("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
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

    /// <param name="Used">Seconds of processor time that the program took meanwhile.</param>
    sealed record RoundOfLoad(LoadResult Load, double Used)
    {
        /// <summary>Processor time of the program is less at the mercy of the machine's neighbours than the rate is.</summary>
        public double Microseconds => Used * 1e6 / (Load.RequestsPerSecond * Round.TotalSeconds);
    }

    sealed record Watched(string Name, ServerProcess Server)
    {
        public List<RoundOfLoad> Rounds { get; } = [];

        public string Line(Watched nothing) => string.Create(
            CultureInfo.InvariantCulture,
            $"| {Name} | {Median(round => round.Load.RequestsPerSecond):N0} | {Beside(nothing, round => round.Load.RequestsPerSecond)} | {Median(round => round.Microseconds):0.0} | {Beside(nothing, round => round.Microseconds)} | {Median(round => round.Load.MedianMilliseconds):0.00} | {Median(round => round.Load.P99Milliseconds):0.00} |");

        /// <summary>Median of the rounds' ratios, and the half of them that lies around it.</summary>
        string Beside(Watched nothing, Func<RoundOfLoad, double> of)
        {
            double[] ratios = [.. Rounds.Zip(nothing.Rounds, (mine, other) => of(mine) / of(other)).Order()];
            return string.Create(CultureInfo.InvariantCulture,
                $"{ratios[ratios.Length / 2]:P1} ({ratios[ratios.Length / 4]:P1} to {ratios[^(ratios.Length / 4 + 1)]:P1})");
        }

        double Median(Func<RoundOfLoad, double> of) => Rounds.Select(of).Order().ElementAt(Rounds.Count / 2);
    }
}
