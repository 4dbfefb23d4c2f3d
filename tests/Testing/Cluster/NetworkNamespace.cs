using System.Diagnostics;

namespace Trading.Testing.Cluster;

/// <summary>A network of its own on this machine, joined to it by one cable that can be cut. Needs root and
/// iproute2.</summary>
public sealed class NetworkNamespace : IDisposable
{
    readonly string _name = $"trading-{Environment.ProcessId}";
    readonly string _cable = $"tr{Environment.ProcessId % 100_000}";

    public NetworkNamespace()
    {
        Run("ip", "netns", "add", _name);
        Run("ip", "link", "add", $"{_cable}h", "type", "veth", "peer", "name", $"{_cable}n", "netns", _name);
        Run("ip", "addr", "add", $"{Here}/24", "dev", $"{_cable}h");
        Run("ip", "link", "set", $"{_cable}h", "up");
        Run("ip", "-n", _name, "addr", "add", $"{There}/24", "dev", $"{_cable}n");
        Run("ip", "-n", _name, "link", "set", $"{_cable}n", "up");
        Run("ip", "-n", _name, "link", "set", "lo", "up");
    }

    /// <summary>The address of this machine at the cable.</summary>
    public static string Here => "10.213.77.1";

    /// <summary>The address at its other end.</summary>
    public static string There => "10.213.77.2";

    /// <summary>What runs a program in it.</summary>
    public string[] Launcher => ["ip", "netns", "exec", _name];

    public void Cut() => Run("ip", "link", "set", $"{_cable}h", "down");

    public void Mend() => Run("ip", "link", "set", $"{_cable}h", "up");

    /// <summary>Takes the cable and the namespace away; what runs in it is ended by whoever started it.</summary>
    public void Dispose()
    {
        Run("ip", "link", "del", $"{_cable}h");
        Run("ip", "netns", "del", _name);
    }

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException(
            $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
