using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Trading.Testing;

/// <summary>A silo for tests: state named "trading" and reminders in memory.</summary>
public sealed class TestSilo : IAsyncDisposable
{
    /// <summary>Orleans' key for the clock that grains and their timers see.</summary>
    const string GrainsClock = "Orleans.Grains";

    readonly IHost _host;
    bool _stopped;

    TestSilo(IHost host) => _host = host;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _host.Services;

    /// <param name="services">Adds to, or replaces, services that the grains take.</param>
    /// <param name="silo">Adds to the silo.</param>
    /// <param name="time">The clock; the system's where it is null.</param>
    public static async Task<TestSilo> StartAsync(
        Action<IServiceCollection>? services = null, Action<ISiloBuilder>? silo = null, TimeProvider? time = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddKeyedSingleton(GrainsClock, (provider, _) => provider.GetRequiredService<TimeProvider>());
        builder.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System); // Orleans' own waits spin on a clock that stands still
        builder.UseOrleans(orleans =>
        {
            orleans.UseLocalhostClustering(FreePort(), FreePort());
            orleans.AddMemoryGrainStorage("trading");
            orleans.UseInMemoryReminderService();
            silo?.Invoke(orleans);
        });
        services?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
