using Microsoft.Extensions.Diagnostics.HealthChecks;
using Trading.Monitoring.Health;
using Trading.Testing;

namespace Trading.Monitoring.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task EveryPart_HasALine()
    {
        using var folder = new TemporaryFolder();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path));

        var ready = await program.GetAsync("/health/ready");

        ready.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("name").GetString())
            .ShouldBe(["clock", "cluster", "disk", "grains", "journal", "prepared", "reminders", "sources", "store"]);
    }

    [Theory]
    [InlineData(0.0, 1.0, HealthStatus.Healthy)]
    [InlineData(0.9, 1.0, HealthStatus.Degraded)]
    [InlineData(0.0, 1_000_000.0, HealthStatus.Unhealthy)]
    public async Task Disk_IsJudgedByShareAndByWhatTheNextCommitNeeds(double share, double megabytes, HealthStatus status)
    {
        var disk = new DiskHealth(new() { DiskFreeShare = share, DiskFreeMegabytes = megabytes }, "");
        (await disk.CheckHealthAsync(new())).Status.ShouldBe(status);
    }

    [Fact]
    public async Task ClockThatWasSet_IsToldOfForAWhile()
    {
        var clock = new SettableClock();
        var health = new ClockHealth(clock);
        clock.Pass(TimeSpan.FromMinutes(1));
        (await health.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Healthy);

        clock.Set(TimeSpan.FromSeconds(-30));
        var jumped = await health.CheckHealthAsync(new());
        clock.Pass(TimeSpan.FromMinutes(6));

        jumped.Status.ShouldBe(HealthStatus.Degraded);
        jumped.Description.ShouldBe("The clock was set by -30.0 s.");
        (await health.CheckHealthAsync(new())).Status.ShouldBe(HealthStatus.Healthy);
    }

    /// <summary>A clock of the wall that can be set, over one of the processor that cannot.</summary>
    sealed class SettableClock : TimeProvider
    {
        long _ticks = 1;
        TimeSpan _set;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_ticks) + _set;

        public void Pass(TimeSpan by) => _ticks += by.Ticks;

        public void Set(TimeSpan by) => _set += by;
    }
}
