using System.Collections.Immutable;
using NSubstitute;
using Trading.Risk;

namespace Trading.Api.Tests;

public sealed class SignalBatcherTests
{
    const int Direct = 3;

    readonly IGrainFactory _grains = Substitute.For<IGrainFactory>();
    readonly List<(Order Order, TaskCompletionSource<Outcome<RecordedDecision>> Answer)> _single = [];
    readonly List<(ImmutableArray<Order> Orders, TaskCompletionSource<ImmutableArray<Outcome<RecordedDecision>>> Answer)> _together = [];
    readonly SignalBatcher _signals;

    public SignalBatcherTests()
    {
        _signals = new(_grains);
        foreach (var book in new[] { "one", "two" })
        {
            var risk = Substitute.For<IRiskLimitGrain>();
            risk.ValidateAsync(default!).ReturnsForAnyArgs(call => Under(_single, call.Arg<Order>()).Task);
            risk.ValidateEachAsync(default).ReturnsForAnyArgs(call => Under(_together, call.Arg<ImmutableArray<Order>>()).Task);
            _grains.GetGrain<IRiskLimitGrain>(book).Returns(risk);
        }
    }

    [Fact]
    public async Task Signals_ThatComeWhileCallsAreUnderWay_GoTogether_EachWithItsOwnAnswer()
    {
        var asked = Enumerable.Range(0, 8).Select(n => _signals.ValidateAsync("one", Buy(n))).ToList();
        _single.Select(call => call.Order.Quantity).ShouldBe([0, 1, 2], "a lone signal goes at once");
        _together.ShouldBeEmpty();

        _single[1].Answer.SetResult(Decided(1));
        (await asked[1]).Value!.Json.ShouldBe([1]);
        var (orders, answer) = _together.ShouldHaveSingleItem();
        orders.Select(order => order.Quantity).ShouldBe([3, 4, 5, 6, 7], "in the order in which they came");
        answer.SetResult([Decided(3), Outcome.Conflict<RecordedDecision>("action", "differs_from_first", "used before"), Decided(5), Decided(6), Decided(7)]);
        (await asked[3]).Value!.Json.ShouldBe([3]);
        (await asked[4]).Kind.ShouldBe(OutcomeKind.Conflict, "what is wrong with one says nothing of the others");
        (await asked[7]).Value!.Json.ShouldBe([7]);

        _single[0].Answer.SetResult(Decided(0));
        _single[2].Answer.SetResult(Decided(2));
        await Task.WhenAll(asked);
        _ = _signals.ValidateAsync("one", Buy(9));
        _single.Count.ShouldBe(Direct + 1, "once all is answered a signal goes at once again");
    }

    [Fact]
    public async Task Failure_OfACall_ReachesEveryoneInIt_AndTheNextCallGoesOn()
    {
        var asked = Enumerable.Range(0, 5).Select(n => _signals.ValidateAsync("one", Buy(n))).ToList();
        _single[0].Answer.SetException(new TimeoutException("the book does not answer"));
        await Should.ThrowAsync<TimeoutException>(asked[0]);
        var later = _signals.ValidateAsync("one", Buy(5));
        _together[0].Answer.SetException(new TimeoutException("the book does not answer"));
        await Should.ThrowAsync<TimeoutException>(asked[3]);
        await Should.ThrowAsync<TimeoutException>(asked[4]);
        _together[1].Orders.ShouldHaveSingleItem().Quantity.ShouldBe(5);
        _together[1].Answer.SetResult([Decided(5)]);
        (await later).IsDone.ShouldBeTrue();
    }

    [Fact]
    public void Books_DoNotWaitForEachOther()
    {
        for (var n = 0; n < Direct; n++) _ = _signals.ValidateAsync("one", Buy(n));
        _ = _signals.ValidateAsync("two", Buy(7));
        _single.Count.ShouldBe(Direct + 1);
    }

    [Fact]
    public async Task Call_HasABoundedNumberOfOrders()
    {
        var asked = Enumerable.Range(0, 1_000).Select(n => _signals.ValidateAsync("one", Buy(n))).ToList();
        foreach (var call in _single) call.Answer.SetResult(Decided(0));
        await Task.WhenAll(asked.Take(Direct));
        _together.Count.ShouldBe(Direct);
        _together.ShouldAllBe(call => call.Orders.Length <= 256);
    }

    static TaskCompletionSource<T> Under<TAsked, T>(List<(TAsked, TaskCompletionSource<T>)> calls, TAsked asked)
    {
        var answer = new TaskCompletionSource<T>();
        lock (calls) calls.Add((asked, answer));
        return answer;
    }

    static Order Buy(int quantity) => new("IBM", Side.Buy, quantity, null, null, null);

    static Outcome<RecordedDecision> Decided(byte mark) => Outcome.Done(new RecordedDecision([mark]));
}
