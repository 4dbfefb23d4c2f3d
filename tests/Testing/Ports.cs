using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Trading.Testing;

/// <summary>
/// Ports for servers that start later. They lie below those that the system gives to connections, so that no connection takes one
/// between the look and the start, and each process of tests has a block of its own, so that no other test does.
/// </summary>
public static class Ports
{
    const int Lowest = 10_000;
    const int BlockSize = 200;
    static readonly Lock Gate = new();

    /// <summary>Held as long as the process lives: whoever finds it taken goes to the next block.</summary>
    static readonly TcpListener Block = FirstFreeBlock();
    static int _last;

    /// <summary>Nobody listens there, and nobody else was told of it lately.</summary>
    public static int Free()
    {
        lock (Gate)
            for (var tries = 1; tries < BlockSize; tries++)
            {
                _last = _last % (BlockSize - 1) + 1;
                if (Listen(Port(Block) + _last) is not { } listener) continue;
                listener.Dispose();
                return Port(Block) + _last;
            }

        throw new InvalidOperationException($"Every port from {Port(Block)} to {Port(Block) + BlockSize - 1} is taken.");
    }

    static TcpListener FirstFreeBlock()
    {
        var blocks = (LowestOfConnections() - Lowest) / BlockSize;
        return Enumerable.Range(0, blocks)
            .Select(offset => Listen(Lowest + (Environment.ProcessId + offset) % blocks * BlockSize))
            .First(listener => listener is not null)!;
    }

    static int LowestOfConnections() => int.Parse(
        File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', ' ')[0], CultureInfo.InvariantCulture);

    static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    static TcpListener? Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
