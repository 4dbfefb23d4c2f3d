using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;

namespace Trading.Api;

/// <summary>How often each address and each subject may ask. Signals and stops are counted apart from everything else, so that a flood of
/// questions takes nothing from them; what nobody vouches for always counts to its address.</summary>
internal sealed class RateBudgets(IOptions<EdgeOptions> options, TimeProvider clock)
{
    /// <summary>Addresses, and subjects, that are counted at once; one more begins with those that have their whole budget again.</summary>
    const int MaxBuckets = 100_000;

    readonly Budget _addresses = new(options.Value.RequestsPerMinute, options.Value.Burst);
    readonly Budget _subjects = new(options.Value.RequestsPerMinute, options.Value.Burst);
    readonly Budget _trading = new(options.Value.TradingPerMinute, options.Value.TradingBurst);
    readonly Budget _emergency = new(options.Value.EmergencyPerMinute, options.Value.EmergencyBurst);

    /// <summary>Of somebody who is not known.</summary>
    /// <returns>The wait in seconds until the next one; 0 where this one may pass.</returns>
    public int Take(IPAddress? address) => _addresses.Take((address ?? IPAddress.None).ToString(), clock);

    /// <returns>As above.</returns>
    public int Take(Caller caller, IPAddress? address, Allowance allowance) => allowance switch
    {
        Allowance.Free => 0,
        Allowance.Trading => _trading.Take(caller.Subject, clock),
        Allowance.Emergency => _emergency.Take(caller.Subject, clock),
        _ => Math.Max(_subjects.Take(caller.Subject, clock), Take(address)),
    };

    /// <summary>A bucket of permits for each key: it fills evenly, up to the burst.</summary>
    sealed class Budget(int perMinute, int burst)
    {
        readonly ConcurrentDictionary<string, Bucket> _buckets = new();
        readonly double _perTick = (double)perMinute / TimeSpan.TicksPerMinute;

        public int Take(string key, TimeProvider clock)
        {
            var now = clock.GetUtcNow().UtcTicks;
            if (!_buckets.TryGetValue(key, out var bucket))
            {
                if (_buckets.Count >= MaxBuckets) Forget(now);
                bucket = _buckets.GetOrAdd(key, _ => new(burst, now));
            }

            lock (bucket)
            {
                bucket.Permits = Math.Min(burst, bucket.Permits + (Math.Max(0, now - bucket.At) * _perTick));
                bucket.At = now;
                if (bucket.Permits >= 1)
                {
                    bucket.Permits--;
                    return 0;
                }

                return Math.Max(1, (int)Math.Ceiling((1 - bucket.Permits) / _perTick / TimeSpan.TicksPerSecond));
            }
        }

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
