using Orleans.Concurrency;

namespace Trading.OrleansSemantics.Tests;

public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> AddAsync(int number);
    Task<int> AddSlowlyAsync(int number);
    ValueTask<string> KeyAsync();
    Task FailAsync(string message);
    Task FailLaterAsync(string message);
    Task<bool> StaysOnItsSchedulerAsync();
    [OneWay] Task AddWithoutAnswerAsync(int number);
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

    public async Task FailLaterAsync(string message)
    {
        await Task.Yield();
        throw new InvalidTimeZoneException(message);
    }

    public async Task<bool> StaysOnItsSchedulerAsync()
    {
        var scheduler = TaskScheduler.Current;
        var started = await Task.Factory.StartNew(() => TaskScheduler.Current, default, TaskCreationOptions.None, scheduler);
        await Task.Yield();
        var pool = await Task.Run(() => TaskScheduler.Current);
        return scheduler != TaskScheduler.Default && started == scheduler && TaskScheduler.Current == scheduler && pool == TaskScheduler.Default;
    }

    public Task AddWithoutAnswerAsync(int number)
    {
        _sum += number;
        throw new InvalidTimeZoneException("nobody hears this");
    }
}

[Collection(nameof(SharedSilo))]
public sealed class CallTests(SharedSilo silo)
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

    [Fact]
    public async Task An_exception_after_a_wait_reaches_the_caller_too()
    {
        var failure = await Should.ThrowAsync<InvalidTimeZoneException>(() => silo.Grains.GetGrain<ICounterGrain>("later").FailLaterAsync("no zone"));
        failure.Message.ShouldBe("no zone");
    }

    [Fact]
    public async Task All_of_a_turn_runs_on_the_scheduler_of_the_grain() =>
        (await silo.Grains.GetGrain<ICounterGrain>("scheduler").StaysOnItsSchedulerAsync()).ShouldBeTrue();

    [Fact]
    public async Task The_caller_does_not_continue_on_the_scheduler_of_the_grain()
    {
        var counter = silo.Grains.GetGrain<ICounterGrain>("caller");
        var schedulers = await Task.Run(async () =>
        {
            await counter.AddSlowlyAsync(1);
            var afterWaiting = TaskScheduler.Current;
            await counter.AddAsync(1);
            return (afterWaiting, TaskScheduler.Current);
        });
        schedulers.ShouldBe((TaskScheduler.Default, TaskScheduler.Default));
    }

    [Fact]
    public async Task A_one_way_call_returns_no_failure()
    {
        var counter = silo.Grains.GetGrain<ICounterGrain>("one way");
        await counter.AddAsync(0); // calls to a grain that is not in memory yet may overtake each other
        await counter.AddWithoutAnswerAsync(7);
        (await counter.AddAsync(0)).ShouldBe(7);
    }

    [Fact]
    public void A_grain_interface_without_a_class_is_refused() =>
        Should.Throw<ArgumentException>(() => silo.Grains.GetGrain<INobodysGrain>("nobody"));
}

public interface INobodysGrain : IGrainWithStringKey
{
    Task DoAsync();
}
