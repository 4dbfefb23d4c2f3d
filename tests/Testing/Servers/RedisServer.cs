using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Trading.Testing;

/// <summary>A Redis server of its own: a throw-away folder, a free loopback port, stopped by process id. It keeps what
/// it is told in a log of commands, as the deployment does.</summary>
public sealed class RedisServer : IDisposable
{
    const string Program = "/usr/bin/redis-server";

    /// <summary>Why a test is skipped where there is no server.</summary>
    public const string Missing = "Redis is not installed (Debian package redis-server).";

    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    readonly TemporaryFolder _folder = new();
    Process _server;

    readonly string[] _listen;

    /// <param name="alsoAt">Another address at which it listens.</param>
    public RedisServer(string? alsoAt = null)
    {
        _listen = alsoAt is null ? ["--bind", "127.0.0.1"] : ["--bind", "127.0.0.1", alsoAt, "--protected-mode", "no"];
        Port = Ports.Free();
        _server = Launch();
    }

    public static bool IsInstalled { get; } = File.Exists(Program);

    public int Port { get; }

    /// <summary>As the program takes it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>SIGKILL: nothing is flushed.</summary>
    public void Kill()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
    }

    /// <summary>Starts it again at the same port.</summary>
    /// <param name="empty">Whether it has forgotten everything.</param>
    public void StartAgain(bool empty = false)
    {
        if (empty)
            foreach (var entry in new DirectoryInfo(_folder.Path).EnumerateDirectories()) entry.Delete(
                recursive: true);
        _server = Launch();
    }

    /// <summary>From now on whoever connects must know it.</summary>
    public void RequirePassword(string password)
    {
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, Port);
        using var stream = client.GetStream();
        stream.Write(Encoding.ASCII.GetBytes($"CONFIG SET requirepass {password}\r\n"));
        using var answer = new StreamReader(stream);
        if (answer.ReadLine() != "+OK") throw new InvalidOperationException("Redis took no password.");
    }

    public void Dispose()
    {
        if (!_server.HasExited) Kill();
        _folder.Dispose();
    }

    Process Launch()
    {
        var server = Process.Start(new ProcessStartInfo(
            Program, [.. _listen, "--port", $"{Port}", "--dir", _folder.Path, "--save", "", "--appendonly", "yes"])
        {
            RedirectStandardOutput = true,
        })!;
        server.OutputDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        for (var started = Stopwatch.GetTimestamp(); !Answers(); server.WaitForExit(TimeSpan.FromMilliseconds(20)))
            if (server.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new InvalidOperationException($"Redis did not start at port {Port}.");
        return server;
    }

    bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
