using System.Diagnostics;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Trading.Journal;
using Trading.Risk;

namespace Trading.Benchmarks.Load;

/// <summary>What a program tells of its decisions, its journal and its collections of memory while this listens from outside. All
/// moments are timestamps of this machine's one clock.</summary>
sealed class LayerTrace : IDisposable
{
    const int BufferMegabytes = 256;
    const EventKeywords Collections = (EventKeywords)1;

    readonly string _file = Path.GetTempFileName();
    readonly EventPipeSession _session;
    readonly Task _copied;

    public LayerTrace(int process)
    {
        EventPipeProvider[] providers =
        [
            new(DecisionEvents.SourceName, EventLevel.Informational), new(JournalEvents.SourceName, EventLevel.Informational),
            new("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, (long)Collections),
        ];
        _session = new DiagnosticsClient(process).StartEventPipeSession(providers, requestRundown: false, BufferMegabytes);
        _copied = Task.Run(() =>
        {
            using var file = File.Create(_file);
            _session.EventStream.CopyTo(file);
        });
    }

    public List<Answered> Requests { get; } = [];

    public List<Passed> Groups { get; } = [];

    public List<Decided> Turns { get; } = [];

    public List<Committed> Appends { get; } = [];

    /// <summary>From the order to stand still to the order to go on.</summary>
    public List<(long From, long To)> Pauses { get; } = [];

    /// <summary>Listens no more, and reads what was said.</summary>
    public void End()
    {
        _session.Stop();
        _copied.Wait();
        using var source = new EventPipeEventSource(_file);
        List<(double From, double To)> pauses = [];
        var (suspended, offset) = (0.0, double.MaxValue); // ms of the session; its beginning by the clock
        source.Dynamic.All += told =>
        {
            if (Read(told) is { } at) offset = Math.Min(offset, told.TimeStampRelativeMSec - Milliseconds(at));
        };
        source.Clr.GCSuspendEEStart += told => suspended = told.TimeStampRelativeMSec;
        source.Clr.GCRestartEEStop += told => pauses.Add((suspended, told.TimeStampRelativeMSec));
        source.Process();
        if (source.EventsLost > 0) throw new InvalidDataException($"{source.EventsLost} events were lost.");
        Pauses.AddRange(pauses.Select(pause => (Timestamp(pause.From - offset), Timestamp(pause.To - offset))));
    }

    public void Dispose()
    {
        _session.Dispose();
        File.Delete(_file);
    }

    /// <returns>The last moment that the event knows, just before it was told; null for one of somebody else.</returns>
    long? Read(TraceEvent told)
    {
        if (told.ProviderName is not (DecisionEvents.SourceName or JournalEvents.SourceName)) return null;
        switch (told.EventName)
        {
            case "Answered":
                Requests.Add(new(
                    Place.Of(Text("decision")), At("began"), At("identified"), At("read"), At("called"), At("decided")));
                return null; // the answer was written after it
            case "Passed":
                Groups.Add(new(Place.Of(Text("first")), Place.Of(Text("last")), At("entered")));
                return null;
            case "Decided":
                Turns.Add(new(
                    Text("book"), (int)told.PayloadByName("orders"), At("first"), At("last"), At("entered"), At("queued")));
                return At("queued");
            case "Committed":
                Appends.Add(new(
                    Text("stream"), Text("what"), At("first"), At("last"), At("queued"), At("taken"), At("committed")));
                return At("committed");
            default:
                return null;
        }

        string Text(string name) => (string)told.PayloadByName(name);
        long At(string name) => (long)told.PayloadByName(name);
    }

    static double Milliseconds(long timestamp) => timestamp * 1_000.0 / Stopwatch.Frequency;

    static long Timestamp(double milliseconds) => (long)(milliseconds * Stopwatch.Frequency / 1_000);

    /// <summary>A decision in the journal.</summary>
    internal readonly record struct Place(string Book, long Sequence)
    {
        public static Place Of(string id)
        {
            var colon = id.LastIndexOf(':');
            return new(id[..colon], long.Parse(id.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    internal sealed record Answered(Place Decision, long Began, long Identified, long Read, long Called, long Decided);

    internal sealed record Passed(Place First, Place Last, long Entered);

    internal sealed record Decided(string Book, int Orders, long First, long Last, long Entered, long Queued);

    internal sealed record Committed(string Stream, string What, long First, long Last, long Queued, long Taken, long Done);
}
