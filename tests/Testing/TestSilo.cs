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

    /// <summary>Steps after which what a test waits for will not come any more.</summary>
    const int MostTicks = 600;

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly IHost _host;
    readonly ManualTimeProvider? _time;
    bool _stopped;

    TestSilo(IHost host, ManualTimeProvider? time) => (_host, _time) = (host, time);

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
        builder.Services.AddKeyedSingleton<TimeProvider>(
            GrainsClock, (provider, _) => new GrainClock(provider.GetRequiredService<TimeProvider>()));
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
        return new(host, time as ManualTimeProvider);
    }

    /// <summary>Moves the manual clock, second by second, until something holds. After each step the ticks that fell due end before time
    /// goes on, however busy the machine is; one that waits for the test is waited for a second.</summary>
    public async Task TickUntilAsync(Func<Task<bool>> holds)
    {
        var (clock, time) = (Services.GetRequiredKeyedService<TimeProvider>(GrainsClock) as GrainClock, _time);
        if (clock is null || time is null) throw new InvalidOperationException("The silo does not have a manual clock.");
        for (var ticks = 0; !await holds(); ticks++)
        {
            if (ticks == MostTicks) throw new TimeoutException($"It did not hold within {MostTicks} seconds of virtual time.");
            time.Advance(Second);
            await clock.RestAsync(Second);
        }
    }

    public Task TickUntilAsync(Func<bool> holds) => TickUntilAsync(() => Task.FromResult(holds()));

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
