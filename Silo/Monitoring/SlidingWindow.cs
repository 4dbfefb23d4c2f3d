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

    public void Record(double seconds, bool failed = false)
    {
        var bucket = seconds <= Smallest ? 0 : Math.Min(Buckets - 1, (int)(Math.Log(seconds / Smallest) / LogGrowth) + 1);
        lock (_gate)
        {
            var slot = Current();
            slot.Count++;
            if (failed) slot.Failed++;
            slot.Buckets[bucket]++;
        }
    }

    /// <summary>The durations at the given shares, the rate a second, and the share that failed; null where nothing came.</summary>
    public (double[]? Quantiles, double Rate, double? FailedShare) Read(params ReadOnlySpan<double> shares)
    {
        var merged = new long[Buckets];
        long count = 0, failed = 0;
        lock (_gate)
        {
            Current();
            foreach (var slot in _slots)
            {
                count += slot.Count;
                failed += slot.Failed;
                for (var i = 0; i < Buckets; i++) merged[i] += slot.Buckets[i];
            }
        }

        var seconds = Math.Clamp(clock.GetElapsedTime(_began).TotalSeconds, 1, slots * slotSeconds);
        if (count == 0) return (null, 0, null);
        var quantiles = new double[shares.Length];
        for (var i = 0; i < shares.Length; i++) quantiles[i] = Quantile(merged, (long)Math.Ceiling(shares[i] * count));
        return (quantiles, count / seconds, (double)failed / count);
    }

    static double Quantile(long[] buckets, long rank)
    {
        var bucket = 0;
        for (var seen = buckets[0]; seen < rank; seen += buckets[bucket]) bucket++;
        return Smallest * Math.Pow(Growth, bucket - 0.5);
    }

    /// <summary>The part of now; those whose time is over are emptied.</summary>
    Slot Current()
    {
        var number = (long)clock.GetElapsedTime(_began).TotalSeconds / slotSeconds;
        foreach (var slot in _slots)
            if (slot.Number >= 0 && slot.Number <= number - slots) slot.Clear();
        var current = _slots[number % slots];
        if (current.Number != number)
        {
            current.Clear();
            current.Number = number;
        }

        return current;
    }

    sealed class Slot
    {
        public long Number { get; set; } = -1;
        public long Count { get; set; }
        public long Failed { get; set; }
        public long[] Buckets { get; } = new long[SlidingWindow.Buckets];

        public void Clear()
        {
            (Number, Count, Failed) = (-1, 0, 0);
            Array.Clear(Buckets);
        }
    }
}
