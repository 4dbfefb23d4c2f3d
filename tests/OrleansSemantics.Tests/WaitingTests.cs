using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Trading.Testing;

namespace Trading.OrleansSemantics.Tests;

public interface IWaitingGrain : IGrainWithStringKey
{
    Task WaitAsync(CancellationToken cancellation);
    Task CallAsync(string other, string back);
    Task<int> AnswerAsync(int number);
    Task HoldAsync(string gate);
    Task<int> AnswerAfterAsync(string gate, int number);
    [AlwaysInterleave] Task<int> PassOnAsync(string other, string gate, int number);
}

public sealed class WaitingGrain(Probe probe) : Grain, IWaitingGrain
{
    Task<int>? _passed;

    public async Task WaitAsync(CancellationToken cancellation)
    {
        probe.Report(this.GetPrimaryKeyString(), "waiting");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        finally
        {
            probe.Report(this.GetPrimaryKeyString(), "cancelled");
        }
    }

    public Task CallAsync(string other, string back) =>
        other.Length == 0 ? Task.CompletedTask : GrainFactory.GetGrain<IWaitingGrain>(other).CallAsync(back, "");

    public Task<int> AnswerAsync(int number) => Task.FromResult(number);

    public Task HoldAsync(string gate) => probe.GateAsync(gate);

    public async Task<int> AnswerAfterAsync(string gate, int number)
    {
        await probe.GateAsync(gate);
        return number >= 0 ? number : throw new InvalidTimeZoneException($"{number}");
    }

    public Task<int> PassOnAsync(string other, string gate, int number)
    {
        probe.Report(this.GetPrimaryKeyString(), "passed on");
        return _passed ??= GrainFactory.GetGrain<IWaitingGrain>(other).AnswerAfterAsync(gate, number);
    }
}

/// <summary>In a silo whose calls time out after two seconds.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    readonly Probe _probe = new();
    TestSilo _silo = null!;

    public async ValueTask InitializeAsync()
    {
        _silo = await TestSilo.StartAsync(
            services => services.AddSingleton(_probe),
            silo => silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(2)));
        await EventuallyAsync(() => _silo.Grains.GetGrain<IWaitingGrain>("warm").AnswerAsync(1));
    }

    public async ValueTask DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_token_that_the_caller_cancels_is_cancelled_in_the_grain()
    {
        var grain = _silo.Grains.GetGrain<IWaitingGrain>("token");
        using var source = new CancellationTokenSource();
        var call = grain.WaitAsync(source.Token);
        (await _probe.NextAsync("token")).ShouldBe("waiting");
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        (await _probe.NextAsync("token")).ShouldBe("cancelled");
        (await grain.AnswerAsync(1)).ShouldBe(1);
    }

    [Fact]
    public async Task A_call_with_a_cancelled_token_is_not_made() =>
        await Should.ThrowAsync<OperationCanceledException>(
            () => _silo.Grains.GetGrain<IWaitingGrain>("cancelled").WaitAsync(new CancellationToken(canceled: true)));

    [Fact]
    public async Task Grains_that_call_each_other_in_a_circle_end_in_a_timeout_and_stay_usable()
    {
        var grain = _silo.Grains.GetGrain<IWaitingGrain>("circle a");
        await Should.ThrowAsync<TimeoutException>(() => grain.CallAsync("circle b", "circle a"));
        (await EventuallyAsync(() => grain.AnswerAsync(2))).ShouldBe(2);
    }

    [Fact]
    public async Task A_grain_that_does_not_answer_in_time_costs_its_caller_a_timeout()
    {
        var grain = _silo.Grains.GetGrain<IWaitingGrain>("slow");
        await Should.ThrowAsync<TimeoutException>(() => grain.HoldAsync("slow gate"));
        _probe.Open("slow gate");
        (await EventuallyAsync(() => grain.AnswerAsync(3))).ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_that_a_grain_passes_on_reaches_all_its_callers()
    {
        var grain = _silo.Grains.GetGrain<IWaitingGrain>("passes on");
        var calls = Enumerable.Range(0, 3).Select(_ => grain.PassOnAsync("answers", "answer gate", 5)).ToList();
        foreach (var _ in calls) await _probe.NextAsync("passes on");
        _probe.Open("answer gate");
        (await Task.WhenAll(calls)).ShouldBe([5, 5, 5]);
        (await grain.PassOnAsync("answers", "answer gate", 5)).ShouldBe(5);
        (await grain.AnswerAsync(6)).ShouldBe(6);
    }

    [Fact]
    public async Task A_failure_that_a_grain_passes_on_reaches_all_its_callers()
    {
        var grain = _silo.Grains.GetGrain<IWaitingGrain>("passes failure");
        var calls = Enumerable.Range(0, 3).Select(_ => grain.PassOnAsync("fails", "failure gate", -5)).ToList();
        foreach (var _ in calls) await _probe.NextAsync("passes failure");
        _probe.Open("failure gate");
        foreach (var call in calls) (await Should.ThrowAsync<InvalidTimeZoneException>(() => call)).Message.ShouldBe("-5");
        (await grain.AnswerAsync(6)).ShouldBe(6);
    }

    /// <summary>The turn that timed out for its caller may go on for a while.</summary>
    static async Task<int> EventuallyAsync(Func<Task<int>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TimeoutException) when (attempt < 5)
            {
                // The next attempt waits as long again.
            }
        }
    }
}
