using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Trading.OrleansSemantics.Tests;

[GenerateSerializer, Alias("engine.tests.basket")]
public class Basket
{
    [Id(0)] public List<int> Items { get; set; } = [];
    [Id(1)] public Dictionary<string, Basket> Nested { get; set; } = [];
    [Id(2)] public int[] Prices { get; set; } = [];
}

[GenerateSerializer, Alias("engine.tests.special-basket")]
public sealed class SpecialBasket : Basket
{
    [Id(0)] public string Label { get; set; } = "";
}

[GenerateSerializer, Immutable, Alias("engine.tests.sealed-basket")]
public sealed record SealedBasket([property: Id(0)] ImmutableArray<int> Items, [property: Id(1)] string Label);

public interface IBasketGrain : IGrainWithStringKey
{
    Task PutAsync(Basket basket);
    Task<Basket> GetAsync();
    Task<int[]> PricesAsync();
    ValueTask<SealedBasket> SealAsync(SealedBasket basket);
    Task<(int, List<int>)> PairAsync((int, List<int>) pair);
    Task<Immutable<List<int>>> PromiseAsync(Immutable<List<int>> list);
    Task<ICounterGrain> ForwardAsync(ICounterGrain counter);
    Task<string?> NothingAsync(string? text);
}

public sealed class BasketGrain : Grain, IBasketGrain
{
    Basket _basket = new();

    public Task PutAsync(Basket basket)
    {
        _basket = basket;
        return Task.CompletedTask;
    }

    public Task<Basket> GetAsync() => Task.FromResult(_basket);
    public Task<int[]> PricesAsync() => Task.FromResult(_basket.Prices);
    public ValueTask<SealedBasket> SealAsync(SealedBasket basket) => new(basket);
    public Task<(int, List<int>)> PairAsync((int, List<int>) pair) => Task.FromResult(pair);
    public Task<Immutable<List<int>>> PromiseAsync(Immutable<List<int>> list) => Task.FromResult(list);

    public async Task<ICounterGrain> ForwardAsync(ICounterGrain counter)
    {
        await counter.AddAsync(1);
        return counter;
    }

    public Task<string?> NothingAsync(string? text) => Task.FromResult(text);
}

[Collection(nameof(SharedSilo))]
public sealed class MessageTests(SharedSilo silo)
{
    [Fact]
    public async Task What_the_caller_changes_after_the_call_does_not_reach_the_grain()
    {
        var grain = silo.Grains.GetGrain<IBasketGrain>("arguments");
        var sent = new Basket { Items = [1], Nested = { ["inner"] = new() { Items = [2] } }, Prices = [3] };
        await grain.PutAsync(sent);
        sent.Items.Add(9);
        sent.Nested["inner"].Items.Add(9);
        sent.Prices[0] = 9;
        var kept = await grain.GetAsync();
        kept.Items.ShouldBe([1]);
        kept.Nested["inner"].Items.ShouldBe([2]);
        kept.Prices.ShouldBe([3]);
    }

    [Fact]
    public async Task What_the_caller_changes_in_an_answer_does_not_reach_the_grain()
    {
        var grain = silo.Grains.GetGrain<IBasketGrain>("answers");
        await grain.PutAsync(new() { Items = [1], Prices = [3] });
        (await grain.GetAsync()).Items.Add(9);
        (await grain.PricesAsync())[0] = 9;
        (await grain.GetAsync()).Items.ShouldBe([1]);
        (await grain.PricesAsync()).ShouldBe([3]);
    }

    [Fact]
    public async Task A_copy_has_the_type_of_the_original()
    {
        var grain = silo.Grains.GetGrain<IBasketGrain>("types");
        await grain.PutAsync(new SpecialBasket { Label = "special", Items = [1] });
        var kept = (await grain.GetAsync()).ShouldBeOfType<SpecialBasket>();
        kept.Label.ShouldBe("special");
        kept.Items.ShouldBe([1]);
    }

    [Fact]
    public async Task A_copy_has_the_shape_of_the_original()
    {
        var grain = silo.Grains.GetGrain<IBasketGrain>("shape");
        var shared = new Basket();
        await grain.PutAsync(new() { Nested = { ["a"] = shared, ["b"] = shared } });
        var kept = await grain.GetAsync();
        kept.Nested["a"].ShouldBeSameAs(kept.Nested["b"]);
        kept.Nested["a"].ShouldNotBeSameAs(shared);
    }

    [Fact]
    public async Task Immutable_messages_arrive_equal()
    {
        var sent = new SealedBasket([1, 2], "both");
        var got = await silo.Grains.GetGrain<IBasketGrain>("sealed").SealAsync(sent);
        got.Items.ShouldBe(sent.Items);
        got.Label.ShouldBe("both");
    }

    [Fact]
    public async Task Tuples_and_promised_values_cross()
    {
        var grain = silo.Grains.GetGrain<IBasketGrain>("tuples");
        List<int> list = [1, 2];
        var (number, items) = await grain.PairAsync((3, list));
        number.ShouldBe(3);
        items.ShouldBe([1, 2]);
        items.ShouldNotBeSameAs(list);
        (await grain.PromiseAsync(list.AsImmutable())).Value.ShouldBe([1, 2]);
        (await grain.NothingAsync(null)).ShouldBeNull();
    }

    [Fact]
    public async Task References_cross_and_can_be_called()
    {
        var counter = silo.Grains.GetGrain<ICounterGrain>("forwarded");
        var back = await silo.Grains.GetGrain<IBasketGrain>("forwards").ForwardAsync(counter);
        (await back.AddAsync(1)).ShouldBe(2);
        back.ShouldBe(counter);
    }
}
