namespace Trading.OrleansSemantics.Tests;

public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> AddSlowlyAsync(int number);
    Task FailAsync(string message);
    Task FailLaterAsync(string message);
    Task<bool> StaysOnItsSchedulerAsync();
}

public sealed class CounterGrain : Grain, ICounterGrain
{
    int _sum;

    public async Task<int> AddSlowlyAsync(int number)
    {
        var before = _sum;
        await Task.Yield();
        return _sum = before + number;
    }

    public Task FailAsync(string message) => throw new InvalidTimeZoneException(message);

    public async Task FailLaterAsync(string message)
    {
        await Task.Yield();
        throw new InvalidTimeZoneException(message);
    }

    public async Task<bool> StaysOnItsSchedulerAsync()
    {
        var scheduler = TaskScheduler.Current;
        var pool = await Task.Run(() => TaskScheduler.Current);
        return scheduler != TaskScheduler.Default && TaskScheduler.Current == scheduler
            && pool == TaskScheduler.Default;
    }
}

/// <summary>Rules change a record between two awaits and take nobody else to be there; callers ask again by the kind
/// of failure.</summary>
[Collection(nameof(SharedSilo))]
public sealed class CallTests(SharedSilo silo)
{
    [Fact]
    public async Task Turns_that_wait_in_the_middle_do_not_mix()
    {
        var counter = silo.Grains.GetGrain<ICounterGrain>("turns");
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(() => counter.AddSlowlyAsync(1))));
        (await counter.AddSlowlyAsync(0)).ShouldBe(500);
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_with_type_and_message_and_the_grain_goes_on()
    {
        var counter = silo.Grains.GetGrain<ICounterGrain>("fails");
        (await Should.ThrowAsync<InvalidTimeZoneException>(() => counter.FailAsync("at once")))
            .Message.ShouldBe("at once");
        (await Should.ThrowAsync<InvalidTimeZoneException>(() => counter.FailLaterAsync("later")))
            .Message.ShouldBe("later");
        (await counter.AddSlowlyAsync(1)).ShouldBe(1);
    }

    /// <summary>What a worker brings home, as an analysis or a training, is assigned in a turn of the
    /// grain.</summary>
    [Fact]
    public async Task A_grain_goes_on_in_its_own_turns_after_a_worker_of_the_pool() =>
        (await silo.Grains.GetGrain<ICounterGrain>("scheduler").StaysOnItsSchedulerAsync()).ShouldBeTrue();
}
