using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace Trading.Journal;

/// <summary>When each append was queued, taken and durable, for whoever listens (EventPipe or an
/// <see cref="EventListener"/>); nothing is even timed while nobody does. Moments are timestamps of
/// <see cref="Stopwatch"/>.</summary>
[EventSource(Name = SourceName)]
public sealed class JournalEvents : EventSource
{
    public const string SourceName = "Trading.Journal.Appends";

    public static readonly JournalEvents Log = new();

    JournalEvents()
    {
    }

    /// <summary>Zero where nobody listens.</summary>
    [NonEvent]
    internal static long Now() => Log.IsEnabled() ? Stopwatch.GetTimestamp() : 0;

    /// <param name="taken">When the commit of the group began.</param>
    /// <param name="withStates">Whether it wrote the snapshots and checkpoints in the group too.</param>
    [NonEvent]
    internal void Committed(ReadOnlySpan<JournalAppend> group, long taken, bool withStates)
    {
        var committed = Stopwatch.GetTimestamp();
        foreach (var append in group)
        {
            if (append.Writer is not { } writer || append.QueuedAt == 0 || (append.IsState && !withStates)) continue;
            var what = append.Snapshot is not null ? "snapshot" : append.Checkpoint is not null ? "checkpoint" : append.Rows[0].Type;
            var (first, last) = append.Rows is [var one, ..] ? (one.Sequence, append.Rows[^1].Sequence) : (0, 0);
            Committed(writer.Stream, what, append.Bytes, first, last, append.QueuedAt, taken, committed);
        }
    }

    /// <param name="what">The type of its first event, or what else it keeps.</param>
    /// <param name="first">The number of its first event; zero for none.</param>
    [Event(1)]
    void Committed(string stream, string what, long bytes, long first, long last, long queued, long taken, long committed) =>
        WriteEvent(1, stream, what, bytes, first, last, queued, taken, committed);
}
