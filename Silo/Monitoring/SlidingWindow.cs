namespace Trading.Monitoring;

/// <summary>Durations of the last seconds in buckets that grow by a tenth: quantiles are right to five per cent,
/// whatever came.</summary>
/// <param name="slots">Parts of the window that are forgotten one after another.</param>
/// <param name="slotSeconds">The length of a part.</param>
public sealed class SlidingWindow(TimeProvider clock, int slots, int slotSeconds)
{
    const int Buckets = 192;
    const double Smallest = 1e-5, Growth = 1.1;
    static readonly double LogGrowth = Math.Log(Growth);

    readonly Lock _gate = new();
    readonly Slot[] _slots = [.. Enumerable.Range(0, slots).Select(_ => new Slot())];
    readonly long _began = clock.GetTimestamp();

    /// <summary>Without a lock: a thread that the machine sets aside while it held one would keep every request.</summary>
    public void Record(double seconds, bool failed = false)
    {
        var slot = Current();
        Interlocked.Increment(ref slot.Buckets[BucketOf(seconds)]);
        if (failed) Interlocked.Increment(ref slot.Failed);
    }

    /// <summary>The durations at the given shares, the rate a second, and the share that failed; null where nothing came.</summary>
    public (double[]? Quantiles, double Rate, double? FailedShare) Read(params ReadOnlySpan<double> shares)
    {
        var merged = new long[Buckets];
        long failed = 0;
        var number = Number();
        foreach (var slot in _slots)
        {
            var of = Volatile.Read(ref slot.Number);
            if (of < 0 || of <= number - slots) continue;
            failed += Volatile.Read(ref slot.Failed);
            for (var i = 0; i < Buckets; i++) merged[i] += Volatile.Read(ref slot.Buckets[i]);
        }

        var count = merged.Sum();
        var seconds = Math.Clamp(clock.GetElapsedTime(_began).TotalSeconds, 1, slots * slotSeconds);
        if (count == 0) return (null, 0, null);
        var quantiles = new double[shares.Length];
        for (var i = 0; i < shares.Length; i++) quantiles[i] = Quantile(merged, (long)Math.Ceiling(shares[i] * count));
        return (quantiles, count / seconds, (double)failed / count);
    }

    static int BucketOf(double seconds) =>
        seconds <= Smallest ? 0 : Math.Min(Buckets - 1, (int)(Math.Log(seconds / Smallest) / LogGrowth) + 1);

    static double Quantile(long[] buckets, long rank)
    {
        var bucket = 0;
        for (var seen = buckets[0]; seen < rank; seen += buckets[bucket]) bucket++;
        return Smallest * Math.Pow(Growth, bucket - 0.5);
    }

    long Number() => (long)clock.GetElapsedTime(_began).TotalSeconds / slotSeconds;

    /// <summary>The part of now, emptied where it was that of a time that is over. A thread that was late may count in it what
    /// belongs to the one before.</summary>
    Slot Current()
    {
        var number = Number();
        var current = _slots[number % slots];
        if (Volatile.Read(ref current.Number) >= number) return current;
        lock (_gate)
        {
            if (current.Number >= number) return current;
            current.Failed = 0;
            Array.Clear(current.Buckets);
            Volatile.Write(ref current.Number, number);
        }

        return current;
    }

    sealed class Slot
    {
        public long Number = -1;
        public long Failed;
        public readonly long[] Buckets = new long[SlidingWindow.Buckets];
    }
}
