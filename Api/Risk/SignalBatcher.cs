using System.Diagnostics;
using Trading.Risk;
using Trading.Tracing;

namespace Trading.Api;

/// <summary>Micro-batching of signals: while calls to a book's grain are under way, further signals of that book gather,
/// and go together in the next call. A call between grains costs several times what a decision costs, and decisions wait
/// for a common commit of the journal anyway. A signal that must wait for a price is asked about alone: a source that is
/// slow keeps nobody else.</summary>
/// <remarks>How many gather is bounded by the requests that the API works on at once, see
/// <see cref="RequestBudgetOptions"/>.</remarks>
internal sealed class SignalBatcher(IGrainFactory grains, TimeProvider clock)
{
    /// <summary>Calls under way for one book: one is decided while others wait for their commit.</summary>
    const int MaxCalls = 3;

    /// <summary>Orders of one call; the book decides them in one turn, and others wait for their turn meanwhile.</summary>
    const int MaxOrders = 256;

    /// <summary>How long a call may take. A silo that dies takes calls with it that nobody answers any more; those that gather behind
    /// them must not wait as long as they do.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    static readonly ActivitySource Spans = new(ApiMetrics.MeterName);

    readonly Lock _gate = new();
    readonly Dictionary<string, Lane> _lanes = [];

    /// <summary>As <see cref="IRiskLimitGrain.ValidateAsync"/> of the book.</summary>
    /// <param name="times">Of the request; null where nobody listens.</param>
    public async Task<Outcome<RecordedDecision>> ValidateAsync(string book, Order order, RequestTimes? times = null) =>
        await GatherAsync(book, order, times) ?? await grains.GetGrain<IRiskLimitGrain>(book).ValidateAsync(order);

    Task<Outcome<RecordedDecision>?> GatherAsync(string book, Order order, RequestTimes? times)
    {
        var waiting = new Waiting(order, times);
        Lane? lane;
        lock (_gate)
        {
            if (!_lanes.TryGetValue(book, out lane)) _lanes[book] = lane = new(book, grains.GetGrain<IRiskLimitGrain>(book));
            lane.Waiting.Enqueue(waiting);
            if (lane.Calls == MaxCalls) return waiting.Task;
            lane.Calls++;
        }

        Next(lane);
        return waiting.Task;
    }

    /// <summary>A call begins with what has gathered, or the lane has one less.</summary>
    void Next(Lane lane)
    {
        Waiting[] together;
        lock (_gate)
        {
            if (lane.Waiting.Count == 0)
            {
                if (--lane.Calls == 0) _lanes.Remove(lane.Book);
                return;
            }

            together = new Waiting[Math.Min(MaxOrders, lane.Waiting.Count)];
            for (var i = 0; i < together.Length; i++) together[i] = lane.Waiting.Dequeue();
        }

        _ = AskAsync(lane, together);
    }

    async Task AskAsync(Lane lane, Waiting[] together)
    {
        using var span = Trace(together);
        foreach (var waiting in together) waiting.Times?.Called();
        try
        {
            var outcomes = await lane.Risk.ValidateEachAsync([.. together.Select(waiting => waiting.Order)])
                .WaitAsync(Patience, clock).ConfigureAwait(false);
            for (var i = 0; i < together.Length; i++) together[i].TrySetResult(outcomes[i]);
        }
        catch (Exception failure) // each of them gets it, as if it had asked alone
        {
            foreach (var waiting in together) waiting.TrySetException(failure);
        }
        finally
        {
            Next(lane);
        }
    }

    /// <summary>A call of several signals is in the trace of the first of them that is traced, and linked to those of the
    /// others; without this it would be in that of the signal after whose call it goes.</summary>
    static Activity? Trace(Waiting[] together)
    {
        if (!Spans.HasListeners()) return null;
        var traced = Array.FindAll(together, waiting => waiting.Caller is { Recorded: true });
        Activity.Current = (traced is [var first, ..] ? first : together[0]).Caller;
        var span = traced is [var one, .. var others]
            ? Spans.StartActivity(
                "decide signals", ActivityKind.Internal, one.Caller!.Context,
                links: others.Select(other => new ActivityLink(other.Caller!.Context)))
            : null;
        TraceContext.Follow(span);
        return span;
    }

    sealed class Lane(string book, IRiskLimitGrain risk)
    {
        public string Book { get; } = book;
        public IRiskLimitGrain Risk { get; } = risk;
        public Queue<Waiting> Waiting { get; } = [];
        public int Calls { get; set; }
    }

    sealed class Waiting(Order order, RequestTimes? times)
        : TaskCompletionSource<Outcome<RecordedDecision>?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Order Order { get; } = order;

        public RequestTimes? Times { get; } = times;

        /// <summary>The span of the request that waits; null where nobody traces.</summary>
        public Activity? Caller { get; } = Activity.Current;
    }
}
