using Trading.Testing;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class WatchdogTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(16);

    static Simulation Simulate(Action<StrategyContext, int> act) => new(
        Of(Closes("A", [.. Enumerable.Repeat(10m, 40)])), [new("script", new Script(act), 1_000)], CostOptions.Zero, TestRun.Free, new());

    [Fact]
    public async Task AStrategyThatNeverComesBack_IsGivenUp()
    {
        var clock = new ManualTimeProvider();
        using var stuck = new ManualResetEventSlim();
        var simulation = Simulate((_, moment) => { if (moment == 7) stuck.Wait(); });
        var run = new Watchdog(clock).RunAsync(simulation, Limit, null, CancellationToken.None);
        await Wait.UntilAsync(() =>
        {
            if (simulation.Step == 7) clock.Advance(Limit / 8);
            return run.IsCompleted;
        });
        var given = await Should.ThrowAsync<StrategyHungException>(run);
        given.Message.ShouldContain("2020-01-13");
        stuck.Set();
    }

    [Fact]
    public async Task ARunThatMovesOn_IsNotGivenUp_HoweverLongItTakes()
    {
        var clock = new ManualTimeProvider();
        var run = new Watchdog(clock).RunAsync(
            Simulate((_, _) => clock.Advance(Limit / 2)), Limit, null, CancellationToken.None);
        await run;
    }

    [Fact]
    public async Task ARun_GivesWayToWhatAnswersSomebody()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells the priority of a thread.");
        var nice = 0;
        await new Watchdog(new ManualTimeProvider()).RunAsync(
            Simulate((_, _) => nice = BackgroundThreadTests.Nice()), Limit, null, CancellationToken.None);
        (nice - BackgroundThreadTests.Nice()).ShouldBe(10);
    }

    [Fact]
    public async Task AStrategyThatThrows_EndsItsRun_AndNoOther()
    {
        var clock = new ManualTimeProvider();
        var failing = new Watchdog(clock).RunAsync(
            Simulate((_, _) => throw new InvalidOperationException("no idea")), Limit, null, CancellationToken.None);
        await Should.ThrowAsync<StrategyFailedException>(failing);
        await new Watchdog(clock).RunAsync(Simulate((_, _) => { }), Limit, null, CancellationToken.None);
    }

    [Fact]
    public async Task ACancelledRun_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(
            new Watchdog(new ManualTimeProvider()).RunAsync(Simulate((_, _) => { }), Limit, null, cancelled.Token));
    }
}
