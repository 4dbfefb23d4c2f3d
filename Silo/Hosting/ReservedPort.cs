using System.Net;
using System.Net.Sockets;

namespace Trading.Hosting;

/// <summary>A port of this machine's own address that is given to nobody else until it is disposed of. It is bound and nobody listens
/// there, so that the system gives it to no connection, and whoever knows its number may listen.</summary>
sealed class ReservedPort : IDisposable
{
    readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort()
    {
        _bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_bound.LocalEndPoint!).Port;
        if (!OperatingSystem.IsLinux()) Dispose(); // elsewhere nobody could listen on a port that is bound
    }

    public int Number { get; }

    public void Dispose() => _bound.Dispose();
}
