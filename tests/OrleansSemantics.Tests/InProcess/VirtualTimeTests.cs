using Microsoft.Extensions.DependencyInjection;
using Trading.Testing;

namespace Trading.OrleansSemantics.Tests;

public interface IClockedGrain : IGrainWithStringKey
{
    Task<Guid> CallAsync();
    Task TickAsync(TimeSpan dueTime, TimeSpan period, bool keepAlive);
    Task TickThroughGateAsync(TimeSpan period, string gate);
    Task DelayAsync(TimeSpan time);
    Task HoldAsync();
}

public sealed class ClockedGrain(Probe probe) : Grain, IClockedGrain
{
    readonly Guid _self = Guid.CreateVersion7();
    int _ticks;

    string Key => this.GetPrimaryKeyString();

    public Task<Guid> CallAsync() => Task.FromResult(_self);

    public Task TickAsync(TimeSpan dueTime, TimeSpan period, bool keepAlive)
    {
        this.RegisterGrainTimer(_ =>
        {
            probe.Report(Key, $"tick {++_ticks}");
            return Task.CompletedTask;
        }, new() { DueTime = dueTime, Period = period, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task TickThroughGateAsync(TimeSpan period, string gate)
    {
        this.RegisterGrainTimer(async _ =>
        {
            probe.Report(Key, $"tick {++_ticks}");
            await probe.GateAsync(gate);
        }, new() { DueTime = period, Period = period });
        return Task.CompletedTask;
    }

    public Task DelayAsync(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task HoldAsync() => probe.GateAsync(Key);
}

public sealed class VirtualTimeTests : IAsyncLifetime
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    readonly ManualTimeProvider _time = new();
    readonly Probe _probe = new();
    TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync(services => services.AddSingleton(_probe), time: _time);
    public async Task DisposeAsync() => await _silo.DisposeAsync();

    IClockedGrain Grain(string key) => _silo.Grains.GetGrain<IClockedGrain>(key);

    [Fact]
    public async Task A_day_of_ticks_passes_in_no_time()
    {
        await Grain("day").TickAsync(Minute, Minute, keepAlive: true);
        _time.Advance(TimeSpan.FromDays(1));
        _probe.Rest("day").Count.ShouldBe(24 * 60);
    }

    [Fact]
    public async Task The_period_of_a_timer_counts_from_the_end_of_its_callback()
    {
        var grain = Grain("period");
        await grain.TickThroughGateAsync(10 * Second, "period gate");
        _time.Advance(25 * Second);
        _probe.Rest("period").ShouldBe(["tick 1"]);
        _probe.Open("period gate");
        await grain.CallAsync();
        _time.Advance(9 * Second);
        _probe.Rest("period").ShouldBeEmpty();
        _time.Advance(Second);
        (await _probe.NextAsync("period")).ShouldBe("tick 2");
    }

    [Fact]
    public async Task An_idle_grain_goes_after_its_time_and_not_before()
    {
        var self = await Grain("idle").CallAsync();
        _time.Advance(14 * Minute);
        (await Grain("idle").CallAsync()).ShouldBe(self);
        _time.Advance(14 * Minute);
        (await Grain("idle").CallAsync()).ShouldBe(self);
        _time.Advance(17 * Minute);
        (await Grain("idle").CallAsync()).ShouldNotBe(self);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Ticks_keep_a_grain_alive_only_where_they_say_so(bool keepAlive)
    {
        var grain = Grain($"ticking {keepAlive}");
        var self = await grain.CallAsync();
        await grain.TickAsync(Minute, Minute, keepAlive);
        _time.Advance(TimeSpan.FromHours(1));
        (await grain.CallAsync() == self).ShouldBe(keepAlive);
    }

    [Fact]
    public async Task Deactivation_can_be_delayed()
    {
        var self = await Grain("delayed").CallAsync();
        await Grain("delayed").DelayAsync(TimeSpan.FromHours(2));
        _time.Advance(TimeSpan.FromHours(1));
        (await Grain("delayed").CallAsync()).ShouldBe(self);
        _time.Advance(TimeSpan.FromHours(3));
        (await Grain("delayed").CallAsync()).ShouldNotBe(self);
    }

    [Fact]
    public async Task A_call_without_an_answer_times_out_after_half_a_minute()
    {
        var call = Grain("silent").HoldAsync();
        _time.Advance(29 * Second);
        call.IsCompleted.ShouldBeFalse();
        _time.Advance(Second);
        await Should.ThrowAsync<TimeoutException>(() => call.WaitAsync(TimeSpan.FromSeconds(30)));
        _probe.Open("silent"); // the silo waits for turns when it stops
    }

    [Fact]
    public async Task Every_call_has_its_own_half_minute_whatever_becomes_of_those_before_it()
    {
        var (answered, first) = (Grain("answered").HoldAsync(), Grain("first").HoldAsync());
        _time.Advance(10 * Second);
        _probe.Open("answered");
        await answered;
        var second = Grain("second").HoldAsync();
        _time.Advance(20 * Second);
        await Should.ThrowAsync<TimeoutException>(() => first.WaitAsync(TimeSpan.FromSeconds(30)));
        second.IsCompleted.ShouldBeFalse();
        _time.Advance(10 * Second);
        await Should.ThrowAsync<TimeoutException>(() => second.WaitAsync(TimeSpan.FromSeconds(30)));
        _probe.Open("first");
        _probe.Open("second");
    }

    [Fact]
    public async Task Reminders_tick_by_the_clock_whether_the_grain_is_active_or_not()
    {
        await _silo.Grains.GetGrain<IAlarmGrain>("hourly").SetAsync("hour", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromHours(5));
        _probe.Rest("hourly").Count.ShouldBe(5);
    }
}
