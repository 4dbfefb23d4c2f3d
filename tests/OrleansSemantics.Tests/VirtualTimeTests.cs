using Microsoft.Extensions.DependencyInjection;
using Trading.Testing;

namespace Trading.OrleansSemantics.Tests;

public interface IClockedGrain : IGrainWithStringKey
{
    Task TickAsync(TimeSpan dueTime, TimeSpan period);
    Task TickThroughGateAsync(TimeSpan period, string gate);
    Task HurryAsync(TimeSpan period);
}

public sealed class ClockedGrain(Probe probe) : Grain, IClockedGrain
{
    IGrainTimer? _timer;
    int _ticks;

    string Key => this.GetPrimaryKeyString();

    public Task TickAsync(TimeSpan dueTime, TimeSpan period) => StartAsync(dueTime, period, () => Task.CompletedTask);

    public Task TickThroughGateAsync(TimeSpan period, string gate) =>
        StartAsync(period, period, () => probe.GateAsync(gate));

    public Task HurryAsync(TimeSpan period)
    {
        _timer!.Change(TimeSpan.Zero, period);
        return Task.CompletedTask;
    }

    Task StartAsync(TimeSpan dueTime, TimeSpan period, Func<Task> work)
    {
        _timer = this.RegisterGrainTimer(_ =>
        {
            probe.Report(Key, $"tick {++_ticks}");
            return work();
        }, new() { DueTime = dueTime, Period = period });
        return Task.CompletedTask;
    }
}

/// <summary>What tests under a clock of their own rely on.</summary>
public sealed class VirtualTimeTests : IAsyncLifetime
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    readonly VirtualTime _time = new();
    readonly Probe _probe = new();
    TestSilo _silo = null!;

    public async ValueTask InitializeAsync() => _silo = await StartAsync();

    public async ValueTask DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_day_of_ticks_passes_in_no_time()
    {
        await Grain("day").TickAsync(Minute, Minute);
        await _time.AdvanceAsync(TimeSpan.FromDays(1));
        _probe.Rest("day").Count.ShouldBe(24 * 60);
    }

    [Fact]
    public async Task The_period_of_a_timer_counts_from_the_end_of_its_tick()
    {
        await Grain("period").TickThroughGateAsync(10 * Second, "period gate");
        _time.Clock.Advance(25 * Second);
        (await _probe.NextAsync("period")).ShouldBe("tick 1");
        _probe.Open("period gate");
        await _time.Ticks.EndedAsync();
        await _time.AdvanceAsync(9 * Second);
        _probe.Rest("period").ShouldBeEmpty();
        await _time.AdvanceAsync(Second);
        _probe.Rest("period").ShouldBe(["tick 2"]);
    }

    /// <summary>A detail of Orleans 10.4.2, for which <c>ClockedTimers</c> is there: where this fails, that can
    /// go.</summary>
    [Fact]
    public async Task A_timer_that_is_due_at_once_ticks_without_asking_the_clock()
    {
        await using var silo = await TestSilo.StartAsync(
            services => services.AddSingleton(_probe), time: new ManualTimeProvider());
        await silo.Grains.GetGrain<IClockedGrain>("at once").TickAsync(TimeSpan.Zero, Minute);
        (await _probe.NextAsync("at once")).ShouldBe("tick 1");
    }

    [Fact]
    public async Task Under_virtual_time_a_timer_that_is_due_at_once_ticks_when_the_clock_moves()
    {
        await Grain("hurried").TickAsync(TimeSpan.Zero, Minute);
        _time.Ticks.Count.ShouldBe(0);
        await _time.AdvanceAsync(Second);
        await Grain("hurried").HurryAsync(Minute);
        _probe.Rest("hurried").ShouldBe(["tick 1"]);
        await _time.AdvanceAsync(Second);
        _probe.Rest("hurried").ShouldBe(["tick 2"]);
    }

    [Fact]
    public async Task Reminders_tick_by_the_clock_whether_the_grain_is_active_or_not()
    {
        var alarm = _silo.Grains.GetGrain<IAlarmGrain>("hourly");
        await alarm.SetAsync("hour", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await alarm.EndAsync();
        await _time.AdvanceAsync(TimeSpan.FromHours(5));
        _probe.Rest("hourly").Count.ShouldBe(5);
        (await alarm.UnsetAsync("hour")).ShouldBeTrue();
        await _time.AdvanceAsync(TimeSpan.FromHours(5));
        _probe.Rest("hourly").ShouldBeEmpty();
    }

    [Fact]
    public async Task Reminders_outlive_the_silo_and_missed_ticks_are_not_made_up_for()
    {
        await _silo.Grains.GetGrain<IAlarmGrain>("alarm").SetAsync("kept", Minute, Minute);
        await _silo.DisposeAsync();
        await _time.AdvanceAsync(10.5 * Minute);
        _silo = await StartAsync();
        _probe.Rest("alarm").ShouldBeEmpty();
        (await _silo.Grains.GetGrain<IAlarmGrain>("alarm").CountAsync()).ShouldBe(1);
        await _time.AdvanceAsync(Minute);
        _probe.Rest("alarm").ShouldBe([$"kept {Minute}"]);
    }

    [Fact]
    public async Task A_reminder_more_often_than_once_a_minute_is_refused_as_Orleans_does() =>
        (await Should.ThrowAsync<ArgumentException>(
            () => _silo.Grains.GetGrain<IAlarmGrain>("often").SetAsync("often", Minute, Minute - Second)))
            .Message.ShouldContain("minimum");

    [Fact]
    public async Task An_activation_that_a_test_ends_is_replaced_at_the_next_call()
    {
        var life = _silo.Grains.GetGrain<ILifeGrain>("ended");
        var first = await life.CallAsync();
        await TestSilo.EndAsync(life);
        (await life.CallAsync()).ShouldNotBe(first);
    }

    IClockedGrain Grain(string key) => _silo.Grains.GetGrain<IClockedGrain>(key);

    Task<TestSilo> StartAsync() => TestSilo.StartAsync(_time, services => services.AddSingleton(_probe));
}
