using System.Net.Http.Json;
using Microsoft.Extensions.Logging;
using Trading.Testing;

namespace Trading.Monitoring.Tests;

/// <summary>What a collector gets from the program, and what the program does where there is none.</summary>
public sealed class OtlpTests
{
    const int Together = 40;

    [Fact]
    public async Task OneTrace_GoesFromTheRequest_ThroughTheGrains_ToTheJournal_AndMetricsArrive()
    {
        using var folder = new TemporaryFolder();
        await using var collector = await Collector.StartAsync();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(
            folder.Path, $"monitoring:otlp_endpoint={collector.Address}", "monitoring:trace_ratio=0"));
        var (alone, crowd) = (TraceOf(0), Enumerable.Range(1, Together).Select(TraceOf).ToArray());
        await AskAsync(program, alone);
        await Task.WhenAll(crowd.Select(trace => AskAsync(program, trace)));
        await program.StopAsync(); // what waits to be sent is sent

        var spans = collector.Spans;
        var mine = spans.Where(span => span.Trace == alone).ToArray();
        var server = mine.Single(span => span.Parent == CallerOf(alone));
        server.Name.ShouldBe("POST /api/risk/validate-signal");
        var appends = mine.Where(span => span.Name == "journal append").ToArray();
        appends.ShouldAllBe(span => span.Stream == "portfolio/default");
        appends.Select(span => span.Parent).Distinct().ShouldHaveSingleItem(); // side by side, none inside another
        var way = Collector.Way(mine, appends[0]);
        way[^1].ShouldBe(server);
        string[] names = [.. way.Select(span => span.Name)];
        names.ShouldContain(name => name.Contains("IPortfolioGrain", StringComparison.Ordinal));
        names.ShouldContain(name => name.Contains("IRiskLimitGrain", StringComparison.Ordinal));
        var traces = spans.Select(span => span.Trace).Distinct().Order();
        traces.ShouldBe(crowd.Append(alone).Order()); // whoever did not ask for a trace has none

        // Signals that went to the book together are in one of their traces, and linked to the others.
        var calls = spans.Where(span => span.Name == "decide signals").ToArray();
        foreach (var trace in crowd)
            calls.Count(call => call.Trace == trace || call.Links.Contains(trace)).ShouldBe(1, trace);
        foreach (var append in spans.Where(span => span.Name == "journal append"))
            Collector.Way([.. spans.Where(span => span.Trace == append.Trace)], append)[^1].Parent
                .ShouldBe(CallerOf(append.Trace));

        collector.Services.ShouldBe(["trading"]);
        var metrics = collector.Metrics;
        metrics["decisions"].Values.Sum().ShouldBe(Together + 1);
        metrics["decision_latency"].ShouldSatisfyAllConditions(
            latency => latency.Unit.ShouldBe("s"), latency => latency.Values.Sum().ShouldBe(Together + 1));
        metrics["journal_commit_duration"].Values.Sum().ShouldBeGreaterThan(1);
        metrics["active_positions_limit"].Values.ShouldBe([100]); // books have gone with their silo
        metrics.Values.ShouldAllBe(metric => metric.Description.Length > 0);
    }

    [Fact]
    public async Task Traces_BeginWithRequests_OfWhichOneInFourIsChosen_UnlessTheirCallerDecided()
    {
        const int Asked = 200;
        using var folder = new TemporaryFolder();
        await using var collector = await Collector.StartAsync();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(
            folder.Path, $"monitoring:otlp_endpoint={collector.Address}", "monitoring:trace_ratio=0.25",
            "market_data:replay_interval=1", "portfolios:calculation_frequency=1"));
        for (var i = 0; i < Asked; i++)
        {
            await AskAsync(program, trace: null);
            await AskAsync(program, TraceOf(i), isTraced: false);
        }

        await program.StopAsync();

        var spans = collector.Spans;
        spans.Select(span => span.Trace).ShouldNotContain(trace => trace.StartsWith("0000", StringComparison.Ordinal));
        var known = spans.Select(span => span.Id).ToHashSet();
        var first = spans.Where(span => !known.Contains(span.Parent)).ToArray();
        first.ShouldAllBe(span => span.Parent.Length == 0 && (span.Name.StartsWith("POST /") || span.Name.StartsWith("GET /")));
        var decided = first.Where(span => span.Name == "POST /api/risk/validate-signal").ToArray();
        decided.Length.ShouldBeInRange(Asked / 8, Asked / 2);
        decided.ShouldAllBe(span => spans.Any(one => one.Trace == span.Trace && one.Name == "journal append"));
    }

    [Fact]
    public async Task AbsentCollector_CostsOneWarning_AndDecisionsGoOn()
    {
        using var folder = new TemporaryFolder();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(
            folder.Path, $"monitoring:otlp_endpoint=http://127.0.0.1:{Ports.Free()}", "monitoring:trace_ratio=1"));
        for (var i = 0; i < Together; i++) await AskAsync(program, TraceOf(i));
        await program.StopAsync(); // traces and metrics are sent in vain

        var warnings = program.Errors.Split('\n').Where(line => line.Contains(Warning, StringComparison.Ordinal));
        warnings.ShouldHaveSingleItem().ShouldContain("Connection refused");
    }

    [Fact]
    public async Task Collector_ThatRefuses_IsToldOfOnce_AndWhenItTakesAgain()
    {
        await using var server = await LocalServer.StartAsync(LocalServer.Says("", 503));
        using var log = new RecordingLog();
        var watch = new CollectorWatch(new() { OtlpEndpoint = server.Address }, log);
        using var client = watch.Client();
        for (var i = 0; i < 3; i++) await SendAsync();
        log.Entries.ShouldBe(
            [(LogLevel.Warning, $"{Warning} {server.Address} (status 503); they are lost until it answers.")]);

        server.Answer = LocalServer.Says("");
        for (var i = 0; i < 2; i++) await SendAsync();
        log.Entries.Skip(1).ShouldBe([(LogLevel.Information, $"Metrics and traces reach {server.Address} again.")]);

        async Task SendAsync()
        {
            using var answer = await client.PostAsync(new Uri(server.Address), null);
        }
    }

    const string Warning = "Metrics and traces do not reach monitoring:otlp_endpoint";

    static string TraceOf(int number) => $"{number + 1:x32}";

    static string CallerOf(string trace) => trace[16..];

    static async Task AskAsync(TradingProcess program, string? trace, bool isTraced = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/risk/validate-signal")
        {
            Content = JsonContent.Create(new { symbol = "IBM", action = "BUY", position_size = 0.001 }),
        };
        if (trace is not null)
            request.Headers.Add("traceparent", $"00-{trace}-{CallerOf(trace)}-{(isTraced ? "01" : "00")}");
        using var answer = await program.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    sealed class RecordingLog : ILogger<CollectorWatch>, IDisposable
    {
        public List<(LogLevel, string)> Entries { get; } = [];

        public void Log<TState>(
            LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) =>
            Entries.Add((level, format(state, exception)));

        public bool IsEnabled(LogLevel level) => true;

        public IDisposable BeginScope<TState>(TState state) where TState : notnull => this;

        public void Dispose()
        {
        }
    }
}
