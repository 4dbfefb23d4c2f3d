using Serilog.Events;

namespace Trading.Hosting;

/// <summary>Warnings that frameworks give at every start and stop and that ask nothing of anybody.</summary>
sealed class FrameworkNotes(TimeProvider clock)
{
    /// <summary>"Silo not running with ServerGC turned on": the collector is chosen for the signal path.</summary>
    const int GarbageCollector = 100405;

    /// <summary>"Hosting failed to start".</summary>
    const int FailedStart = 11;

    readonly long _started = clock.GetTimestamp();
    volatile bool _stopping, _failed;

    /// <summary>From here on a grain finds no place, and is not asked any more; whoever asks for one says so.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Whether an event is such a note. The watchdog's first look may come before it has begun to measure, and then finds a
    /// silence since the machine was started; a true silence is never longer than the process has lived.</summary>
    public bool Include(LogEvent log) => Value(log, "SourceContext") switch
    {
        "Orleans.Runtime.Silo" => Id(log) == GarbageCollector,
        "Orleans.Runtime.Watchdog" => Value(log, "TimeSinceLastTick") is TimeSpan silent && silent > clock.GetElapsedTime(_started),
        "Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService" => true, // whoever asks is told
        _ => _stopping && (log.Exception is SiloUnavailableException || log.Exception?.GetType() == typeof(OrleansException)),
    };

    /// <summary>Whether an event is of interest at the console: not that the host could not start, nor what breaks off after that. Whoever
    /// started it is told the reason in a sentence, and the file has it all.</summary>
    public bool IsShown(LogEvent log) =>
        !(_failed |= Value(log, "SourceContext") is "Microsoft.Extensions.Hosting.Internal.Host" && Id(log) == FailedStart);

    static int? Id(LogEvent log) =>
        log.Properties.TryGetValue("EventId", out var value) && value is StructureValue id
            && id.Properties.FirstOrDefault(part => part.Name == "Id")?.Value is ScalarValue { Value: int number } ? number : null;

    static object? Value(LogEvent log, string name) =>
        log.Properties.TryGetValue(name, out var value) && value is ScalarValue scalar ? scalar.Value : null;
}
