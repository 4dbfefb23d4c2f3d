using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Trading.Testing;

/// <summary>Listens to event sources of this process. Other tests make events too: pick your own by what they carry.</summary>
public sealed class ToldEvents : EventListener
{
    readonly ConcurrentQueue<Told> _told = new();

    /// <summary>From now on, everything that these sources tell.</summary>
    public ToldEvents(params string[] sources)
    {
        foreach (var source in EventSource.GetSources())
            if (sources.Contains(source.Name)) EnableEvents(source, EventLevel.Informational);
    }

    public IEnumerable<Told> Of(string name) => _told.Where(told => told.Name == name);

    protected override void OnEventWritten(EventWrittenEventArgs eventData) => _told.Enqueue(new(
        eventData.EventName!, eventData.PayloadNames!.Zip(eventData.Payload!).ToDictionary(pair => pair.First, pair => pair.Second!)));

    public sealed record Told(string Name, IReadOnlyDictionary<string, object> Payload)
    {
        public string Text(string member) => (string)Payload[member];

        public long At(string member) => Convert.ToInt64(Payload[member], System.Globalization.CultureInfo.InvariantCulture);
    }
}
