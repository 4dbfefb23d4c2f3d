using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Trading.Api;
using Trading.MarketData;
using Trading.Models;

namespace Trading.Monitoring;

/// <summary>What this process shows of the machine, its parts, its sources and the models. A value that is not known is
/// absent, never zero. Labels are bounded: parts, sources and configured models.</summary>
public sealed class SystemGauges : IDisposable
{
    public const string MeterName = "Trading.System";

    readonly Meter _meter;
    readonly MachineUsage _machine;
    readonly RequestReadings _requests;
    readonly SourceChain? _sources;
    readonly MonitoringOptions _options;

    public SystemGauges(
        MachineUsage machine, RequestReadings requests, MonitoringOptions options, SystemInfo info, SourceChain? sources = null)
    {
        (_machine, _requests, _sources, _options) = (machine, requests, sources, options);
        _meter = new(MeterName, version: null, tags: null, scope: this);
        One("api_response_time", "Seconds within which 95 % of the answers of the last minute came.", () => _requests.Answers.Quantiles?[1]);
        One("error_rate", "Share of the answers of the last five minutes with a status of 500 or more.", () => _requests.ErrorRate);
        One("system_cpu_usage", "Share of the processors' time that is used, of the machine or the container.", () => _machine.Cpu);
        One("system_memory_usage", "Share of the memory that is used, of the machine or the container.", () => _machine.Memory);
        One("active_positions_limit", "Positions of a book above which there is an alert.", () => _options.ActivePositionsLimit);
        Many("health_status", "Of each part: 0 healthy, 1 degraded, 2 unhealthy.", Health);
        Many("source_trusted", "1 while a market-data source is asked in its turn, else 0.", () => OfSources(source => source.State == SourceState.Trusted ? 1 : 0));
        Many("source_breaker_state", "Of a market-data source: 0 closed, 1 open, 2 half open.", () => OfSources(source => (int)source.Breaker));
        Many("source_latency_p95_seconds", "Of the last good answers of a market-data source.", () => OfSources(source => source.LatencyP95 / 1_000));
        Total("source_answers", "Answers that came from a market-data source.", () => OfSources(source => source.Served));
        Total("source_failures", "Requests to a market-data source that gave no usable answer.", () => OfSources(source => source.Failures));
        foreach (var reading in ModelReadings.All)
            Many(reading.Name, reading.Description, () => OfModels(reading.Value));
        _meter.CreateObservableGauge("trading_info", () => new Measurement<int>(
            1, new KeyValuePair<string, object?>("version", info.Version), new KeyValuePair<string, object?>("store", info.Store.Split(' ')[0])),
            null, "1; the labels say what runs.");
    }

    /// <summary>As they were at the last look.</summary>
    public HealthReport? LastHealth { get; set; }

    /// <summary>As they were at the last look.</summary>
    public IReadOnlyList<ModelPerformance> LastModels { get; set; } = [];

    public void Dispose() => _meter.Dispose();

    IEnumerable<(KeyValuePair<string, object?> Label, double? Value)> Health() =>
        LastHealth?.Entries.Select(part => (Label("part", part.Key), (double?)(2 - (int)part.Value.Status))) ?? [];

    IEnumerable<(KeyValuePair<string, object?> Label, double? Value)> OfSources(Func<SourceReport, double?> value) =>
        _sources?.Report().Select(source => (Label("source", source.Source), value(source))) ?? [];

    IEnumerable<(KeyValuePair<string, object?> Label, double? Value)> OfModels(Func<ModelPerformance, double?> value) =>
        LastModels.Select(model => (Label("symbol", model.Symbol), value(model)));

    void One(string name, string description, Func<double?> value) =>
        _meter.CreateObservableGauge(name, () => Known(value() is { } number ? [((KeyValuePair<string, object?>?)null, number)] : []), null, description);

    void Many(string name, string description, Func<IEnumerable<(KeyValuePair<string, object?> Label, double? Value)>> values) =>
        _meter.CreateObservableGauge(name, () => Known(Labelled(values())), null, description);

    void Total(string name, string description, Func<IEnumerable<(KeyValuePair<string, object?> Label, double? Value)>> values) =>
        _meter.CreateObservableCounter(name, () => Known(Labelled(values())), null, description);

    static IEnumerable<(KeyValuePair<string, object?>?, double)> Labelled(IEnumerable<(KeyValuePair<string, object?> Label, double? Value)> values) =>
        values.Where(one => one.Value is not null).Select(one => ((KeyValuePair<string, object?>?)one.Label, one.Value!.Value));

    static IEnumerable<Measurement<double>> Known(IEnumerable<(KeyValuePair<string, object?>? Label, double Value)> values) =>
        values.Where(one => double.IsFinite(one.Value))
            .Select(one => one.Label is { } label ? new Measurement<double>(one.Value, label) : new(one.Value));

    static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
