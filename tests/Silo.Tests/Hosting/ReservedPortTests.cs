using System.Net;
using System.Net.Sockets;

namespace Trading.Hosting.Tests;

public sealed class ReservedPortTests
{
    /// <summary>Sockets by which the port is not to be had: as many as would meet one by chance.</summary>
    const int Others = 500;

    [Fact]
    public void GoesToNoConnectionAndToNoOtherServer_ButToWhoeverAsksForItByNumber()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Ports are reserved on Linux alone.");
        var reserved = Enumerable.Range(0, Others).Select(_ => new ReservedPort()).ToArray();
        var numbers = reserved.Select(port => port.Number).ToHashSet();
        numbers.Count.ShouldBe(Others);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start(Others);
        var others = Enumerable.Range(0, Others).Select(number => number % 2 == 0 ? Bound() : Connected()).ToArray();

        others.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port).ShouldNotContain(port => numbers.Contains(port));
        using (var named = new TcpListener(IPAddress.Loopback, reserved[0].Number)) named.Start();

        foreach (var socket in others) socket.Dispose();
        foreach (var port in reserved) port.Dispose();

        static Socket Bound()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }

        Socket Connected()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(server.LocalEndpoint);
            return socket;
        }
    }
}
