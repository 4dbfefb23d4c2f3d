using System.Net.Http.Json;
using Trading.Hosting.Tests;
using Trading.Testing;
using Trading.Testing.Cluster;

namespace Trading.Monitoring.Tests;

/// <summary>A trace holds together where the API is a process of its own.</summary>
[Collection(nameof(ClusterTests))]
public sealed class ClusterTraceTests
{
    const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736", Caller = "00f067aa0ba902b7", Book = "traced";

    [ClusterFact]
    public async Task OneTrace_GoesFromTheRequestInTheApi_ThroughTheGrainsOfASilo_ToItsJournal()
    {
        await using var collector = await Collector.StartAsync();
        using var cluster = await TestCluster.StartAsync(
            silos: 1, apis: 1, redis: false, $"monitoring:otlp_endpoint={collector.Address}", "monitoring:trace_ratio=0");
        var (api, silo) = (cluster.Apis[0]!, cluster.Silos[0]!);
        await api.PostAsync("/api/portfolios", new { id = Book, cash = 1_000_000 });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/risk/validate-signal?portfolio={Book}")
        {
            Content = JsonContent.Create(new { symbol = "IBM", action = "BUY", position_size = 1 }),
        };
        request.Headers.Add("traceparent", $"00-{Trace}-{Caller}-01");
        using (var answer = await api.Client.SendAsync(request)) answer.EnsureSuccessStatusCode();
        await api.StopAsync(); // what waits to be sent is sent
        await silo.StopAsync();

        var spans = collector.Spans;
        spans.ShouldAllBe(span => span.Trace == Trace);
        var append = spans.Where(span => span.Stream == $"portfolio/{Book}").ToArray();
        append.ShouldNotBeEmpty();
        foreach (var way in append.Select(one => Collector.Way(spans, one)))
        {
            (way[^1].Name, way[^1].Parent).ShouldBe(("POST /api/risk/validate-signal", Caller));
            way[^1].Process.ShouldNotBe(way[0].Process);
            way[..^2].ShouldAllBe(span => span.Process == way[0].Process); // what the API does: request, and decide
            string[] names = [.. way.Select(span => span.Name)];
            names.ShouldContain(name => name.StartsWith("IRiskLimitGrain/", StringComparison.Ordinal));
            names.ShouldContain(name => name.StartsWith("IPortfolioGrain/", StringComparison.Ordinal));
        }
    }
}
