using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Trading.Api;

/// <summary>What the API measures itself; requests are measured by the web server.</summary>
public static class ApiMetrics
{
    public const string MeterName = "Trading.Api";

    public const string DecisionLatencyName = "decision_latency";

    /// <summary>What the route of an answer ends with that goes on for as long as somebody listens.</summary>
    public const string StreamSuffix = "/stream";

    static readonly Meter Meter = new(MeterName);

    static readonly Histogram<double> Latency = Meter.CreateHistogram(
        DecisionLatencyName, "s", "Time from a read question about a signal to its durable decision.", null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
        });

    public static bool IsStream(string route) => route.EndsWith(StreamSuffix, StringComparison.Ordinal);

    /// <summary>Zero where nobody listens.</summary>
    internal static long Now => Latency.Enabled ? Stopwatch.GetTimestamp() : 0;

    internal static void Decided(long began)
    {
        if (began != 0) Latency.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}
