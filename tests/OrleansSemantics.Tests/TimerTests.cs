namespace Trading.OrleansSemantics.Tests;

public interface ITimerGrain : IGrainWithStringKey
{
    Task StartAsync(TimeSpan dueTime, TimeSpan period, bool interleave);
    Task StartSlowAsync(TimeSpan period);
    Task StartFailingAsync(TimeSpan period);
    Task StopAsync();
    Task PassAsync(string gate);
    Task EndAsync();
}

public sealed class TimerGrain(Probe probe) : Grain, ITimerGrain
{
    IGrainTimer? _timer;
    int _ticks, _inside;

    string Key => this.GetPrimaryKeyString();

    public Task StartAsync(TimeSpan dueTime, TimeSpan period, bool interleave)
    {
        _timer = this.RegisterGrainTimer(
            TickAsync, "tick", new() { DueTime = dueTime, Period = period, Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartSlowAsync(TimeSpan period)
    {
        _timer = this.RegisterGrainTimer(async _ =>
        {
            probe.Report(Key, ++_inside == 1 ? "alone" : "together");
            await Task.Delay(period, TimeProvider.System, CancellationToken.None);
            await Task.Delay(period, TimeProvider.System, CancellationToken.None);
            _inside--;
        }, new() { DueTime = TimeSpan.Zero, Period = period });
        return Task.CompletedTask;
    }

    public Task StartFailingAsync(TimeSpan period)
    {
        _timer = this.RegisterGrainTimer(_ =>
        {
            probe.Report(Key, $"tick {++_ticks}");
            throw new InvalidTimeZoneException("a timer fails");
        }, new() { DueTime = TimeSpan.Zero, Period = period });
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        _timer!.Dispose();
        probe.Report(Key, "stopped");
        return Task.CompletedTask;
    }

    public async Task PassAsync(string gate)
    {
        probe.Report(Key, "in");
        await probe.GateAsync(gate);
        probe.Report(Key, "out");
    }

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Report(Key, "deactivated");
        return Task.CompletedTask;
    }

    Task TickAsync(string state, CancellationToken cancellation)
    {
        probe.Report(Key, $"{state} {++_ticks}");
        return Task.CompletedTask;
    }
}

/// <summary>Prices, limits and budgets are refreshed by timers that interleave or wait their turn.</summary>
[Collection(nameof(SharedSilo))]
public sealed class TimerTests(SharedSilo silo)
{
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    readonly Probe _probe = silo.Probe;

    [Fact]
    public async Task A_timer_ticks_again_and_again_with_its_state()
    {
        await silo.Grains.GetGrain<ITimerGrain>("ticks").StartAsync(TimeSpan.Zero, Short, interleave: false);
        (await _probe.UntilAsync("ticks", "tick 3")).ShouldBe(["tick 1", "tick 2", "tick 3"]);
    }

    [Fact]
    public async Task After_disposal_there_is_no_tick()
    {
        var grain = silo.Grains.GetGrain<ITimerGrain>("disposed");
        await grain.StartAsync(Short, Short, interleave: false);
        await _probe.UntilAsync("disposed", "tick 2");
        await grain.StopAsync();
        await _probe.UntilAsync("disposed", "stopped");
        await silo.Grains.GetGrain<ITimerGrain>("disposed clock").StartAsync(Short, Short, interleave: false);
        await _probe.UntilAsync("disposed clock", "tick 5");
        _probe.Rest("disposed").ShouldBeEmpty();
    }

    [Fact]
    public async Task After_deactivation_there_is_no_tick()
    {
        var grain = silo.Grains.GetGrain<ITimerGrain>("gone");
        await grain.StartAsync(Short, Short, interleave: false);
        await _probe.UntilAsync("gone", "tick 1");
        await grain.EndAsync();
        await _probe.UntilAsync("gone", "deactivated");
        await silo.Grains.GetGrain<ITimerGrain>("gone clock").StartAsync(Short, Short, interleave: false);
        await _probe.UntilAsync("gone clock", "tick 5");
        _probe.Rest("gone").ShouldBeEmpty();
    }

    [Fact]
    public async Task Ticks_of_one_timer_never_overlap()
    {
        await silo.Grains.GetGrain<ITimerGrain>("slow").StartSlowAsync(Short);
        for (var tick = 0; tick < 4; tick++) (await _probe.NextAsync("slow")).ShouldBe("alone");
    }

    [Fact]
    public async Task A_tick_waits_for_the_call_that_is_running()
    {
        var grain = silo.Grains.GetGrain<ITimerGrain>("waits");
        var call = grain.PassAsync("waits gate");
        await _probe.UntilAsync("waits", "in");
        var other = silo.Grains.GetGrain<ITimerGrain>("waits clock");
        await other.StartAsync(Short, Short, interleave: false);
        var start = grain.StartAsync(TimeSpan.Zero, Short, interleave: false);
        await _probe.UntilAsync("waits clock", "tick 3");
        _probe.Open("waits gate");
        await Task.WhenAll(call, start);
        (await _probe.UntilAsync("waits", "tick 1")).ShouldBe(["out", "tick 1"]);
    }

    [Fact]
    public async Task A_tick_of_an_interleaving_timer_does_not_wait()
    {
        var grain = silo.Grains.GetGrain<ITimerGrain>("interleaves");
        await grain.StartAsync(Short, Short, interleave: true);
        var call = grain.PassAsync("interleaves gate");
        await _probe.UntilAsync("interleaves", "in");
        await _probe.NextAsync("interleaves");
        await _probe.NextAsync("interleaves");
        _probe.Open("interleaves gate");
        await call;
        await grain.StopAsync();
    }

    [Fact]
    public async Task A_timer_goes_on_after_a_failure()
    {
        await silo.Grains.GetGrain<ITimerGrain>("fails").StartFailingAsync(Short);
        (await _probe.UntilAsync("fails", "tick 3")).Count.ShouldBe(3);
    }
}
