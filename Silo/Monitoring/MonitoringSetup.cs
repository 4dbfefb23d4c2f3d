using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Trading.Api;
using Trading.Backtests;
using Trading.Journal;
using Trading.MarketData;
using Trading.Monitoring.Health;
using Trading.Portfolios;
using Instrument = System.Diagnostics.Metrics.Instrument;

namespace Trading.Monitoring;

/// <summary>Metrics, traces and health of the process. Names of metrics never change.</summary>
static class MonitoringSetup
{
    /// <summary>Series of one metric; of more, those that came late are counted together.</summary>
    const int MaxSeries = 4_000;

    static readonly string[] Meters =
    [
        BookMetrics.MeterName, ApiMetrics.MeterName, JournalTelemetry.Name, SystemGauges.MeterName,
        BacktestMetrics.MeterName, DataMetrics.MeterName, "Microsoft.Orleans", "Npgsql",
    ];

    static readonly string[] Spans =
        [ApiMetrics.MeterName, JournalTelemetry.Name, "Microsoft.Orleans.Application", "Npgsql"];

    public static void AddTradingMonitoring(
        this IServiceCollection services, MonitoringOptions options, SystemInfo info, string storePath)
    {
        services.AddSingleton(options);
        services.AddTradingHealth(storePath);
        if (!options.Enabled) return;
        services.AddHostedService<SystemSampler>();
        AddTelemetry(services, options, info);
    }

    /// <summary>Of an API process: what it answers, and what it costs. Books, sources and parts are measured where they
    /// are.</summary>
    public static void AddApiMonitoring(this IServiceCollection services, MonitoringOptions options, SystemInfo info)
    {
        if (!options.Enabled) return;
        services.AddSingleton(options).AddHostedService<ProcessSampler>();
        AddTelemetry(services, options, info);
    }

    static void AddTelemetry(IServiceCollection services, MonitoringOptions options, SystemInfo info)
    {
        services.AddSingleton(provider => new MachineUsage(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RequestReadings>().AddSingleton<SystemGauges>();
        services.AddSingleton<MetricsServer>().AddHostedService(provider => provider.GetRequiredService<MetricsServer>());
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("trading", serviceVersion: info.Version))
            .WithMetrics(metrics => AddMetrics(metrics, options));
        if (options.OtlpEndpoint.Length == 0) return;
        telemetry.WithTracing(traces => AddTraces(traces, options));
        services.AddSingleton<CollectorWatch>();
        services.AddOptions<OtlpExporterOptions>()
            .Configure<CollectorWatch>((otlp, watch) => otlp.HttpClientFactory = watch.Client);
    }

    /// <summary>Traces cross calls between grains, where anybody traces.</summary>
    public static void Trace(ISiloBuilder silo, MonitoringOptions options)
    {
        if (options is { Enabled: true, OtlpEndpoint.Length: > 0 }) silo.AddActivityPropagation();
    }

    /// <summary>And from an API process into the silos.</summary>
    public static void Trace(IClientBuilder client, MonitoringOptions options)
    {
        if (options is { Enabled: true, OtlpEndpoint.Length: > 0 }) client.AddActivityPropagation();
    }

    /// <summary>Series are told apart by their names and labels; where they come from is in the name.</summary>
    public static void Configure(PrometheusAspNetCoreOptions prometheus) =>
        (prometheus.ScopeInfoEnabled, prometheus.TargetInfoEnabled) = (false, false);

    static void AddMetrics(MeterProviderBuilder metrics, MonitoringOptions options)
    {
        metrics.AddMeter(Meters)
            .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation().AddProcessInstrumentation()
            .AddView(Describe)
            .AddPrometheusExporter(Configure);
        if (options.OtlpEndpoint.Length > 0) metrics.AddOtlpExporter(otlp => Send(otlp, options, "v1/metrics"));
    }

    /// <summary>Every metric is bounded, and says what it is, also where its maker does not.</summary>
    static MetricStreamConfiguration Describe(Instrument instrument) => new()
    {
        CardinalityLimit = MaxSeries,
        Description = instrument.Description ?? $"{instrument.Meter.Name}: {instrument.Name.Replace('-', ' ')}.",
    };

    static void AddTraces(TracerProviderBuilder traces, MonitoringOptions options) => traces
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceRatio)))
        .AddSource(Spans).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
        .AddOtlpExporter(otlp => Send(otlp, options, "v1/traces"));

    static void Send(OtlpExporterOptions otlp, MonitoringOptions options, string path) =>
        (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri($"{options.OtlpEndpoint.TrimEnd('/')}/{path}"));
}
