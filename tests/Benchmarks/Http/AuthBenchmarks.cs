
namespace Trading.Benchmarks.Http;

/// <summary>What the door costs: signals with authentication and limiter, beside the same program without its door, and a bare echo with
/// JwtBearer beside the bare echo; each a process of its own, in rounds that alternate.</summary>
public static class AuthBenchmarks
{
    const int Connections = 256;

    public static async Task RunAsync(TextWriter output)
    {
        var folders = new[] { Folder(), Folder() };
        using var echo = ServerProcess.Echo();
        using var tokenEcho = ServerProcess.GuardedEcho();
        using var open = ServerProcess.OpenSilo(folders[0]);
        using var guarded = ServerProcess.Silo(folders[1]);
        foreach (var server in new[] { echo, tokenEcho, open, guarded }) await server.WaitAsync();

        var bare = new HttpBenchmarks.Load("bare Kestrel JSON echo", echo, Connections, Echoes(""), 1);
        var without = new HttpBenchmarks.Load("validate-signal without the door", open, Connections, HttpBenchmarks.Requests("0.001", ""), 1);
        HttpBenchmarks.Load[] loads =
        [
            bare,
            new("echo behind JwtBearer", tokenEcho, Connections, Echoes($"Authorization: Bearer {EchoServer.Token()}\r\n"), 1, bare),
            without,
            new("validate-signal with authentication, limiter and audit", guarded, Connections, HttpBenchmarks.Requests("0.001"), 1, without),
        ];
        await HttpBenchmarks.RunAsync(loads, output);
        foreach (var folder in folders) Directory.Delete(folder, recursive: true);
    }

    static string Folder() => Directory.CreateTempSubdirectory("trading-bench-").FullName;

    static byte[][] Echoes(string header) =>
        [.. Enumerable.Range(0, 256).Select(n => LoadGenerator.Post("/echo", HttpBenchmarks.Signal(n, "0.001"), header))];
}
