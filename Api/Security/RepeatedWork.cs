using Microsoft.Extensions.Hosting;

namespace Trading.Api;

/// <summary>Work that a process does again and again while it serves, one pass at a time: from when everything has started, since grains
/// answer only then, and once more while there still is somebody to take it. A pass that fails is made again; of several in a row that
/// fail the first is told.</summary>
internal abstract class RepeatedWork(TimeSpan period, TimeProvider clock, IHostApplicationLifetime lifetime)
    : BackgroundService, IHostedLifecycleService
{
    readonly SemaphoreSlim _turn = new(1);
    bool _failing;

    protected TimeProvider Clock => clock;

    /// <summary>One pass now, when the one before it is over.</summary>
    public async Task PassAsync()
    {
        await _turn.WaitAsync();
        try
        {
            await WorkAsync();
            _failing = false;
        }
        catch (Exception failure)
        {
            if (!_failing) LogFailure(failure);
            _failing = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    protected abstract Task WorkAsync();

    protected abstract void LogFailure(Exception failure);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var started = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested) return;
        using var timer = new PeriodicTimer(period, clock);
        do await PassAsync();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public virtual Task StoppingAsync(CancellationToken cancellationToken) => PassAsync();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }
}
