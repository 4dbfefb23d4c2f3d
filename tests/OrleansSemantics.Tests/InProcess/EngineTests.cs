using Microsoft.Extensions.DependencyInjection;
using Trading.Testing;

namespace Trading.OrleansSemantics.Tests;

/// <summary>How many of a kind of grain are active.</summary>
public sealed class Census
{
    int _now;

    public int Now => Volatile.Read(ref _now);
    public int Most { get; private set; }

    public void Add(int change) => Most = Math.Max(Most, Interlocked.Add(ref _now, change));
}

public interface ICountedGrain : IGrainWithStringKey
{
    Task<int> CallAsync(int number);
    Task<int> ChainAsync(int left);
}

public sealed class CountedGrain(Census census) : Grain, ICountedGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        census.Add(1);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        census.Add(-1);
        return Task.CompletedTask;
    }

    public Task<int> CallAsync(int number) => Task.FromResult(number);

    public async Task<int> ChainAsync(int left) =>
        left == 0 ? 0 : 1 + await GrainFactory.GetGrain<ICountedGrain>($"chain {left}").ChainAsync(left - 1);
}

/// <summary>What the embedded engine promises beyond Orleans.</summary>
public sealed class EngineTests : IAsyncLifetime
{
    readonly Census _census = new();
    TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync(services => services.AddSingleton(_census).AddSingleton<Probe>());
    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_grain_that_can_answer_at_once_does()
    {
        var grain = _silo.Grains.GetGrain<ICountedGrain>("at once");
        await grain.CallAsync(1);
        var answer = grain.CallAsync(2);
        answer.IsCompleted.ShouldBeTrue();
        (await answer).ShouldBe(2);
    }

    [Fact]
    public async Task A_call_that_is_answered_at_once_allocates_less_than_400_bytes()
    {
        const int Calls = 10_000;
        var grain = _silo.Grains.GetGrain<ICountedGrain>("bytes");
        for (var call = 0; call < Calls; call++) await grain.CallAsync(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < Calls; call++) grain.CallAsync(1_000).IsCompletedSuccessfully.ShouldBeTrue();
        ((GC.GetAllocatedBytesForCurrentThread() - before) / Calls).ShouldBeLessThan(400);
    }

    [Fact]
    public async Task A_long_chain_of_calls_does_not_exhaust_the_stack() =>
        (await _silo.Grains.GetGrain<ICountedGrain>("chain").ChainAsync(3_000)).ShouldBe(3_000);

    [Fact]
    public async Task Any_number_of_grains_may_be_touched_in_bounded_memory()
    {
        for (var id = 0; id < 150_000; id++) await _silo.Grains.GetGrain<ICountedGrain>($"many {id}").CallAsync(id);
        _census.Most.ShouldBeInRange(90_000, 101_000);
    }

    [Fact]
    public async Task A_silo_that_has_stopped_takes_no_calls()
    {
        var grain = _silo.Grains.GetGrain<ICountedGrain>("late");
        await grain.CallAsync(1);
        await _silo.StopAsync();
        _census.Now.ShouldBe(0);
        await Should.ThrowAsync<SiloUnavailableException>(() => grain.CallAsync(2));
    }
}
