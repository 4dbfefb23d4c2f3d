using Trading.Risk;

namespace Trading.Api;

/// <summary>Micro-batching of signals: while calls to a book's grain are under way, further signals of that book gather, and go
/// together in the next call. A lone signal goes at once. A call between grains costs several times what a decision costs, and
/// decisions wait for a common commit of the journal anyway.</summary>
/// <remarks>How many gather is bounded by the requests that the API works on at once, see <see cref="RequestBudgetOptions"/>.</remarks>
internal sealed class SignalBatcher(IGrainFactory grains)
{
    /// <summary>Calls under way for one book: one is decided while others wait for their commit.</summary>
    const int MaxCalls = 3;

    /// <summary>Orders of one call; the book decides them in one turn, and others wait for their turn meanwhile.</summary>
    const int MaxOrders = 256;

    readonly Lock _gate = new();
    readonly Dictionary<string, Lane> _lanes = [];

    /// <summary>As <see cref="IRiskLimitGrain.ValidateAsync"/> of the book.</summary>
    public Task<Outcome<RecordedDecision>> ValidateAsync(string book, Order order)
    {
        Lane? lane;
        lock (_gate)
        {
            if (!_lanes.TryGetValue(book, out lane)) _lanes[book] = lane = new(book, grains.GetGrain<IRiskLimitGrain>(book));
            if (lane.Calls == MaxCalls)
            {
                var waiting = new Waiting(order);
                lane.Waiting.Enqueue(waiting);
                return waiting.Task;
            }

            lane.Calls++;
        }

        return AskAsync(lane, order);
    }

    async Task<Outcome<RecordedDecision>> AskAsync(Lane lane, Order order)
    {
        try
        {
            return await lane.Risk.ValidateAsync(order).ConfigureAwait(false);
        }
        finally
        {
            Next(lane);
        }
    }

    /// <summary>A call has ended: what has gathered takes its place.</summary>
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
        try
        {
            var outcomes = await lane.Risk.ValidateEachAsync([.. together.Select(waiting => waiting.Order)]).ConfigureAwait(false);
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

    sealed class Lane(string book, IRiskLimitGrain risk)
    {
        public string Book { get; } = book;
        public IRiskLimitGrain Risk { get; } = risk;
        public Queue<Waiting> Waiting { get; } = [];
        public int Calls { get; set; }
    }

    sealed class Waiting(Order order) : TaskCompletionSource<Outcome<RecordedDecision>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Order Order { get; } = order;
    }
}
