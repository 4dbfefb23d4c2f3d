using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Text;

namespace Trading.Risk;

/// <summary>When a decision passed each layer between its request and its answer, for whoever listens (EventPipe or an
/// <see cref="EventListener"/>); nothing is even timed while nobody does. Moments are timestamps of
/// <see cref="Stopwatch"/>. A book's decisions are told apart by their ids, those of a group by the first and the last
/// event of its turn.</summary>
[EventSource(Name = SourceName)]
public sealed class DecisionEvents : EventSource
{
    public const string SourceName = "Trading.Decisions";

    public static readonly DecisionEvents Log = new();

    DecisionEvents()
    {
    }

    /// <summary>Zero where nobody listens.</summary>
    [NonEvent]
    public static long Now() => Log.IsEnabled() ? Stopwatch.GetTimestamp() : 0;

    /// <param name="identified">The gate let the request through.</param>
    /// <param name="read">Its body is read.</param>
    /// <param name="called">The call of the group that it goes with began.</param>
    /// <param name="decided">That call was answered, and the request went on.</param>
    [Event(1)]
    public void Answered(string decision, long began, long identified, long read, long called, long decided) =>
        WriteEvent(1, decision, began, identified, read, called, decided);

    /// <summary>The grain of the limits passed a group on.</summary>
    /// <param name="entered">Zero where nobody listened then.</param>
    [NonEvent]
    public void Passed(ReadOnlySpan<Outcome<RecordedDecision>?> group, long entered)
    {
        if (entered == 0 || Done(group) is not [var first, .., var last]) return;
        Passed(IdOf(first), IdOf(last), entered);
    }

    /// <param name="entered">The call arrived.</param>
    [Event(2)]
    void Passed(string first, string last, long entered) => WriteEvent(2, first, last, entered);

    /// <summary>The book decided orders in one turn and queued them.</summary>
    /// <param name="before">Its last event before the turn.</param>
    /// <param name="entered">The call arrived; zero where nobody listened then.</param>
    [NonEvent]
    public void Decided(string book, int orders, long before, long last, long entered)
    {
        if (entered != 0) Decided(book, orders, before + 1, last, entered, Stopwatch.GetTimestamp());
    }

    [Event(3)]
    void Decided(string book, int orders, long first, long last, long entered, long queued) =>
        WriteEvent(3, book, orders, first, last, entered, queued);

    /// <summary>Read from the answer: its first member.</summary>
    [NonEvent]
    public static string IdOf(RecordedDecision decision)
    {
        var rest = decision.Json.AsSpan("{\"decision_id\":\""u8.Length);
        return Encoding.UTF8.GetString(rest[..Math.Max(0, rest.IndexOf((byte)'"'))]);
    }

    [NonEvent]
    static RecordedDecision[] Done(ReadOnlySpan<Outcome<RecordedDecision>?> group)
    {
        var (first, last) = (default(RecordedDecision), default(RecordedDecision));
        foreach (var outcome in group)
            if (outcome is { IsDone: true }) (first, last) = (first ?? outcome.Value, outcome.Value);
        return first is null ? [] : [first, last!];
    }
}
