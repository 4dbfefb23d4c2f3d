using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Trading.Hosting;

/// <summary>Looks whether the addresses are free before anything is begun: the server itself binds them when all else runs.</summary>
sealed class AddressCheck(IOptions<AddressOptions> addresses) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var url in addresses.Value.Addresses)
            if (Uri.TryCreate(url, UriKind.Absolute, out var address) && IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && address.Port > 0)
                Bind(url, new(ip, address.Port));
        return Task.CompletedTask;
    }

    static void Bind(string url, IPEndPoint place)
    {
        try
        {
            using var listener = new TcpListener(place);
            listener.Start();
        }
        catch (SocketException taken)
        {
            throw taken.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? new IOException($"Failed to bind to address {url}: address already in use.", new AddressInUseException(taken.Message, taken))
                : new IOException($"Failed to bind to address {url}: {taken.Message}.", new AddressInUseException(taken.Message, taken));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
