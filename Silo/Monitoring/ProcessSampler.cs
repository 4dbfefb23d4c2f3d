namespace Trading.Monitoring;

/// <summary>Of a process without a silo: its gauges are there from the start, and the use of the machine is looked at now and
/// then.</summary>
/// <param name="gauges">Shows what others measure; it only has to be made.</param>
sealed class ProcessSampler(MonitoringOptions options, MachineUsage machine, SystemGauges gauges, TimeProvider clock)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = gauges;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.SampleInterval), clock);
        do machine.Read();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
