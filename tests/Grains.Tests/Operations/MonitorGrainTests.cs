using Trading.Testing;

namespace Trading.Operations.Tests;

public sealed class MonitorGrainTests
{
    [Fact]
    public async Task History_OutlivesTheActivation_AndTheNewestValuesDoNot()
    {
        await using var silo = await TestSilo.StartAsync(services => services.AddOperations());
        var monitor = silo.Grains.GetGrain<IMonitorGrain>("history");
        var at = TimeProvider.System.GetUtcNow();

        await monitor.ReportAsync(new("one", at, [new(ReadingNames.CpuUsage, 0.5), new(ReadingNames.Ready, 1)]));
        var before = await monitor.GetMetricsAsync(1);
        await TestSilo.EndAsync(monitor);
        await Wait.UntilAsync(async () => (await monitor.GetMetricsAsync(1)).Performance.MeasuredAt is null);
        var after = await monitor.GetMetricsAsync(24);

        before.Performance.CpuUsage.ShouldBe(0.5);
        before.Performance.ErrorRate.ShouldBeNull();
        after.Performance.CpuUsage.ShouldBeNull();
        after.Series.Single(series => series.Name == ReadingNames.CpuUsage).Mean.ShouldContain(0.5);
        after.StepSeconds.ShouldBe(60);
    }
}
