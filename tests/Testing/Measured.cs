using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Trading.Testing;

/// <summary>What a meter of the product measured since this began to listen, as an exporter sees it.</summary>
public sealed class Measured : IDisposable
{
    readonly MeterListener _listener = new();
    readonly ConcurrentDictionary<(string Name, string Labels), (double Sum, int Count)> _seen = [];
    readonly ConcurrentDictionary<string, bool> _gauges = [];

    /// <param name="scope">Where several of one process have a meter of this name, the one that is meant.</param>
    public Measured(string meter, object? scope = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter && (scope is null || instrument.Meter.Scope == scope)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((one, value, labels, _) => Take(one, value, labels));
        _listener.SetMeasurementEventCallback<long>((one, value, labels, _) => Take(one, value, labels));
        _listener.SetMeasurementEventCallback<int>((one, value, labels, _) => Take(one, value, labels));
        _listener.Start();
    }

    /// <summary>Of a gauge its value now, of others their sum; null where there was none.</summary>
    /// <param name="labels">Values of the labels, in their order.</param>
    public double? this[string name, params string[] labels]
    {
        get
        {
            foreach (var gauge in _seen.Keys.Where(key => _gauges.ContainsKey(key.Name)))
                _seen.TryRemove(gauge, out _); // one that is not measured any more has no value
            _listener.RecordObservableInstruments();
            return _seen.TryGetValue((name, string.Join(',', labels)), out var seen) ? seen.Sum : null;
        }
    }

    /// <summary>Recordings of a histogram or a counter, whatever their labels.</summary>
    public int Count(string name) => _seen.Where(one => one.Key.Name == name).Sum(one => one.Value.Count);

    public void Dispose() => _listener.Dispose();

    void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var key = (instrument.Name, string.Join(',', labels.ToArray().Select(label => label.Value)));
        if (instrument.IsObservable)
        {
            _gauges[instrument.Name] = true;
            _seen[key] = (value, 1);
        }
        else _seen.AddOrUpdate(key, (value, 1), (_, seen) => (seen.Sum + value, seen.Count + 1));
    }
}
