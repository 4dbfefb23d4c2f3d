using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;

namespace Trading.Api;

/// <summary>How often each address and each subject may ask. Signals and stops are counted apart from everything else, so that a flood of
/// questions takes nothing from them; what nobody vouches for always counts to its address. Where processes share budgets, a question
/// needs a permit of both; signals and stops are this process's own matter, so that nothing outside it can make a stop wait.</summary>
internal sealed class RateBudgets(IOptions<EdgeOptions> options, TimeProvider clock, ISharedBudgets? shared = null)
{
    /// <summary>Addresses, and subjects, that are counted at once; one more begins with those that have their whole budget again.</summary>
    const int MaxBuckets = 100_000;

    readonly Budget _addresses = new("address", options.Value.RequestsPerMinute, options.Value.Burst);
    readonly Budget _subjects = new("subject", options.Value.RequestsPerMinute, options.Value.Burst);
    readonly Budget _trading = new("trading", options.Value.TradingPerMinute, options.Value.TradingBurst);
    readonly Budget _emergency = new("emergency", options.Value.EmergencyPerMinute, options.Value.EmergencyBurst);

    /// <summary>Of somebody who is not known.</summary>
    /// <returns>The wait in seconds until the next one; 0 where this one may pass.</returns>
    public ValueTask<int> TakeAsync(IPAddress? address) =>
        _addresses.TakeAsync((address ?? IPAddress.None).ToString(), clock, shared);

    /// <returns>As above.</returns>
    public ValueTask<int> TakeAsync(Caller caller, IPAddress? address, Allowance allowance) => allowance switch
    {
        Allowance.Free => new(0),
        Allowance.Trading => new(_trading.Take(caller.Subject, clock)),
        Allowance.Emergency => new(_emergency.Take(caller.Subject, clock)),
        _ => OfBothAsync(caller, address),
    };

    async ValueTask<int> OfBothAsync(Caller caller, IPAddress? address)
    {
        var ofSubject = _subjects.TakeAsync(caller.Subject, clock, shared).AsTask(); // side by side
        var ofAddress = await TakeAsync(address);
        return Math.Max(await ofSubject, ofAddress);
    }

    /// <summary>A bucket of permits for each key: it fills evenly, up to the burst.</summary>
    sealed class Budget(string name, int perMinute, int burst)
    {
        readonly ConcurrentDictionary<string, Bucket> _buckets = new();
        readonly double _perTick = (double)perMinute / TimeSpan.TicksPerMinute;

        /// <summary>Of this process first: what it refuses by itself asks nobody else. Where all together have none left, neither has this one,
        /// so that a flood asks the others no oftener than the budget allows.</summary>
        public ValueTask<int> TakeAsync(string key, TimeProvider clock, ISharedBudgets? shared) =>
            Take(key, clock) is var wait && (wait > 0 || shared is null) ? new(wait) : AskAsync(key, clock, shared);

        async ValueTask<int> AskAsync(string key, TimeProvider clock, ISharedBudgets shared)
        {
            if (await shared.TakeAsync($"{name}:{key}", perMinute, burst) is not false) return 0;
            var bucket = BucketOf(key, clock.GetUtcNow().UtcTicks);
            lock (bucket)
            {
                bucket.Permits = 0;
                return Wait(bucket);
            }
        }

        public int Take(string key, TimeProvider clock)
        {
            var now = clock.GetUtcNow().UtcTicks;
            var bucket = BucketOf(key, now);
            lock (bucket)
            {
                bucket.Permits = Math.Min(burst, bucket.Permits + (Math.Max(0, now - bucket.At) * _perTick));
                bucket.At = now;
                if (bucket.Permits < 1) return Wait(bucket);
                bucket.Permits--;
                return 0;
            }
        }

        Bucket BucketOf(string key, long now)
        {
            if (_buckets.TryGetValue(key, out var bucket)) return bucket;
            if (_buckets.Count >= MaxBuckets) Forget(now);
            return _buckets.GetOrAdd(key, _ => new(burst, now));
        }

        int Wait(Bucket bucket) => Math.Max(1, (int)Math.Ceiling((1 - bucket.Permits) / _perTick / TimeSpan.TicksPerSecond));

        /// <summary>Drops buckets that are full again; where none is, all of them: counting anew is better than growing without end.</summary>
        void Forget(long now)
        {
            foreach (var (key, bucket) in _buckets)
                if (bucket.Permits + ((now - bucket.At) * _perTick) >= burst) _buckets.TryRemove(key, out _);
            if (_buckets.Count >= MaxBuckets) _buckets.Clear();
        }
    }

    sealed class Bucket(double permits, long at)
    {
        public double Permits = permits;
        public long At = at;
    }
}
