using Trading.Testing;

namespace Trading.Monitoring.Tests;

public sealed class SlidingWindowTests
{
    [Fact]
    public void Quantiles_AreRightToFivePerCent_WhateverTheScale()
    {
        var window = new SlidingWindow(new ManualTimeProvider(), slots: 12, slotSeconds: 5);
        var random = new Random(11);
        double[] all = [.. Enumerable.Range(0, 20_000).Select(_ => Math.Exp(random.NextDouble() * 12 - 10))];
        foreach (var seconds in all) window.Record(seconds);
        Array.Sort(all);

        var (quantiles, _, _) = window.Read(0.5, 0.95, 0.99);

        double[] exact = [all[9_999], all[18_999], all[19_799]];
        for (var i = 0; i < exact.Length; i++) (quantiles![i] / exact[i]).ShouldBeInRange(0.95, 1.05);
    }

    [Fact]
    public void Window_ForgetsWhatIsOlder_AndKnowsNothingOfNothing()
    {
        var clock = new ManualTimeProvider();
        var window = new SlidingWindow(clock, slots: 12, slotSeconds: 5);
        window.Read(0.5).ShouldBe((null, 0, null));

        window.Record(4, failed: true);
        clock.Advance(TimeSpan.FromSeconds(30));
        window.Record(0.1);
        window.Read().FailedShare.ShouldBe(0.5);
        window.Read().Rate.ShouldBe(2 / 30.0, 1e-9);

        clock.Advance(TimeSpan.FromSeconds(31));
        window.Read().FailedShare.ShouldBe(0);
        clock.Advance(TimeSpan.FromSeconds(60));
        window.Read().FailedShare.ShouldBeNull();
    }
}
