using System.Diagnostics;
using System.Net;
using Trading.Testing;

namespace Trading.Benchmarks.Http;

/// <summary>A server that is measured: a process of its own on a free loopback port.</summary>
sealed class ServerProcess : IDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    readonly Process _process;

    ServerProcess(Func<int, string[]> arguments, string program)
    {
        Port = Ports.Free();
        var start = new ProcessStartInfo(program, arguments(Port)) { RedirectStandardOutput = true };
        start.Environment.TryAdd("DOTNET_GCgen0size", "0x800000"); // as ./run does
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public int Port { get; }

    /// <summary>The folder that the program keeps its things in; null for one that keeps none.</summary>
    string? Folder { get; init; }

    public int Id => _process.Id;

    /// <summary>The header by which this program knows its caller, with the end of its line; empty for none.</summary>
    public string Authorization { get; private set; } = "";

    public static ServerProcess Echo() => new(port => ["echo", $"{port}"], Environment.ProcessPath!);

    /// <summary>The product on the bundled sample, with its store in a folder.</summary>
    /// <param name="settings">More of them; the later ones win.</param>
    public static ServerProcess Silo(string folder, params string[] settings) =>
        new(port => [.. SiloArguments(folder, port), .. settings], Path.Combine(AppContext.BaseDirectory, "trading")) { Folder = folder };

    /// <summary>The echo behind JwtBearer.</summary>
    public static ServerProcess GuardedEcho() => new(port => ["echo", $"{port}", "jwt"], Environment.ProcessPath!);

    /// <summary>The product without its door.</summary>
    public static ServerProcess OpenSilo(string folder) =>
        new(port => ["silo-open", .. SiloArguments(folder, port)[2..]], Environment.ProcessPath!);

    /// <summary>Listens, and is ready where it says so.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public async Task WaitAsync()
    {
        using var client = new HttpClient();
        for (var started = Stopwatch.GetTimestamp(); !await IsReadyAsync(client); await Task.Delay(100))
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new TimeoutException($"The program on port {Port} did not become ready.");
        if (Folder is null || DevelopmentAuth.Read(Path.Combine(Folder, "development.auth")) is not { } header) return;
        LoadGenerator.Authorization = Authorization = $"Authorization: {header}\r\n";
    }

    /// <summary>A client whom the program knows.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        if (Authorization.Length > 0)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", Authorization[(Authorization.IndexOf(' ') + 1)..].Trim());
        return client;
    }

    async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{Port}/health"));
            return answer.StatusCode != HttpStatusCode.ServiceUnavailable; // the echo knows no such address
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    static string[] SiloArguments(string folder, int port) => ["run", "--set", .. SiloSettings(folder, port)];

    internal static string[] SiloSettings(string folder, int port) =>
    [
        // Approvals expire after two seconds, so that no more are open than a book may have; the expiries are part of the load.
        "risk:default_limits:reservation_seconds=2", "portfolios:max_open_reservations=200000",
        $"urls=http://127.0.0.1:{port}", $"store:path={Path.Combine(folder, "trading.db")}", "logging:file=",
        "monitoring:metrics_url=http://127.0.0.1:0", "models:train_at_start=false",
        $"portfolio:sample={Path.Combine(RepositoryFiles.Sample, "portfolio.json")}",
        $"market_data:prices={Path.Combine(RepositoryFiles.Sample, "closes.csv")}",
        $"market_data:sectors={Path.Combine(RepositoryFiles.Sample, "sectors.csv")}",
    ];
}
