using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Trading.Testing;

namespace Trading.Benchmarks.Http;

/// <summary>Signals a second over HTTP, journal on, beside a bare Kestrel JSON echo: both servers are processes of their own, and the
/// rounds alternate, so that both see the same machine.</summary>
public static class HttpBenchmarks
{
    const int Rounds = 5;
    const int Connections = 32;
    const int ManyConnections = 256;
    const int BatchConnections = 4;
    const int BatchSize = 1_000;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(4);
    static readonly string[] Symbols = ["AA", "AXP", "T", "BA", "CAT", "C", "KO", "DD", "EK", "XOM", "GE", "GM", "HD", "INTC", "IBM", "MRK"];

    public static async Task RunAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("trading-bench-").FullName;
        using var echo = new Server(port => ["echo", $"{port}"], Environment.ProcessPath!);
        using var silo = new Server(port => SiloArguments(folder, port), Path.Combine(AppContext.BaseDirectory, "trading"));
        await echo.WaitAsync();
        await silo.WaitAsync();

        var small = Requests(quantity: "0.001");
        var large = Requests(quantity: "100000000");
        var echoed = Enumerable.Range(0, 256).Select(n => LoadGenerator.Post("/echo", Signal(n, "0.001"))).ToArray();
        var batches = Enumerable.Range(0, 16).Select(n => Batch(n, "0.001")).ToArray();
        var mixedBatches = Enumerable.Range(0, 16).Select(n => Batch(n, "100000000")).ToArray();
        Func<int, int, byte[]> Cycle(byte[][] requests) => (connection, turn) => requests[(connection * 37 + turn) % requests.Length];

        List<LoadResult> echoes = [], approvals = [], refusals = [], batched = [], mixed = [], manyEchoes = [], manyApprovals = [];
        for (var round = 0; round <= Rounds; round++)
        {
            LoadResult[] results =
            [
                await LoadGenerator.RunAsync(echo.Port, Connections, Round, Cycle(echoed)),
                await LoadGenerator.RunAsync(silo.Port, Connections, Round, Cycle(small)),
                await LoadGenerator.RunAsync(silo.Port, Connections, Round, Cycle(large)),
                await LoadGenerator.RunAsync(silo.Port, BatchConnections, Round, Cycle(batches)),
                await LoadGenerator.RunAsync(silo.Port, BatchConnections, Round, Cycle(mixedBatches)),
                await LoadGenerator.RunAsync(echo.Port, ManyConnections, Round, Cycle(echoed)),
                await LoadGenerator.RunAsync(silo.Port, ManyConnections, Round, Cycle(small)),
            ];
            if (round == 0) continue; // warm-up
            echoes.Add(results[0]);
            approvals.Add(results[1]);
            refusals.Add(results[2]);
            batched.Add(results[3]);
            mixed.Add(results[4]);
            manyEchoes.Add(results[5]);
            manyApprovals.Add(results[6]);
        }

        var (limit, manyLimit) = (Median(echoes).RequestsPerSecond, Median(manyEchoes).RequestsPerSecond);
        await output.WriteLineAsync("| load | connections | a second | of the echo | p50 ms | p99 ms |");
        await output.WriteLineAsync("| --- | ---: | ---: | ---: | ---: | ---: |");
        await WriteAsync(output, "bare Kestrel JSON echo", Connections, Median(echoes), 1, limit);
        await WriteAsync(output, "validate-signal, approved and reserved, journal on", Connections, Median(approvals), 1, limit);
        await WriteAsync(output, "validate-signal, refused with the quantity that fits, journal on", Connections, Median(refusals), 1, limit);
        await WriteAsync(output, "bare Kestrel JSON echo", ManyConnections, Median(manyEchoes), 1, manyLimit);
        await WriteAsync(output, "validate-signal, approved and reserved, journal on", ManyConnections, Median(manyApprovals), 1, manyLimit);
        await WriteAsync(output, $"validate-signals, batches of {BatchSize}: decisions", BatchConnections, Median(batched), BatchSize, limit);
        await WriteAsync(output, $"validate-signals, batches of {BatchSize}, half of them refused: decisions", BatchConnections, Median(mixed), BatchSize, limit);
        Directory.Delete(folder, recursive: true);
    }

    static string[] SiloArguments(string folder, int port) =>
    [
        // Approvals expire after two seconds, so that no more are open than a book may have; the expiries are part of the load.
        "run", "--set", "risk:default_limits:reservation_seconds=2", "portfolios:max_open_reservations=200000",
        $"urls=http://127.0.0.1:{port}", $"store:path={Path.Combine(folder, "trading.db")}", "logging:file=",
        $"portfolio:sample={Path.Combine(RepositoryFiles.Sample, "portfolio.json")}",
        $"market_data:prices={Path.Combine(RepositoryFiles.Sample, "closes.csv")}",
        $"market_data:sectors={Path.Combine(RepositoryFiles.Sample, "sectors.csv")}",
    ];

    static byte[][] Requests(string quantity) =>
        [.. Enumerable.Range(0, 256).Select(n => LoadGenerator.Post("/api/risk/validate-signal", Signal(n, quantity)))];

    /// <param name="second">The quantity of every other order.</param>
    static byte[] Batch(int n, string second)
    {
        var json = new StringBuilder("[");
        for (var i = 0; i < BatchSize; i++) json.Append(i > 0 ? "," : "").Append(Signal(n * BatchSize + i, i % 2 == 0 ? "0.001" : second));
        return LoadGenerator.Post("/api/risk/validate-signals", json.Append(']').ToString());
    }

    static string Signal(int n, string quantity) =>
        $$"""{"symbol":"{{Symbols[n % Symbols.Length]}}","action":"BUY","position_size":{{quantity}},"confidence":0.{{50 + n % 50}}}""";

    static LoadResult Median(List<LoadResult> rounds) => rounds.OrderBy(round => round.RequestsPerSecond).ElementAt(rounds.Count / 2);

    static Task WriteAsync(TextWriter output, string name, int connections, LoadResult result, int each, double limit) => output.WriteLineAsync(
        string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {connections} | {result.RequestsPerSecond * each:N0} | {result.RequestsPerSecond * each / limit:P0} | {result.MedianMilliseconds:0.00} | {result.P99Milliseconds:0.00} |"));

    /// <summary>A server process on a free loopback port.</summary>
    sealed class Server : IDisposable
    {
        static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
        readonly Process _process;

        public Server(Func<int, string[]> arguments, string program)
        {
            using (var listener = new TcpListener(IPAddress.Loopback, 0))
            {
                listener.Start();
                Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            }

            _process = Process.Start(new ProcessStartInfo(program, arguments(Port)) { RedirectStandardOutput = true })!;
            _process.OutputDataReceived += (_, _) => { };
            _process.BeginOutputReadLine();
        }

        public int Port { get; }

        public async Task WaitAsync()
        {
            for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
            {
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync(IPAddress.Loopback, Port);
                    return;
                }
                catch (SocketException) when (Stopwatch.GetElapsedTime(started) < StartLimit && !_process.HasExited)
                {
                    // not listening yet
                }
            }
        }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
