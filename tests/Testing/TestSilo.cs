using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Core.Internal;
using Orleans.Serialization;

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
    readonly TimeProvider _clock;
    readonly PendingWork _ticks;
    readonly VirtualTime? _time;
    bool _stopped;

    TestSilo(IHost host, TimeProvider clock, PendingWork ticks, VirtualTime? time)
    {
        (_host, _clock, _ticks, _time) = (host, clock, ticks, time);
        _time?.Reminders.Join(Grains);
    }

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _host.Services;

    /// <summary>A silo whose grains see a clock, and have reminders by that of the system.</summary>
    /// <param name="services">Adds to, or replaces, services that the grains take.</param>
    /// <param name="silo">Adds to the silo.</param>
    /// <param name="time">The clock; the system's where it is null.</param>
    public static Task<TestSilo> StartAsync(
        Action<IServiceCollection>? services = null, Action<ISiloBuilder>? silo = null, TimeProvider? time = null) =>
        StartAsync(
            services,
            silo + (orleans => orleans.UseInMemoryReminderService()),
            time ?? TimeProvider.System,
            time: null);

    /// <summary>A silo whose grains have all their time from a test.</summary>
    public static Task<TestSilo> StartAsync(
        VirtualTime time, Action<IServiceCollection>? services = null, Action<ISiloBuilder>? silo = null) =>
        StartAsync(services, silo + time.Compose, time.Clock, time);

    static async Task<TestSilo> StartAsync(
        Action<IServiceCollection>? services, Action<ISiloBuilder> silo, TimeProvider clock, VirtualTime? time)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var ticks = time?.Ticks ?? new PendingWork();
        builder.Services.AddSingleton(clock);
        builder.Services.AddKeyedSingleton<TimeProvider>(GrainsClock, new GrainClock(clock, ticks));
        // Orleans' own waits spin on a clock that stands still.
        builder.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
        builder.UseOrleans(orleans =>
        {
            orleans.Services.AddSerializer(serializer => serializer.AddLibraryMessages());
            orleans.UseLocalhostClustering(Ports.Free(), Ports.Free());
            orleans.AddMemoryGrainStorage("trading");
            silo(orleans);
        });
        services?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new(host, clock, ticks, time);
    }

    /// <summary>Ends the activation of a grain, as silos do when it is idle; the next call makes another.</summary>
    public static ValueTask EndAsync(IAddressable grain) =>
        grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

    /// <summary>Moves the manual clock, second by second, until something holds. Each tick that falls due ends before
    /// time goes on, however busy the machine is; one that waits for the test is waited for a second.</summary>
    public async Task TickUntilAsync(Func<Task<bool>> holds)
    {
        if (_clock is not ManualTimeProvider clock)
            throw new InvalidOperationException("The silo does not have a manual clock.");
        for (var ticks = 0; !await holds(); ticks++)
        {
            if (ticks == MostTicks)
                throw new TimeoutException($"It did not hold within {MostTicks} seconds of virtual time.");
            for (var target = clock.GetUtcNow() + Second; clock.Step(target);)
                await _ticks.EndedAsync().WaitAsync(Second, TimeProvider.System)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task TickUntilAsync(Func<bool> holds) => TickUntilAsync(() => Task.FromResult(holds()));

    public async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        _time?.Reminders.Leave(Grains);
        await _host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
    }
}
