using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Timers;

namespace Trading.Testing;

/// <summary>Time that stands still until a test moves it, for all that grains see of it: the clock that they ask,
/// their timers and their reminders. One or more silos share it. Idle activations are not part of it: Orleans
/// collects them by the system's clock.</summary>
public sealed class VirtualTime
{
    /// <summary>How long a tick may take, in real time: longer means that something hangs.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public VirtualTime(DateTimeOffset start)
    {
        Clock = new(start);
        Reminders = new(Clock, Ticks);
    }

    public VirtualTime() : this(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero)) { }

    public ManualTimeProvider Clock { get; }

    public VirtualReminders Reminders { get; }

    /// <summary>Ticks of timers and of reminders that fell due and have not ended.</summary>
    public PendingWork Ticks { get; } = new();

    /// <summary>Moves the clock from timer to timer, and lets each tick end before the next.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        var target = Clock.GetUtcNow() + by;
        while (Clock.Step(target)) await Ticks.EndedAsync().WaitAsync(Patience, TimeProvider.System);
    }

    internal void Compose(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IReminderRegistry>(Reminders);
        // What silos tell each other of their load would tick on the grains' clock.
        silo.Configure<DeploymentLoadPublisherOptions>(
            options => options.DeploymentLoadPublisherRefreshTime = TimeSpan.Zero);
        var timers = silo.Services.Single(service => service.ServiceType == typeof(ITimerRegistry));
        silo.Services.Remove(timers);
        silo.Services.AddSingleton<ITimerRegistry>(services =>
            new ClockedTimers((ITimerRegistry)ActivatorUtilities.CreateInstance(services, timers.ImplementationType!)));
    }
}
