using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Trading.Journal;

/// <summary>What the journal tells of itself to whoever listens; it costs next to nothing while nobody does.</summary>
public static class JournalTelemetry
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string Name = "Trading.Journal";

    static readonly Meter Meter = new(Name);
    static readonly ActivitySource Spans = new(Name);

    static readonly Histogram<long> BatchSize = Meter.CreateHistogram(
        "journal_batch_size", "{event}", "Events that one commit made durable together.", null,
        new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024] });

    static readonly Histogram<double> CommitDuration = Meter.CreateHistogram(
        "journal_commit_duration", "s", "Time in which the store made a group of events durable.", null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
        });

    static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "journal_commit_failures", "{commit}", "Commits that the store did not confirm.");

    internal static long Now => CommitDuration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <param name="began">From <see cref="Now"/>; zero where nobody listened then.</param>
    internal static void Committed(ReadOnlySpan<JournalAppend> group, long began)
    {
        if (began == 0) return;
        CommitDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        var events = 0;
        foreach (var append in group) events += append.Rows.Length;
        if (events > 0) BatchSize.Record(events);
    }

    internal static void Failed() => Failures.Add(1);

    /// <summary>A span around an append, from the queue to the disk; the task itself where its cause is not traced.</summary>
    internal static Task<long> Traced(Task<long> append, string stream, int events) =>
        Activity.Current is { Recorded: true } ? TracedAsync(append, stream, events) : append;

    /// <summary>Being asynchronous, it gives its caller back the span that was current before: what else the caller does
    /// is no part of the append.</summary>
    static async Task<long> TracedAsync(Task<long> append, string stream, int events)
    {
        using var span = Spans.StartActivity("journal append");
        span?.SetTag("journal.stream", stream).SetTag("journal.events", events);
        try
        {
            return await append.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            throw;
        }
    }
}
