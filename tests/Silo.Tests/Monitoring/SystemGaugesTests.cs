using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Trading.Api;
using Trading.MarketData;
using Trading.Models;
using Trading.Testing;
using BarAnswer = Trading.MarketData.BarAnswer;

namespace Trading.Monitoring.Tests;

/// <summary>What a scrape shows of parts, sources and models as they change.</summary>
public sealed class SystemGaugesTests : IDisposable
{
    static readonly ModelPerformance Untrained = new(
        "IBM", 0, "logistic", 0, null, null, null, null, null, [],
        new("IBM", TrainingState.Untrained, 0, 0, null, null, null, null));

    readonly ManualTimeProvider _clock = new();
    readonly TemporaryFolder _noMachine = new();
    readonly RequestReadings _requests;

    public SystemGaugesTests() => _requests = new(_clock);

    public void Dispose()
    {
        _requests.Dispose();
        _noMachine.Dispose();
    }

    [Fact]
    public void Models_ShowTheirDrift_OnceItIsKnown()
    {
        using var gauges = Gauges();
        using var metrics = new Measured(SystemGauges.MeterName, gauges);
        metrics["model_version", "IBM"].ShouldBeNull(); // nobody has looked yet

        gauges.LastModels = [Untrained];
        (metrics["model_version", "IBM"], metrics["model_drifted_share", "IBM"]).ShouldBe((0, null));

        gauges.LastModels =
        [
            Untrained with
            {
                ModelVersion = 3, LogLoss = 0.68,
                Drift = new(80, 0.5, "volatility_21@1", 0.3, 0.68, 0.70, 0.69, Decayed: true, Act: true),
            },
        ];
        (metrics["model_version", "IBM"], metrics["model_log_loss", "IBM"]).ShouldBe((3, 0.68));
        (metrics["model_drifted_share", "IBM"], metrics["model_probability_stability", "IBM"],
            metrics["model_decayed", "IBM"], metrics["model_retraining_due", "IBM"]).ShouldBe((0.5, 0.3, 1, 1));
    }

    [Fact]
    public void EveryModel_IsShown_HoweverMany()
    {
        const int Models = 1_000;
        const string Prefix = "MANY";
        using var gauges = Gauges();
        gauges.LastModels = [.. Enumerable.Range(0, Models).Select(number => Untrained with { Symbol = $"{Prefix}{number}" })];
        var shown = new ShownSymbols("model_version");
        using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter(SystemGauges.MeterName)
            .AddView(instrument => instrument.Meter.Scope == gauges ? MonitoringSetup.Describe(instrument) : MetricStreamConfiguration.Drop)
            .AddReader(new BaseExportingMetricReader(shown)).Build();

        metrics.ForceFlush();

        shown.Symbols.Count(symbol => symbol.StartsWith(Prefix, StringComparison.Ordinal)).ShouldBe(Models);
    }

    [Fact]
    public void Parts_ShowWhetherTheyAreWell()
    {
        using var gauges = Gauges();
        using var metrics = new Measured(SystemGauges.MeterName, gauges);
        gauges.LastHealth = Report(HealthStatus.Healthy, HealthStatus.Degraded);
        (metrics["health_status", "journal"], metrics["health_status", "disk"]).ShouldBe((0, 1));
        gauges.LastHealth = Report(HealthStatus.Unhealthy, HealthStatus.Healthy);
        (metrics["health_status", "journal"], metrics["health_status", "disk"]).ShouldBe((2, 0));

        static HealthReport Report(HealthStatus journal, HealthStatus disk) => new(
            new Dictionary<string, HealthReportEntry>
            {
                ["journal"] = new(journal, null, default, null, null), ["disk"] = new(disk, null, default, null, null),
            }, default);
    }

    [Fact]
    public async Task Sources_ShowTheirAnswersAndFailures_AndThatTheyAreNotTrustedAnyMore()
    {
        var source = new FailingSource(_clock);
        await using var chain = new SourceChain([source], new() { Order = new() { Crypto = ["coin"] } }, _clock);
        using var gauges = Gauges(chain);
        using var metrics = new Measured(SystemGauges.MeterName, gauges);
        await AskAsync();
        (metrics["source_trusted", "coin"], metrics["source_breaker_state", "coin"], metrics["source_answers", "coin"],
            metrics["source_failures", "coin"]).ShouldBe((1, 0, 1, 0));

        source.Fails = true;
        for (var i = 0; i < 100 && metrics["source_breaker_state", "coin"] is 0; i++)
        {
            await Should.ThrowAsync<SourceChainException>(AskAsync);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        metrics["source_breaker_state", "coin"].ShouldBe(1);
        metrics["source_failures", "coin"].ShouldNotBeNull().ShouldBeGreaterThan(1);

        Task AskAsync() => chain.FetchAsync(new("BTCUSDT", BarInterval.OneDay, null, null), CancellationToken.None);
    }

    /// <summary>A machine that tells nothing.</summary>
    SystemGauges Gauges(SourceChain? sources = null) => new(
        new MachineUsage(_clock, _noMachine.Path), _requests, new(), new SystemInfo("1", "memory", default, null), sources);

    sealed class FailingSource(TimeProvider clock) : IBarSource
    {
        public bool Fails { get; set; }

        public string Name => "coin";

        public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation) => Fails
            ? Task.FromException<BarAnswer>(new HttpRequestException("no route"))
            : Task.FromResult(new BarAnswer(
                true, [new(clock.GetUtcNow().AddDays(-1), 100, 101, 99, 100, 1_000)], [], clock.GetUtcNow(), "USD", null));
    }

    /// <summary>The symbols that a metric has series of, as an exporter is handed them.</summary>
    sealed class ShownSymbols(string metric) : BaseExporter<Metric>
    {
        public HashSet<string> Symbols { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var one in batch)
            {
                if (one.Name != metric) continue;
                foreach (ref readonly var point in one.GetMetricPoints())
                    foreach (var tag in point.Tags)
                        if (tag is { Key: "symbol", Value: string symbol }) Symbols.Add(symbol);
            }

            return ExportResult.Success;
        }
    }
}
