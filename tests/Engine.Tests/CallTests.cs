using Trading.Testing;

namespace Trading.Engine.Tests;

public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> AddAsync(int number);
    Task<int> AddSlowlyAsync(int number);
    ValueTask<string> KeyAsync();
    Task FailAsync(string message);
}

public sealed class CounterGrain : Grain, ICounterGrain
{
    int _sum;

    public Task<int> AddAsync(int number) => Task.FromResult(_sum += number);

    public async Task<int> AddSlowlyAsync(int number)
    {
        var before = _sum;
        await Task.Yield();
        return _sum = before + number;
    }

    public ValueTask<string> KeyAsync() => new(this.GetPrimaryKeyString());

    public Task FailAsync(string message) => throw new InvalidTimeZoneException(message);
}

/// <summary>One silo for all tests that need nothing special of it.</summary>
public sealed class SharedSilo : IAsyncLifetime
{
    public TestSilo Silo { get; private set; } = null!;
    public IGrainFactory Grains => Silo.Grains;

    public async Task InitializeAsync() => Silo = await TestSilo.StartAsync();
    public async Task DisposeAsync() => await Silo.DisposeAsync();
}

public sealed class CallTests(SharedSilo silo) : IClassFixture<SharedSilo>
{
    [Fact]
    public async Task A_grain_keeps_what_it_was_told()
    {
        var counter = silo.Grains.GetGrain<ICounterGrain>("keeps");
        await counter.AddAsync(2);
        (await counter.AddAsync(3)).ShouldBe(5);
        (await silo.Grains.GetGrain<ICounterGrain>("keeps other").AddAsync(1)).ShouldBe(1);
    }

    [Fact]
    public async Task A_grain_knows_its_key_and_so_does_a_reference()
    {
        var counter = silo.Grains.GetGrain<ICounterGrain>("a/b c");
        (await counter.KeyAsync()).ShouldBe("a/b c");
        counter.GetPrimaryKeyString().ShouldBe("a/b c");
        counter.ShouldBe(silo.Grains.GetGrain<ICounterGrain>("a/b c"));
    }

    [Fact]
    public async Task Turns_that_wait_in_the_middle_do_not_mix()
    {
        var counter = silo.Grains.GetGrain<ICounterGrain>("turns");
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(() => counter.AddSlowlyAsync(1))));
        (await counter.AddAsync(0)).ShouldBe(500);
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_with_type_and_message()
    {
        var failure = await Should.ThrowAsync<InvalidTimeZoneException>(() => silo.Grains.GetGrain<ICounterGrain>("fails").FailAsync("no zone"));
        failure.Message.ShouldBe("no zone");
        (await silo.Grains.GetGrain<ICounterGrain>("fails").AddAsync(1)).ShouldBe(1);
    }
}
