using System.Globalization;
using System.Text;

namespace Trading.Benchmarks.Http;

/// <summary>Signals a second over HTTP, journal on, beside a bare Kestrel JSON echo: both servers are processes of their own, and the
/// rounds alternate, so that both see the same machine.</summary>
public static class HttpBenchmarks
{
    const int Rounds = 5;
    const int Few = 32, Many = 256, Most = 512;
    const int BatchConnections = 8;
    internal const int BatchSize = 1_000;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(4);
    static readonly string[] Symbols = ["AA", "AXP", "T", "BA", "CAT", "C", "KO", "DD", "EK", "XOM", "GE", "GM", "HD", "INTC", "IBM", "MRK"];

    /// <param name="only">Words of the loads that are wanted; null for all.</param>
    public static async Task RunAsync(TextWriter output, string? only = null)
    {
        var folder = Directory.CreateTempSubdirectory("trading-bench-").FullName;
        using var echo = ServerProcess.Echo();
        using var silo = ServerProcess.Silo(folder);
        await echo.WaitAsync();
        await silo.WaitAsync();

        var small = Requests("0.001");
        var echoed = Enumerable.Range(0, 256).Select(n => LoadGenerator.Post("/echo", Signal(n, "0.001"), "")).ToArray();
        var (few, many, most) = (Echo(Few), Echo(Many), Echo(Most));
        Load Echo(int connections) => new("bare Kestrel JSON echo", echo, connections, echoed, 1);
        Load Approvals(Load peer) => new("validate-signal, approved and reserved, journal on", silo, peer.Connections, small, 1, peer);
        Load[] loads =
        [
            few,
            Approvals(few),
            new("validate-signal, refused with the quantity that fits, journal on", silo, Few, Requests("100000000"), 1, few),
            many,
            Approvals(many),
            most,
            Approvals(most),
            new($"validate-signals, batches of {BatchSize}: decisions", silo, BatchConnections, Batches("0.001"), BatchSize),
            new($"validate-signals, batches of {BatchSize}, half of them refused: decisions", silo, BatchConnections, Batches("100000000"), BatchSize),
        ];
        await RunAsync([.. loads.Where(load => only is null || load.Name.Contains(only, StringComparison.Ordinal))], output);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Rounds of every load in turn, and their table.</summary>
    internal static async Task RunAsync(Load[] loads, TextWriter output)
    {
        for (var round = 0; round <= Rounds; round++)
            foreach (var load in loads)
            {
                var result = await RunAsync(load);
                if (round > 0) load.Results.Add(result); // the first warms up
            }

        await output.WriteLineAsync($"Load by {(Wrk.IsInstalled ? "wrk" : "the benchmark's own generator")}.");
        await output.WriteLineAsync();
        await output.WriteLineAsync("| load | connections | a second | of the echo | p50 ms | p99 ms |");
        await output.WriteLineAsync("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var load in loads) await output.WriteLineAsync(load.ToString());
    }

    internal static byte[][] Requests(string quantity, string? header = null) =>
        [.. Enumerable.Range(0, 256).Select(n => LoadGenerator.Post("/api/risk/validate-signal", Signal(n, quantity), header))];

    /// <param name="second">The quantity of every other order.</param>
    internal static byte[][] Batches(string second) => [.. Enumerable.Range(0, 16).Select(n => Batch(n, second))];

    static byte[] Batch(int n, string second)
    {
        var json = new StringBuilder("[");
        for (var i = 0; i < BatchSize; i++) json.Append(i > 0 ? "," : "").Append(Signal(n * BatchSize + i, i % 2 == 0 ? "0.001" : second));
        return LoadGenerator.Post("/api/risk/validate-signals", json.Append(']').ToString());
    }

    internal static string Signal(int n, string quantity) =>
        $$"""{"symbol":"{{Symbols[n % Symbols.Length]}}","action":"BUY","position_size":{{quantity}},"confidence":0.{{50 + n % 50}}}""";

    static Task<LoadResult> RunAsync(Load load) => Wrk.IsInstalled
        ? Wrk.RunAsync(load.Server.Port, load.Connections, Round, load.Requests)
        : LoadGenerator.RunAsync(load.Server.Port, load.Connections, Round, (connection, turn) => load.Requests[((connection * 37) + turn) % load.Requests.Length]);

    /// <param name="Each">Decisions in one request.</param>
    /// <param name="Peer">What it is compared with, round by round: the machine's speed changes between rounds more than within one.</param>
    internal sealed record Load(string Name, ServerProcess Server, int Connections, byte[][] Requests, int Each, Load? Peer = null)
    {
        public List<LoadResult> Results { get; } = [];

        public override string ToString()
        {
            var ratio = Peer is null ? "" : Median(Results.Zip(Peer.Results, (mine, other) => mine.RequestsPerSecond / other.RequestsPerSecond)).ToString("P0", CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture,
                $"| {Name} | {Connections} | {Each * Median(Results.Select(result => result.RequestsPerSecond)):N0} | {ratio} | {Median(Results.Select(result => result.MedianMilliseconds)):0.00} | {Median(Results.Select(result => result.P99Milliseconds)):0.00} |");
        }

        static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
    }
}
