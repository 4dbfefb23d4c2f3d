using System.Diagnostics.Metrics;
using Trading.Journal;

namespace Trading.Monitoring;

/// <summary>How long answers took in the last minutes: listens to what the web server and the product measure anyway.</summary>
public sealed class RequestReadings : IDisposable
{
    const string Server = "Microsoft.AspNetCore.Hosting", Requests = "http.server.request.duration";
    const int FirstFailure = 500;

    readonly MeterListener _listener = new();
    readonly SlidingWindow _lastMinute, _lastFiveMinutes, _decisions, _commits;

    public RequestReadings(TimeProvider clock)
    {
        _lastMinute = new(clock, slots: 12, slotSeconds: 5);
        _lastFiveMinutes = new(clock, slots: 30, slotSeconds: 10);
        _decisions = new(clock, slots: 12, slotSeconds: 5);
        _commits = new(clock, slots: 12, slotSeconds: 5);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (WindowOf(instrument) is { } window) listener.EnableMeasurementEvents(instrument, window);
        };
        _listener.SetMeasurementEventCallback<double>(Take);
        _listener.Start();
    }

    /// <summary>Seconds within which half, 95 % and 99 % of the answers of the last minute came, and how many came a second;
    /// null where none did.</summary>
    public (double[]? Quantiles, double Rate, double? FailedShare) Answers => _lastMinute.Read(0.5, 0.95, 0.99);

    /// <summary>Share of the answers of the last five minutes that are failures of ours; null where there was none.</summary>
    public double? ErrorRate => _lastFiveMinutes.Read().FailedShare;

    public (double[]? Quantiles, double Rate, double? FailedShare) Decisions => _decisions.Read(0.5, 0.99);

    public (double[]? Quantiles, double Rate, double? FailedShare) Commits => _commits.Read(0.99);

    public void Dispose() => _listener.Dispose();

    SlidingWindow? WindowOf(Instrument instrument) => (instrument.Meter.Name, instrument.Name) switch
    {
        (Server, Requests) => _lastMinute,
        (Api.ApiMetrics.MeterName, Api.ApiMetrics.DecisionLatencyName) => _decisions,
        (JournalTelemetry.Name, "journal_commit_duration") => _commits,
        _ => null,
    };

    void Take(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var window = (SlidingWindow)state!;
        if (window != _lastMinute)
        {
            window.Record(seconds);
            return;
        }

        var failed = false;
        foreach (var (name, value) in tags)
            if (name == "http.response.status_code") failed = value is >= FirstFailure;
            else if (name == "http.route" && value is string route && Api.ApiMetrics.IsStream(route)) return;
        _lastMinute.Record(seconds, failed);
        _lastFiveMinutes.Record(seconds, failed);
    }
}
