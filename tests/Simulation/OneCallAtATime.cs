namespace Trading.Simulation.Tests;

/// <summary>Counts the calls that are not answered, and sends what grains ask one after another: each call when
/// everything has come to rest, so that it does not matter how fast the one before it was answered.</summary>
sealed class OneCallAtATime(RestDetector rest, Trace trace) : IOutgoingGrainCallFilter
{
    int _underWay;

    public int UnderWay => Volatile.Read(ref _underWay);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.TargetId.IsSystemTarget())
        {
            await context.Invoke(); // of silos among themselves
            return;
        }

        var source = context.SourceId is { } grain ? $"{grain}" : "somebody";
        trace.Note($"    {source} asks {context.TargetId}: {context.MethodName}");
        Interlocked.Increment(ref _underWay);
        try
        {
            if (context.SourceId is not null) await rest.WaitAsync(Turn.Call, source); // a test calls alone
            await context.Invoke();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
