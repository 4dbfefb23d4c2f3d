using OpenTelemetry.Metrics;

namespace Trading.Monitoring;

/// <summary>Serves <c>/metrics</c> at an address of its own: a scrape passes by whatever the API asks of its callers,
/// and the API is not to be had there.</summary>
sealed class MetricsServer(MonitoringOptions options, MeterProvider metrics) : IHostedLifecycleService, IAsyncDisposable
{
    WebApplication? _server;

    /// <summary>Where it listens; empty for nowhere.</summary>
    public IEnumerable<string> Urls => _server?.Urls ?? [];

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.MetricsUrl.Length == 0) return;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(options.MetricsUrl);
        builder.Services.Configure<OpenTelemetry.Exporter.PrometheusAspNetCoreOptions>(MonitoringSetup.Configure);
        _server = builder.Build();
        _server.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, null, "/metrics", null, null);
        await _server.StartAsync(cancellationToken);
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_server is not null) await _server.StopAsync(cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
