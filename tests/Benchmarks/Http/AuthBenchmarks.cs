
namespace Trading.Benchmarks.Http;

/// <summary>What the door costs: signals with authentication and limiter, beside the same program without its door, and a bare echo with
/// JwtBearer beside the bare echo; each a process of its own, in rounds that alternate.</summary>
public static class AuthBenchmarks
{
    const int Connections = 256;

    public static async Task RunAsync(TextWriter output)
    {
        var folders = new[] { Folder(), Folder() };
        using var echo = new HttpBenchmarks.Server(port => ["echo", $"{port}"], Environment.ProcessPath!);
        using var tokenEcho = new HttpBenchmarks.Server(port => ["echo", $"{port}", "jwt"], Environment.ProcessPath!);
        using var open = new HttpBenchmarks.Server(port => ["silo-open", .. HttpBenchmarks.Settings(folders[0], port)], Environment.ProcessPath!);
        using var guarded = new HttpBenchmarks.Server(port => HttpBenchmarks.SiloArguments(folders[1], port), Path.Combine(AppContext.BaseDirectory, "trading"));
        foreach (var server in new[] { echo, tokenEcho, open, guarded }) await server.WaitAsync();

        var bare = new HttpBenchmarks.Load("bare Kestrel JSON echo", echo, Connections, Echoes(null), 1);
        var without = new HttpBenchmarks.Load("validate-signal without the door", open, Connections, HttpBenchmarks.Requests("0.001", null), 1);
        HttpBenchmarks.Load[] loads =
        [
            bare,
            new("echo behind JwtBearer", tokenEcho, Connections, Echoes($"Authorization: Bearer {EchoServer.Token()}\r\n"), 1, bare),
            without,
            new("validate-signal with authentication, limiter and audit", guarded, Connections, HttpBenchmarks.Requests("0.001", await HttpBenchmarks.HeaderAsync(folders[1])), 1, without),
        ];
        await HttpBenchmarks.RunAsync(loads, output);
        foreach (var folder in folders) Directory.Delete(folder, recursive: true);
    }

    static string Folder() => Directory.CreateTempSubdirectory("trading-bench-").FullName;

    static byte[][] Echoes(string? header) =>
        [.. Enumerable.Range(0, 256).Select(n => LoadGenerator.Post("/echo", HttpBenchmarks.Signal(n, "0.001"), header))];
}
