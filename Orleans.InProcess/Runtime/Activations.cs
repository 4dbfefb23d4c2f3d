using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>
/// The activations of a silo. Memory is bounded in two ways: activations that are idle for longer than their class allows are
/// collected, and beyond <see cref="MaximumIdle"/> activations those that were not used lately go, whatever their age.
/// </summary>
sealed class ActivationDirectory(Silo silo) : IDisposable
{
    /// <summary>How many activations a silo holds before it ends idle ones early.</summary>
    public const int MaximumIdle = 100_000;

    static readonly DeactivationReason Idle = new(DeactivationReasonCode.ActivationIdle, "It was idle.");
    static readonly DeactivationReason Crowded = new(DeactivationReasonCode.HighMemoryPressure, "Too many grains are active.");
    ITimer? _collector;
    int _count, _thinning, _threshold = MaximumIdle;
    long _now;

    /// <summary>Passes of the collector, the clock of idleness: reading it costs nothing.</summary>
    public long Now => Volatile.Read(ref _now);

    public int Count => Volatile.Read(ref _count);

    public void Start() =>
        _collector = silo.CreateTimer(static self => ((ActivationDirectory)self!).CollectIdle(), this, silo.Collection.CollectionQuantum);

    public void Dispose() => _collector?.Dispose();

    /// <summary>Hands a call to an activation, making one where there is none.</summary>
    public Activation Post(GrainClass grainClass, string key, GrainCall call)
    {
        silo.ThrowUnlessOpen(call);
        while (true)
        {
            var activation = grainClass.IsStatelessWorker ? ChooseWorker(grainClass, key) : Get(grainClass, new(key, 0));
            if (activation.TryPost(call)) return activation;
            Remove(activation);
        }
    }

    /// <summary>Sends on a call that waited at an activation which has ended.</summary>
    public void Repost(GrainClass grainClass, string key, GrainCall call)
    {
        if (call.IsAbandoned) return;
        try
        {
            Post(grainClass, key, call);
        }
        catch (SiloUnavailableException exception)
        {
            call.Fail(exception);
        }
    }

    public void Remove(Activation activation)
    {
        if (activation.Class.Activations.TryRemove(new(activation.Key, activation))) Interlocked.Decrement(ref _count);
    }

    Activation Get(GrainClass grainClass, ActivationKey key)
    {
        while (true)
        {
            if (grainClass.Activations.TryGetValue(key, out var found)) return found;
            var created = new Activation(silo, grainClass, key);
            if (!grainClass.Activations.TryAdd(key, created)) continue;
            if (Interlocked.Increment(ref _count) > Volatile.Read(ref _threshold)) Thin();
            return created;
        }
    }

    /// <summary>The first worker that is free or not yet there; where all are busy, the one with the fewest calls.</summary>
    Activation ChooseWorker(GrainClass grainClass, string key)
    {
        Activation? best = null;
        for (var slot = 0; slot < grainClass.MaxWorkers; slot++)
        {
            var worker = Get(grainClass, new(key, slot));
            if (worker.IsFree) return worker;
            if (best is null || worker.Load < best.Load) best = worker;
        }

        return best!;
    }

    void CollectIdle()
    {
        var now = Interlocked.Increment(ref _now);
        var quantum = silo.Collection.CollectionQuantum;
        foreach (var grainClass in silo.Interfaces.Classes)
        {
            if (grainClass.AgeLimit == TimeSpan.MaxValue) continue;
            // What was used just before a pass is as old as what was used just after the pass before it.
            var passes = (long)Math.Ceiling(grainClass.AgeLimit / quantum) + 1;
            Collect(grainClass, now - passes, Idle);
        }
    }

    void Collect(GrainClass grainClass, long unusedSince, DeactivationReason reason)
    {
        var time = silo.Time.GetUtcNow();
        foreach (var (_, activation) in grainClass.Activations) activation.TryCollect(unusedSince, time, reason);
    }

    /// <summary>Ends idle activations, those first that were not used since the last pass, until a tenth of the room is free.</summary>
    void Thin()
    {
        if (Interlocked.Exchange(ref _thinning, 1) == 1) return;
        var time = silo.Time.GetUtcNow();
        var idle = from unusedSince in new[] { Now - 1, long.MaxValue }
                   from grainClass in silo.Interfaces.Classes
                   where grainClass.AgeLimit != TimeSpan.MaxValue
                   from entry in grainClass.Activations
                   select (Activation: entry.Value, UnusedSince: unusedSince);
        foreach (var (activation, unusedSince) in idle.TakeWhile(_ => Count > MaximumIdle / 10 * 9))
            activation.TryCollect(unusedSince, time, Crowded);

        // Where most are in use the next attempt waits for more of them, so that attempts stay rare.
        Volatile.Write(ref _threshold, Math.Max(MaximumIdle, Count + MaximumIdle / 10));
        Volatile.Write(ref _thinning, 0);
    }

    /// <summary>Ends every activation, and waits until they have ended.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo stops.");
        while (silo.Interfaces.Classes.SelectMany(one => one.Activations.Values).ToArray() is { Length: > 0 } left)
        {
            foreach (var activation in left) activation.Deactivate(reason, CancellationToken.None);
            await Task.WhenAll(left.Select(activation => activation.Deactivated)).WaitAsync(cancellation);
        }
    }
}
