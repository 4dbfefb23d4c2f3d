using Trading.Api;
using Trading.Configuration;
using Trading.Operations;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Hosting;

/// <summary>What is done before the system may be asked: the settings in effect go on record, the sample book is opened, and the default book answers, with
/// its prices and its limits, so that the first decision is made on all of it. The API listens meanwhile, and says that
/// it is not ready.</summary>
sealed class Preparation(SampleBook sample, IGrainFactory grains, Readiness readiness, AuditTrail audit, SettingsReport settings) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await audit.RecordAsync(new AuditEntry(AuditKinds.Configuration, null, null, $"settings for {settings.Environment}", After: settings.Hash));
        await sample.OpenAsync(grains);
        var books = await grains.GetGrain<IPortfolioDirectoryGrain>(GrainKeys.Directory).ListAsync();
        if (books.Contains(GrainKeys.DefaultPortfolio))
            await grains.GetGrain<IRiskLimitGrain>(GrainKeys.DefaultPortfolio).GetReportAsync();
        readiness.Complete();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
