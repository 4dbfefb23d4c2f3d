using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Trading.Api;
using Trading.Backtests;
using Trading.Journal;
using Trading.MarketData;
using Trading.Models;
using Trading.Monitoring.Health;
using Trading.Portfolios;
using Trading.Tracing;
using Instrument = System.Diagnostics.Metrics.Instrument;

namespace Trading.Monitoring;

/// <summary>Metrics, traces and health of the process. Names of metrics never change.</summary>
static class MonitoringSetup
{
    /// <summary>Series of one metric that has them by book or route; of more, those that came late are counted together. Room for all is
    /// made when a metric begins, about 80 bytes for each.</summary>
    const int MaxSeries = 4_000;

    /// <summary>Series of any other metric: most of a hundred need ten.</summary>
    const int FewSeries = 200;

    static readonly string[] Meters =
    [
        BookMetrics.MeterName, ApiMetrics.MeterName, JournalTelemetry.Name, SystemGauges.MeterName,
        BacktestMetrics.MeterName, DataMetrics.MeterName, "Microsoft.Orleans", "Npgsql",
    ];

    /// <summary>Meters of ASP.NET Core whose name begins so count at each request, and of those these are read.</summary>
    const string WebServer = "Microsoft.AspNetCore", Requests = "http.server.request.duration",
        Connections = "Microsoft.AspNetCore.Server.Kestrel";

    static readonly string[] Spans =
        [TracedRequests.Name, TraceContext.GrainSpans, ApiMetrics.MeterName, JournalTelemetry.Name, "Npgsql"];

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
        if (!Traces(options)) return;
        telemetry.WithTracing(traces => AddTraces(traces, options));
        services.AddSingleton<CollectorWatch>();
        services.AddOptions<OtlpExporterOptions>()
            .Configure<CollectorWatch>((otlp, watch) => otlp.HttpClientFactory = watch.Client);
    }

    /// <summary>Whether anybody traces.</summary>
    public static bool Traces(MonitoringOptions options) => options is { Enabled: true, OtlpEndpoint.Length: > 0 };

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

    /// <summary>Every metric is bounded, and says what it is, also where its maker does not. What routing, limiter and door
    /// count of each request is left out: it costs each decision, and says what the durations say.</summary>
    internal static MetricStreamConfiguration Describe(Instrument instrument) => IsRead(instrument)
        ? new()
        {
            CardinalityLimit = SeriesOf(instrument),
            Description = instrument.Description ?? $"{instrument.Meter.Name}: {instrument.Name.Replace('-', ' ')}.",
        }
        : MetricStreamConfiguration.Drop;

    static int SeriesOf(Instrument instrument) => instrument.Meter.Name == BookMetrics.MeterName || instrument.Name == Requests ? MaxSeries
        : ModelReadings.All.Any(reading => reading.Name == instrument.Name) ? ModelOptions.MaxSymbols
        : FewSeries;

    static bool IsRead(Instrument instrument) =>
        !instrument.Meter.Name.StartsWith(WebServer, StringComparison.Ordinal)
        || instrument.Name == Requests || instrument.Meter.Name == Connections;

    static void AddTraces(TracerProviderBuilder traces, MonitoringOptions options) => traces
        .SetSampler(new ParentBasedSampler(new RequestSampler()))
        .AddSource(Spans).AddHttpClientInstrumentation()
        .AddOtlpExporter(otlp => Send(otlp, options, "v1/traces"));

    static void Send(OtlpExporterOptions otlp, MonitoringOptions options, string path) =>
        (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri($"{options.OtlpEndpoint.TrimEnd('/')}/{path}"));
}
