using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Trading.Testing;

namespace Trading.OrleansSemantics.Tests;

public interface ILifeGrain : IGrainWithStringKey
{
    Task<Guid> CallAsync();
    Task EndAsync();
    Task EndAndWaitAsync(string gate);
}

public sealed class LifeGrain : Grain, ILifeGrain, IDisposable
{
    readonly Guid _self = Guid.CreateVersion7();
    readonly Probe _probe;
    readonly string _key;

    public LifeGrain(Probe probe)
    {
        _probe = probe;
        _key = this.GetPrimaryKeyString();
        _probe.Report(_key, "constructed");
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (_key == "never active") throw new InvalidTimeZoneException("not today");
        _probe.Report(_key, "activated");
    }

    public Task<Guid> CallAsync()
    {
        _probe.Report(_key, "called");
        return Task.FromResult(_self);
    }

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task EndAndWaitAsync(string gate)
    {
        DeactivateOnIdle();
        _probe.Report(_key, "ending");
        await _probe.GateAsync(gate);
        _probe.Report(_key, "turn ended");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        _probe.Report(_key, $"deactivated: {reason.ReasonCode}");
    }

    public void Dispose() => _probe.Report(_key, "disposed");
}

/// <summary>An activation loads before it answers, leaves its snapshot behind when it goes, and is gone before the
/// next one loads.</summary>
[Collection(nameof(SharedSilo))]
public sealed class LifecycleTests(SharedSilo silo)
{
    readonly Probe _probe = silo.Probe;

    [Fact]
    public async Task A_grain_is_constructed_then_activated_then_called()
    {
        await silo.Grains.GetGrain<ILifeGrain>("order").CallAsync();
        _probe.Rest("order").ShouldBe(["constructed", "activated", "called"]);
    }

    [Fact]
    public async Task After_deactivation_a_call_makes_a_new_activation()
    {
        var grain = silo.Grains.GetGrain<ILifeGrain>("again");
        var first = await grain.CallAsync();
        (await grain.CallAsync()).ShouldBe(first);
        await grain.EndAsync();
        (await grain.CallAsync()).ShouldNotBe(first);
        (await _probe.UntilAsync("again", "disposed")).ShouldContain("deactivated: ApplicationRequested");
    }

    [Fact]
    public async Task Deactivation_waits_for_the_turn_that_is_running()
    {
        var grain = silo.Grains.GetGrain<ILifeGrain>("patient");
        var ending = grain.EndAndWaitAsync("patient gate");
        await _probe.UntilAsync("patient", "ending");
        var next = grain.CallAsync();
        _probe.Open("patient gate");
        await Task.WhenAll(ending, next);
        var events = await _probe.UntilAsync("patient", "called");
        events.IndexOf("turn ended").ShouldBeLessThan(events.IndexOf("deactivated: ApplicationRequested"));
        events.IndexOf("deactivated: ApplicationRequested").ShouldBeLessThan(events.LastIndexOf("called"));
    }

    [Fact]
    public async Task A_failed_activation_fails_the_call_and_leaves_no_activation()
    {
        var grain = silo.Grains.GetGrain<ILifeGrain>("never active");
        (await Should.ThrowAsync<InvalidTimeZoneException>(grain.CallAsync)).Message.ShouldBe("not today");
        await Should.ThrowAsync<InvalidTimeZoneException>(grain.CallAsync);
        _probe.Rest("never active").Count(what => what == "constructed").ShouldBe(2);
    }

    [Fact]
    public async Task A_grain_that_is_idle_for_too_long_is_deactivated()
    {
        var probe = new Probe();
        await using var quick = await TestSilo.StartAsync(
            services => services.AddSingleton(probe),
            orleans => orleans.Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionQuantum = TimeSpan.FromSeconds(0.5);
                options.CollectionAge = TimeSpan.FromSeconds(1);
            }));
        await quick.Grains.GetGrain<ILifeGrain>("idle").CallAsync();
        (await probe.UntilAsync("idle", "disposed")).ShouldContain("deactivated: ActivationIdle");
    }

    [Fact]
    public async Task Stopping_the_silo_deactivates_every_grain()
    {
        var probe = new Probe();
        await using var stopping = await TestSilo.StartAsync(services => services.AddSingleton(probe));
        await stopping.Grains.GetGrain<ILifeGrain>("stopped").CallAsync();
        await stopping.StopAsync();
        probe.Rest("stopped").ShouldContain("deactivated: ShuttingDown");
    }
}
