using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.Models;

/// <summary>Starts the configured models when every service of the host has started, the silo among them. A model that cannot start is
/// logged and left to the next start: trading does not wait for it.</summary>
sealed partial class ModelStart(
    IGrainFactory grains, ModelTrainers trainers, IOptions<ModelOptions> options, ILogger<ModelStart> log) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var reason in trainers.Missing)
            LogMissing(reason);
        return Task.WhenAll(options.Value.Symbols.Select(GrainKeys.Symbol).Distinct().Select(symbol => StartAsync(symbol, cancellationToken)));
    }

    async Task StartAsync(string symbol, CancellationToken cancellation)
    {
        try
        {
            await grains.GetGrain<IModelGrain>(symbol).StartAsync().WaitAsync(cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            LogNotStarted(failure, symbol);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    partial void LogMissing(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The model of {Symbol} could not be started.")]
    partial void LogNotStarted(Exception failure, string symbol);
}
