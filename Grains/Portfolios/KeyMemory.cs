using System.Diagnostics.CodeAnalysis;

namespace Trading.Portfolios;

/// <summary>Which idempotency keys a book has seen: the newest with their events, all of them as a Bloom filter, so that a new key
/// costs no question to the journal.</summary>
sealed class KeyMemory(int recentLimit)
{
    /// <summary>Size of the filter, and its share of every snapshot: at 100,000 keys 1 % of new keys are looked up in vain, at
    /// 400,000 38 %; it never says no to a key that was seen.</summary>
    const int FilterBytes = 1 << 17;
    const int Probes = 4;

    readonly Dictionary<string, BookEvent> _recent = [];
    readonly Queue<string> _order = [];
    readonly byte[] _filter = new byte[FilterBytes];

    /// <summary>The filter, for a snapshot.</summary>
    public ReadOnlySpan<byte> Filter => _filter;

    public void Restore(ReadOnlySpan<byte> filter) => filter.CopyTo(_filter);

    public void Remember(BookEvent change)
    {
        if (change.Key is not { } key) return;
        foreach (var bit in Bits(key))
            _filter[bit >> 3] |= (byte)(1 << (bit & 7));
        if (_recent.TryAdd(key, change)) _order.Enqueue(key);
        if (_order.Count > recentLimit) _recent.Remove(_order.Dequeue());
    }

    public bool TryRecall(string key, [NotNullWhen(true)] out BookEvent? change) => _recent.TryGetValue(key, out change);

    /// <summary>False where the key was certainly never seen.</summary>
    public bool MayHaveSeen(string key)
    {
        foreach (var bit in Bits(key))
            if ((_filter[bit >> 3] & (1 << (bit & 7))) == 0) return false;
        return true;
    }

    /// <summary>FNV-1a, mixed, split into two hashes that are combined (Kirsch and Mitzenmacher); the same in every process.</summary>
    static ProbeBits Bits(string key)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in key)
            hash = (hash ^ character) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        var bits = default(ProbeBits);
        for (var i = 0u; i < Probes; i++)
            bits[(int)i] = (int)(((uint)hash + i * ((uint)(hash >> 32) | 1)) % (FilterBytes * 8));
        return bits;
    }

    [System.Runtime.CompilerServices.InlineArray(Probes)]
    struct ProbeBits
    {
        int _first;
    }
}
