using Microsoft.Extensions.DependencyInjection;
using Trading.Testing;

namespace Trading.OrleansSemantics.Tests;

public interface IAlarmGrain : IGrainWithStringKey
{
    Task SetAsync(string name, TimeSpan dueTime, TimeSpan period);
    Task<bool> UnsetAsync(string name);
    Task<bool> HasAsync(string name);
    Task<int> CountAsync();
    Task EndAsync();
}

public sealed class AlarmGrain(Probe probe) : Grain, IAlarmGrain, IRemindable
{
    public Task SetAsync(string name, TimeSpan dueTime, TimeSpan period) =>
        this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task<bool> UnsetAsync(string name)
    {
        if (await this.GetReminder(name) is not { } reminder) return false;
        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task<bool> HasAsync(string name) => await this.GetReminder(name) is not null;

    public async Task<int> CountAsync() => (await this.GetReminders()).Count;

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        probe.Report(this.GetPrimaryKeyString(), $"{reminderName} {status.Period}");
        return Task.CompletedTask;
    }
}

/// <summary>Trainings, expiries of overrides and the firm's order outlive activations by reminders.</summary>
[Collection(nameof(SharedSilo))]
public sealed class ReminderTests(SharedSilo silo)
{
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    readonly Probe _probe = silo.Probe;

    [Fact]
    public async Task A_reminder_ticks_until_it_is_unregistered()
    {
        var alarm = silo.Grains.GetGrain<IAlarmGrain>("alarm ticks");
        await alarm.SetAsync("wake", TimeSpan.Zero, Short);
        (await _probe.NextAsync("alarm ticks")).ShouldBe($"wake {Short}");
        (await _probe.NextAsync("alarm ticks")).ShouldBe($"wake {Short}");
        (await alarm.UnsetAsync("wake")).ShouldBeTrue();
        (await alarm.HasAsync("wake")).ShouldBeFalse();
        (await alarm.UnsetAsync("wake")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_reminder_activates_a_grain_that_has_gone()
    {
        var alarm = silo.Grains.GetGrain<IAlarmGrain>("alarm woken");
        await alarm.SetAsync("wake", Short, Short);
        await alarm.EndAsync();
        await _probe.NextAsync("alarm woken");
        await _probe.NextAsync("alarm woken");
        await alarm.UnsetAsync("wake");
    }

    [Fact]
    public async Task A_grain_has_reminders_by_name_and_registering_again_replaces()
    {
        var alarm = silo.Grains.GetGrain<IAlarmGrain>("several");
        await alarm.SetAsync("a", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await alarm.SetAsync("b", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await alarm.SetAsync("b", TimeSpan.FromHours(2), TimeSpan.FromHours(2));
        (await alarm.CountAsync()).ShouldBe(2);
        (await alarm.HasAsync("a")).ShouldBeTrue();
        (await alarm.HasAsync("c")).ShouldBeFalse();
        (await silo.Grains.GetGrain<IAlarmGrain>("several others").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_period_below_a_minute_is_refused()
    {
        await using var strict = await TestSilo.StartAsync(services => services.AddSingleton(_probe));
        var alarm = strict.Grains.GetGrain<IAlarmGrain>("strict");
        var refusal = await Should.ThrowAsync<ArgumentException>(
            () => alarm.SetAsync("often", TimeSpan.Zero, TimeSpan.FromSeconds(59)));
        refusal.Message.ShouldContain("minimum");
        await alarm.SetAsync("rarely", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
    }
}
