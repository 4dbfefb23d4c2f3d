using System.Collections.Concurrent;
using Trading.Testing;

namespace Trading.Monitoring.Tests;

/// <summary>One span as it arrived.</summary>
/// <param name="Stream">Of the journal, where it is about one.</param>
/// <param name="Links">Traces that it belongs to as well.</param>
/// <param name="Process">Who sent it: the id of the instance of the service.</param>
sealed record ReceivedSpan(
    string Trace, string Id, string Parent, string Name, string Stream, string[] Links, string Process);

/// <summary>One metric as it arrived, with the last numbers of its series.</summary>
sealed record ReceivedMetric(string Name, string Unit, string Description, double[] Values);

/// <summary>Takes OTLP over HTTP on loopback, and reads it without any of the code that sent it. Numbers of fields are
/// those of opentelemetry-proto 1.0.</summary>
sealed class Collector : IAsyncDisposable
{
    readonly ConcurrentQueue<Protobuf> _traces = [], _metrics = [];
    LocalServer _server = null!;

    public string Address => _server.Address;

    /// <summary>Everything that was sent so far.</summary>
    public ReceivedSpan[] Spans =>
        [.. from request in _traces
            from resource in request.Along(1)
            let process = TextOf(resource.Along(1, 1), "service.instance.id")
            from span in resource.Along(2, 2)
            select new ReceivedSpan(
                span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), TextOf(span.Along(9), "journal.stream"),
                [.. span.Along(13).Select(link => link.Hex(1))], process)];

    /// <summary>The newest of each name.</summary>
    public Dictionary<string, ReceivedMetric> Metrics =>
        _metrics.SelectMany(request => request.Along(1, 2, 2)).GroupBy(metric => metric.Text(1)).ToDictionary(
            same => same.Key,
            same => new ReceivedMetric(same.Key, same.Last().Text(3), same.Last().Text(2), [.. Values(same.Last())]));

    /// <summary>Who sent it.</summary>
    public IEnumerable<string> Services => _traces.Concat(_metrics).SelectMany(request => request.Along(1, 1, 1))
        .Where(attribute => attribute.Text(1) == "service.name").Select(attribute => attribute.Text(2, 1)).Distinct();

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        collector._server = await LocalServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var queue = context.Request.Path == "/v1/traces" ? collector._traces : collector._metrics;
            queue.Enqueue(new(body.ToArray()));
        });
        return collector;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Of an attribute; empty where there is none.</summary>
    static string TextOf(IEnumerable<Protobuf> attributes, string name) =>
        attributes.FirstOrDefault(attribute => attribute.Text(1) == name)?.Text(2, 1) ?? "";

    /// <summary>From a span to the first one of its trace that was sent.</summary>
    public static List<ReceivedSpan> Way(ReceivedSpan[] trace, ReceivedSpan from)
    {
        List<ReceivedSpan> way = [from];
        while (trace.SingleOrDefault(span => span.Id == way[^1].Parent) is { } parent) way.Add(parent);
        return way;
    }

    /// <summary>Of gauges and sums the number, of histograms how many there were.</summary>
    static IEnumerable<double> Values(Protobuf metric) =>
        metric.Along(5, 1).Concat(metric.Along(7, 1))
            .Select(point => point.Has(4) ? point.Double(4) : (long)point.Number(6))
            .Concat(metric.Along(9, 1).Select(point => (double)point.Number(4)));
}
