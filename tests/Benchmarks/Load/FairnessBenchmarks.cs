using System.Globalization;
using System.Text;
using HdrHistogram;
using Trading.Benchmarks.Http;

namespace Trading.Benchmarks.Load;

/// <summary>What one book feels of another one's flood: a hundred decisions a second alone, and beside a book that is asked as much as it
/// answers, by singles and by batches; rounds in turn.</summary>
/// <remarks><c>-- fairness [rounds] [seconds]</c>.</remarks>
static class FairnessBenchmarks
{
    const double Rate = 100;
    const int Connections = 16;
    const string Book = "second";
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    sealed record Flood(string Name, int Connections, byte[][] Requests, int Each)
    {
        public List<LongHistogram> Rounds { get; } = [];

        public List<double> Rates { get; } = [];
    }

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var numbers = arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (rounds, duration) = (
            numbers is [var first, ..] ? first : 5, TimeSpan.FromSeconds(numbers is [_, var second, ..] ? second : 8));
        var folder = Directory.CreateTempSubdirectory("trading-fairness-").FullName;
        using var silo = ServerProcess.Silo(folder);
        await silo.WaitAsync();
        await OpenAsync(silo);
        Flood[] floods =
        [
            new("nothing", 0, [], 0),
            new("singles, 256 connections", 256, HttpBenchmarks.Requests("0.001"), 1),
            new("batches of 1,000, 8 connections", 8, HttpBenchmarks.Batches("0.001"), HttpBenchmarks.BatchSize),
        ];
        foreach (var flood in floods[1..]) await Wrk.RunAsync(silo.Port, flood.Connections, WarmUp, flood.Requests);
        using var beat = new Heartbeat();
        var stalls = 0;
        for (var round = 0; round <= rounds; round++)
            foreach (var flood in floods)
            {
                beat.Take();
                var (seconds, rate) = await RoundAsync(silo, flood, duration);
                if (round == 0) continue; // the first warms up
                stalls += beat.Take().Length;
                flood.Rounds.Add(seconds);
                flood.Rates.Add(rate);
            }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"\n{rounds} rounds of {duration.TotalSeconds:0} s, {stalls} stalls of the machine\n"));
        await output.WriteLineAsync("| beside a book under | decisions a second there | p50 ms | p99 ms | max ms | p99 of quiet |\n| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var flood in floods) await output.WriteLineAsync(Row(flood, floods[0]));
        Directory.Delete(folder, recursive: true);
    }

    static async Task<(LongHistogram Latencies, double Rate)> RoundAsync(ServerProcess silo, Flood flood, TimeSpan duration)
    {
        var flooding = flood.Connections == 0
            ? Task.FromResult<LoadResult?>(null)
            : FloodAsync(silo.Port, flood, duration + TimeSpan.FromSeconds(2));
        await Task.Delay(TimeSpan.FromSeconds(1)); // until it flows
        var result = await Task.Factory.StartNew(
            () =>
            {
                Native.TryBeFirst(); // so that what is measured is the server's lateness, not this thread's
                return new OpenLoop(silo.Port, new Decisions(path: $"/api/risk/validate-signal?portfolio={Book}"), Connections)
                    .Run(Rate, duration);
            },
            TaskCreationOptions.LongRunning);
        var sum = (LongHistogram)result.Seconds[0].Copy();
        foreach (var second in result.Seconds[1..]) sum.Add(second);
        return (sum, flood.Each * ((await flooding)?.RequestsPerSecond ?? 0));
    }

    static async Task<LoadResult?> FloodAsync(int port, Flood flood, TimeSpan duration) =>
        await Wrk.RunAsync(port, flood.Connections, duration, flood.Requests);

    static async Task OpenAsync(ServerProcess silo)
    {
        using var client = silo.Client();
        using var answer = await client.PostAsync(new Uri("/api/portfolios", UriKind.Relative), new StringContent(
            $$"""{"id":"{{Book}}","cash":1000000,"allow_short":true}""", Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
    }

    static string Row(Flood flood, Flood quiet)
    {
        double Of(Flood one, double percentile) => Median(one.Rounds.Select(round => round.GetValueAtPercentile(percentile) / 1_000.0));
        var ratio = Median(flood.Rounds.Zip(quiet.Rounds, (mine, other) =>
            (double)mine.GetValueAtPercentile(99) / other.GetValueAtPercentile(99)));
        return string.Create(CultureInfo.InvariantCulture,
            $"| {flood.Name} | {Median(flood.Rates):N0} | {Of(flood, 50):0.00} | {Of(flood, 99):0.00} | {Of(flood, 100):0.00} | {ratio:0.0} |");
    }

    static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
