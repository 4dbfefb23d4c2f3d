using System.Diagnostics;
using System.Globalization;

namespace Trading.Benchmarks.Load;

/// <summary>The way of each decision through its layers, and what was different about the slowest.</summary>
sealed class LayerTable
{
    /// <summary>The slowest one in so many.</summary>
    public const int SlowestOf = 1_000;

    public static readonly string[] Layers =
    [
        "the generator, late or without a connection", "socket and HTTP, there", "authentication and limiter", "body",
        "waiting for the group's call", "hop to the limits' grain", "hop to the book's grain", "facts, rules, event",
        "journal: queue", "journal: commit", "way back to the request", "answer: HTTP and socket",
    ];

    readonly List<Way> _ways = [];
    readonly LayerTrace _trace;
    readonly long[] _stalls;

    public LayerTable(TimedDecisions sent, OpenLoopResult result, double rate, LayerTrace trace, long[] stalls)
    {
        (_trace, _stalls) = (trace, stalls);
        var byDecision = trace.Requests.ToDictionary(request => request.Decision);
        var groups = trace.Groups.OrderBy(group => group.First.Sequence).ToArray();
        var turns = trace.Turns.Where(turn => turn.Book == TimedDecisions.Book).OrderBy(turn => turn.First).ToArray();
        var appends = trace.Appends.Where(append => append.First > 0 && append.Stream.EndsWith("/" + TimedDecisions.Book, StringComparison.Ordinal))
            .OrderBy(append => append.First).ToArray();
        foreach (var (n, sentAt, receivedAt, sequence) in sent.All)
        {
            if (!byDecision.TryGetValue(new(TimedDecisions.Book, sequence), out var request)) continue;
            var group = groups.ElementAtOrDefault(LastAtMost(groups, sequence, one => one.First.Sequence));
            var turn = turns.ElementAtOrDefault(LastAtMost(turns, sequence, one => one.First));
            var append = appends.ElementAtOrDefault(LastAtMost(appends, sequence, one => one.First));
            if (group is null || turn is null || append is null || request.Called == 0) continue; // it began before the trace
            if (group.Last.Sequence < sequence || turn.Last < sequence || append.Last < sequence) continue;
            long[] moments =
            [
                result.Begun + (long)(n * (Stopwatch.Frequency / rate)), sentAt, request.Began, request.Identified, request.Read,
                request.Called, group.Entered, turn.Entered, append.Queued, append.Taken, append.Done, request.Decided, receivedAt,
            ];
            _ways.Add(new(moments, turn));
        }

        _ways.Sort((left, right) => left.Total.CompareTo(right.Total));
    }

    public int Count => _ways.Count;

    IReadOnlyList<Way> Slowest => _ways[^Math.Max(1, _ways.Count / SlowestOf)..];

    /// <summary>Median, 99th percentile, and the mean of the slowest, in µs.</summary>
    public (double Median, double P99, double Slowest) Of(int layer)
    {
        var all = _ways.Select(way => way.Layer(layer)).Order().ToArray();
        return (all[all.Length / 2], all[(int)(all.Length * 0.99)], Slowest.Average(way => way.Layer(layer)));
    }

    public (double Median, double P99, double Slowest) Whole =>
        (_ways[_ways.Count / 2].Total, _ways[(int)(_ways.Count * 0.99)].Total, Slowest.Average(way => way.Total));

    /// <summary>Of all, and of the slowest, the share to which each happened on the way.</summary>
    public IEnumerable<string> Causes()
    {
        (string Name, Func<Way, bool> Is)[] causes =
        [
            ("a collection of memory", way => _trace.Pauses.Exists(pause => way.Meets(pause.From, pause.To))),
            ("a collection that paused over 5 ms", way => _trace.Pauses.Exists(pause =>
                Micro(pause.To - pause.From) > 5_000 && way.Meets(pause.From, pause.To))),
            ("a snapshot of the book", way => _trace.Appends.Exists(append => append.What == "snapshot" && way.Meets(append.Queued, append.Done))),
            ("a checkpoint of the book", way => _trace.Appends.Exists(append => append.What == "checkpoint" && way.Meets(append.Queued, append.Done))),
            ("approvals expired in its turn", way => way.Turn.Last - way.Turn.First + 1 > way.Turn.Orders),
            ("a turn of the book of over 2 ms", way => _trace.Turns.Exists(turn =>
                Micro(turn.Queued - turn.Entered) > 2_000 && way.Meets(turn.Entered, turn.Queued))),
            ("a commit of over 5 ms", way => _trace.Appends.Exists(append =>
                Micro(append.Done - append.Taken) > 5_000 && way.Meets(append.Taken, append.Done))),
            ("a stall of the machine", way => Array.Exists(_stalls, stall => way.Meets(stall, stall))),
        ];
        foreach (var (name, isOne) in causes)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{name} | {(double)_ways.Count(isOne) / _ways.Count:P1} | {(double)Slowest.Count(isOne) / Slowest.Count:P0}");
    }

    static int LastAtMost<T>(T[] sorted, long sequence, Func<T, long> first)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (first(sorted[middle]) <= sequence) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    static double Micro(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    /// <param name="Moments">Where each layer begins, and the end of the last.</param>
    sealed record Way(long[] Moments, LayerTrace.Decided Turn)
    {
        public double Total => Micro(Moments[^1] - Moments[0]);

        public double Layer(int layer) => Micro(Moments[layer + 1] - Moments[layer]);

        public bool Meets(long from, long to) => from <= Moments[^1] && to >= Moments[0];
    }
}
