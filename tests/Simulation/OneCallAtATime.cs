namespace Trading.Simulation.Tests;

/// <summary>Counts the calls that are not answered, and sends what one grain asks of several at once one after another: while one is under
/// way, the next is sent at rest, when that one is answered or waits for something itself. Calls have no cycle, so none waits for good.</summary>
sealed class OneCallAtATime(RestDetector rest) : IOutgoingGrainCallFilter
{
    readonly Lock _gate = new();
    readonly Dictionary<GrainId, int> _bySource = [];
    int _underWay;

    public int UnderWay => Volatile.Read(ref _underWay);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.TargetId.IsSystemTarget())
        {
            await context.Invoke(); // of silos among themselves
            return;
        }

        Interlocked.Increment(ref _underWay);
        try
        {
            if (context.SourceId is { } source) await InTurnAsync(source, context);
            else await context.Invoke();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    async Task InTurnAsync(GrainId source, IOutgoingGrainCallContext context)
    {
        if (Count(source, 1) > 1) await rest.WaitAsync(Turn.Call, $"{source}");
        try
        {
            await context.Invoke();
        }
        finally
        {
            Count(source, -1);
        }
    }

    int Count(GrainId source, int change)
    {
        lock (_gate) return _bySource[source] = _bySource.GetValueOrDefault(source) + change;
    }
}
