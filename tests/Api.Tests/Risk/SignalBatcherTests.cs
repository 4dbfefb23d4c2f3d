using System.Collections.Immutable;
using NSubstitute;
using Trading.Risk;
using Trading.Testing;

namespace Trading.Api.Tests;

public sealed class SignalBatcherTests
{
    const int MostCalls = 3;

    readonly IGrainFactory _grains = Substitute.For<IGrainFactory>();
    readonly List<Call> _calls = [];
    readonly List<Order> _alone = [];
    readonly TaskCompletionSource<Outcome<RecordedDecision>> _price = new();
    readonly ManualTimeProvider _clock = new();
    readonly SignalBatcher _signals;

    public SignalBatcherTests()
    {
        _signals = new(_grains, _clock);
        foreach (var book in new[] { "one", "two" })
        {
            var risk = Substitute.For<IRiskLimitGrain>();
            risk.ValidateEachAsync(default).ReturnsForAnyArgs(asked => Begin(asked.Arg<ImmutableArray<Order>>()));
            risk.ValidateAsync(default!).ReturnsForAnyArgs(asked =>
            {
                lock (_alone) _alone.Add(asked.Arg<Order>());
                return _price.Task;
            });
            _grains.GetGrain<IRiskLimitGrain>(book).Returns(risk);
        }
    }

    [Fact]
    public async Task Signals_ThatComeWhileCallsAreUnderWay_GoTogether_EachWithItsOwnAnswer()
    {
        var asked = Ask(8);
        Sizes().ShouldBe(["0", "1", "2"], "a lone signal goes at once");

        _calls[1].Answer.SetResult([Decided(1)]);
        (await asked[1]).Value!.Json.ShouldBe([1]);
        await Wait.UntilAsync(() => Sizes().Length == 4);
        Sizes()[3].ShouldBe("3 4 5 6 7", "in the order in which they came");
        var conflict = Outcome.Conflict<RecordedDecision>("action", "differs_from_first", "used before");
        _calls[3].Answer.SetResult([Decided(3), conflict, Decided(5), Decided(6), Decided(7)]);
        (await asked[3]).Value!.Json.ShouldBe([3]);
        (await asked[4]).Kind.ShouldBe(OutcomeKind.Conflict, "what is wrong with one says nothing of the others");
        (await asked[7]).Value!.Json.ShouldBe([7]);

        _calls[0].Answer.SetResult([Decided(0)]);
        _calls[2].Answer.SetResult([Decided(2)]);
        await Task.WhenAll(asked);
        _alone.ShouldBeEmpty();
    }

    [Fact]
    public async Task Signal_ThatMustWaitForAPrice_IsAskedAboutAlone_AndKeepsNobodyElse()
    {
        var asked = Ask(MostCalls);
        for (var n = 0; n < MostCalls; n++) _calls[n].Answer.SetResult([null]);
        await Wait.UntilAsync(() => Alone() == MostCalls);

        var later = _signals.ValidateAsync("one", Buy(9));
        Sizes()[^1].ShouldBe("9", "those that wait for a price hold no place");
        _calls[^1].Answer.SetResult([Decided(9)]);
        (await later).IsDone.ShouldBeTrue();
        asked.ShouldAllBe(one => !one.IsCompleted);
        _price.SetResult(Decided(0));
        (await Task.WhenAll(asked)).ShouldAllBe(one => one.IsDone);
    }

    [Fact]
    public async Task Failure_OfACall_ReachesEveryoneInIt_AndTheNextCallGoesOn()
    {
        var asked = Ask(5);
        _calls[0].Answer.SetException(new TimeoutException("the book does not answer"));
        await Should.ThrowAsync<TimeoutException>(asked[0]);
        await Wait.UntilAsync(() => Sizes().Length == 4);
        var later = _signals.ValidateAsync("one", Buy(5));
        _calls[3].Answer.SetException(new TimeoutException("the book does not answer"));
        await Should.ThrowAsync<TimeoutException>(asked[3]);
        await Should.ThrowAsync<TimeoutException>(asked[4]);
        await Wait.UntilAsync(() => Sizes().Length == 5);
        _calls[4].Answer.SetResult([Decided(5)]);
        (await later).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task Call_ThatNobodyAnswers_IsGivenUp_AndTheNextOneGoesOn()
    {
        var asked = Ask(MostCalls + 1);

        _clock.Advance(TimeSpan.FromSeconds(5));

        await Should.ThrowAsync<TimeoutException>(asked[0]);
        await Wait.UntilAsync(() => Sizes().Length == MostCalls + 1);
        Sizes()[^1].ShouldBe($"{MostCalls}");
        _calls[^1].Answer.SetResult([Decided(1)]);
        (await asked[^1]).IsDone.ShouldBeTrue();
    }

    [Fact]
    public void Books_DoNotWaitForEachOther()
    {
        Ask(MostCalls);
        _ = _signals.ValidateAsync("two", Buy(7));
        Sizes().Length.ShouldBe(MostCalls + 1);
    }

    [Fact]
    public async Task Call_HasABoundedNumberOfOrders()
    {
        Ask(1_000);
        for (var n = 0; n < MostCalls; n++) _calls[n].Answer.SetResult([Decided(0)]);
        await Wait.UntilAsync(() => Sizes().Length == 2 * MostCalls);
        _calls.ShouldAllBe(call => call.Orders.Length <= 256);
    }

    List<Task<Outcome<RecordedDecision>>> Ask(int count) =>
        [.. Enumerable.Range(0, count).Select(n => _signals.ValidateAsync("one", Buy(n)))];

    Task<ImmutableArray<Outcome<RecordedDecision>?>> Begin(ImmutableArray<Order> orders)
    {
        var call = new Call(orders, new());
        lock (_calls) _calls.Add(call);
        return call.Answer.Task;
    }

    /// <summary>The orders of each call, by their quantities.</summary>
    string[] Sizes()
    {
        lock (_calls) return [.. _calls.Select(call => string.Join(' ', call.Orders.Select(order => order.Quantity)))];
    }

    int Alone()
    {
        lock (_alone) return _alone.Count;
    }

    static Order Buy(int quantity) => new("IBM", Side.Buy, quantity, null, null, null);

    static Outcome<RecordedDecision> Decided(byte mark) => Outcome.Done(new RecordedDecision([mark]));

    sealed record Call(
        ImmutableArray<Order> Orders, TaskCompletionSource<ImmutableArray<Outcome<RecordedDecision>?>> Answer);
}
