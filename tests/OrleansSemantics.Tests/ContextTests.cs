namespace Trading.OrleansSemantics.Tests;

public interface IContextGrain : IGrainWithStringKey
{
    Task<string?> GetAsync(string name);
    Task SetAsync(string name, string value);
    Task<string?> AskAsync(string other, string name);
    Task<int> FilteredAsync(int number);
    Task<string> CallerAsync(string other);
    Task<string?> WhoCalledAsync();
}

public sealed class ContextGrain : Grain, IContextGrain
{
    public Task<string?> GetAsync(string name) => Task.FromResult(RequestContext.Get(name) as string);

    public Task SetAsync(string name, string value)
    {
        RequestContext.Set(name, value);
        return Task.CompletedTask;
    }

    public Task<string?> AskAsync(string other, string name) => GrainFactory.GetGrain<IContextGrain>(other).GetAsync(name);
    public Task<int> FilteredAsync(int number) => Task.FromResult(number);
    public async Task<string> CallerAsync(string other) => await GrainFactory.GetGrain<IContextGrain>(other).WhoCalledAsync() ?? "nobody";
    public Task<string?> WhoCalledAsync() => Task.FromResult(RequestContext.Get("caller") as string);
}

/// <summary>Doubles one kind of answer, refuses one key, and says who calls.</summary>
public sealed class RecordingFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName == nameof(IContextGrain.WhoCalledAsync) && context.SourceId is { } source)
            RequestContext.Set("caller", source.Key.ToString()!);
        if (context.TargetId.Key.ToString() == "refused") throw new UnauthorizedAccessException(context.InterfaceMethod.Name);
        await context.Invoke();
        if (context is { Grain: ContextGrain, MethodName: nameof(IContextGrain.FilteredAsync), Result: int number }) context.Result = number * 2;
    }
}

[Collection(nameof(SharedSilo))]
public sealed class ContextTests(SharedSilo silo)
{
    [Fact]
    public async Task Values_of_the_request_travel_from_grain_to_grain()
    {
        RequestContext.Set("user", "ada");
        (await silo.Grains.GetGrain<IContextGrain>("first").GetAsync("user")).ShouldBe("ada");
        (await silo.Grains.GetGrain<IContextGrain>("first").AskAsync("second", "user")).ShouldBe("ada");
        RequestContext.Remove("user");
        (await silo.Grains.GetGrain<IContextGrain>("first").GetAsync("user")).ShouldBeNull();
    }

    [Fact]
    public async Task What_a_grain_sets_does_not_come_back()
    {
        await silo.Grains.GetGrain<IContextGrain>("sets").SetAsync("secret", "x");
        RequestContext.Get("secret").ShouldBeNull();
        (await silo.Grains.GetGrain<IContextGrain>("sets").GetAsync("secret")).ShouldBeNull();
    }

    [Fact]
    public async Task A_filter_sees_calls_and_may_change_the_answer() =>
        (await silo.Grains.GetGrain<IContextGrain>("filtered").FilteredAsync(21)).ShouldBe(42);

    [Fact]
    public async Task A_filter_may_refuse_a_call() =>
        (await Should.ThrowAsync<UnauthorizedAccessException>(() => silo.Grains.GetGrain<IContextGrain>("refused").FilteredAsync(1)))
            .Message.ShouldBe(nameof(IContextGrain.FilteredAsync));

    [Fact]
    public async Task A_filter_knows_the_grain_that_calls() =>
        (await silo.Grains.GetGrain<IContextGrain>("caller").CallerAsync("called")).ShouldBe("caller");
}
