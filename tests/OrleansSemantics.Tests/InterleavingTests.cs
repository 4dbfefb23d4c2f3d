using Orleans.Concurrency;

namespace Trading.OrleansSemantics.Tests;

public interface IGateGrain : IGrainWithStringKey
{
    /// <summary>Reports, waits at the gate, reports again.</summary>
    Task PassAsync(string name);

    [AlwaysInterleave] Task InterleaveAsync(string name);
    Task<string> NameAsync();
}

public interface IReentrantGateGrain : IGrainWithStringKey
{
    Task PassAsync(string name);
}

public sealed class GateGrain(Probe probe) : Grain, IGateGrain
{
    public async Task PassAsync(string name)
    {
        var key = this.GetPrimaryKeyString();
        probe.Report(key, name + " in");
        await probe.GateAsync(name);
        probe.Report(key, name + " out");
    }

    public Task InterleaveAsync(string name) => PassAsync(name);
    public Task<string> NameAsync() => Task.FromResult(this.GetPrimaryKeyString());
}

[Reentrant]
public sealed class ReentrantGateGrain(Probe probe) : Grain, IReentrantGateGrain
{
    public async Task PassAsync(string name)
    {
        probe.Report(this.GetPrimaryKeyString(), name + " in");
        await probe.GateAsync(name);
        probe.Report(this.GetPrimaryKeyString(), name + " out");
    }
}

/// <summary>A book decides while others of its calls wait for the journal; limits are read while they are being
/// set.</summary>
[Collection(nameof(SharedSilo))]
public sealed class InterleavingTests(SharedSilo silo)
{
    readonly Probe _probe = silo.Probe;

    [Fact]
    public async Task A_second_call_waits_until_the_first_has_ended()
    {
        var grain = silo.Grains.GetGrain<IGateGrain>("one at a time");
        await grain.NameAsync(); // calls to a grain that is not in memory yet may overtake each other
        var first = grain.PassAsync("t1");
        var second = grain.PassAsync("t2");
        (await _probe.NextAsync("one at a time")).ShouldBe("t1 in");
        _probe.Open("t2");
        _probe.Open("t1");
        await Task.WhenAll(first, second);
        _probe.Rest("one at a time").ShouldBe(["t1 out", "t2 in", "t2 out"]);
    }

    [Fact]
    public async Task Calls_of_a_reentrant_grain_interleave_where_they_wait()
    {
        var grain = silo.Grains.GetGrain<IReentrantGateGrain>("reentrant");
        var first = grain.PassAsync("r1");
        (await _probe.NextAsync("reentrant")).ShouldBe("r1 in");
        _probe.Open("r2");
        await grain.PassAsync("r2");
        _probe.Open("r1");
        await first;
        _probe.Rest("reentrant").ShouldBe(["r2 in", "r2 out", "r1 out"]);
    }

    [Fact]
    public async Task A_call_that_always_interleaves_does_not_wait_for_others()
    {
        var grain = silo.Grains.GetGrain<IGateGrain>("always");
        var first = grain.PassAsync("a1");
        (await _probe.NextAsync("always")).ShouldBe("a1 in");
        _probe.Open("a2");
        await grain.InterleaveAsync("a2");
        _probe.Open("a1");
        await first;
        _probe.Rest("always").ShouldBe(["a2 in", "a2 out", "a1 out"]);
    }

    [Fact]
    public async Task A_call_may_start_while_only_interleaving_ones_are_under_way()
    {
        var grain = silo.Grains.GetGrain<IGateGrain>("behind");
        var first = grain.InterleaveAsync("b1");
        (await _probe.NextAsync("behind")).ShouldBe("b1 in");
        (await grain.NameAsync()).ShouldBe("behind");
        _probe.Open("b1");
        await first;
    }
}
