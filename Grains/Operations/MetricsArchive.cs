using System.Collections.Immutable;
using System.IO.Compression;

namespace Trading.Operations;

/// <summary>The history of readings, coarser the older it is: steps of 10 seconds for an hour, of a minute for a day, of a
/// quarter of an hour for 30 days. It has one size.</summary>
public sealed class MetricsArchive
{
    /// <summary>Of the stored form.</summary>
    const byte Version = 1;

    const int MinutesOfAMonth = 30 * 24 * 60;

    readonly MetricsRing[] _rings = [new(10, 360), new(60, 1_440), new(900, 2_880)];

    /// <summary>Takes readings; a name that is not known, or a value that is no number, is passed over.</summary>
    public void Add(DateTimeOffset at, ImmutableArray<Reading> readings)
    {
        foreach (var reading in readings)
            if (ReadingNames.All.IndexOf(reading.Name) is >= 0 and var name && double.IsFinite(reading.Value))
                foreach (var ring in _rings) ring.Add(at, name, reading.Value);
    }

    /// <summary>The last hours from the finest ring that reaches so far.</summary>
    public (int StepSeconds, ImmutableArray<DateTimeOffset> Times, ImmutableArray<MetricHistory> Series) Read(
        int hours, DateTimeOffset now)
    {
        var ring = _rings.First(ring => (long)ring.StepSeconds * ring.Capacity >= hours * 3_600L);
        var last = ring.StepOf(now);
        var steps = Enumerable.Range(0, (int)(hours * 3_600L / ring.StepSeconds)).Select(back => last - back).Reverse().ToArray();
        return (
            ring.StepSeconds,
            [.. steps.Select(step => DateTimeOffset.FromUnixTimeSeconds(step * ring.StepSeconds))],
            [
                .. ReadingNames.All.Select((name, index) => new MetricHistory(
                    name,
                    [.. steps.Select(step => ring.Find(step, index)?.Mean)],
                    [.. steps.Select(step => ring.Find(step, index)?.Max)]))
            ]);
    }

    /// <summary>How much of the time every part could serve.</summary>
    public Availability Measure(int hours, double objective, DateTimeOffset now)
    {
        var month = Up(_rings[^1], SystemMetrics.MaxHours, now);
        var asked = hours <= 24 ? Up(_rings[1], hours, now) : Up(_rings[^1], hours, now);
        var budget = (1 - objective) * MinutesOfAMonth;
        var down = month is { } known ? (1 - known.Share) * known.Minutes : (double?)null;
        return new(asked?.Share, objective, budget, down, budget > 0 ? 1 - down / budget : null, month?.Since);
    }

    public byte[] Save()
    {
        using var bytes = new MemoryStream();
        using (var packed = new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var to = new BinaryWriter(packed))
        {
            to.Write(Version);
            to.Write(ReadingNames.All.Length);
            foreach (var name in ReadingNames.All) to.Write(name);
            foreach (var ring in _rings) ring.Save(to);
        }

        return bytes.ToArray();
    }

    /// <summary>An empty archive where there is nothing stored, or what a newer program stored.</summary>
    public static MetricsArchive Load(byte[]? stored)
    {
        var archive = new MetricsArchive();
        if (stored is not { Length: > 0 }) return archive;
        using var from = new BinaryReader(new BrotliStream(new MemoryStream(stored), CompressionMode.Decompress));
        if (from.ReadByte() != Version) return archive;
        ImmutableArray<int> names =
            [.. Enumerable.Range(0, from.ReadInt32()).Select(_ => ReadingNames.All.IndexOf(from.ReadString()))];
        foreach (var ring in archive._rings) ring.Load(from, names);
        return archive;
    }

    /// <summary>From the beginning of the history, at most so many hours back, to the last whole step.</summary>
    static (double Share, double Minutes, DateTimeOffset Since)? Up(MetricsRing ring, int hours, DateTimeOffset now)
    {
        const int Ready = 0;
        var last = ring.StepOf(now);
        var first = Math.Max(ring.First ?? last, last - hours * 3_600L / ring.StepSeconds);
        if (first >= last) return null;
        var up = 0.0;
        for (var step = first; step < last; step++) up += ring.Find(step, Ready)?.Mean ?? 0;
        return (
            up / (last - first), (last - first) * ring.StepSeconds / 60.0,
            DateTimeOffset.FromUnixTimeSeconds(first * ring.StepSeconds));
    }
}
