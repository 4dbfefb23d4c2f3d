using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Trading.Portfolios;

/// <summary>Which idempotency keys a book has seen: the newest with their events, all of them as Bloom filters, so that
/// a new key costs no question to the journal.</summary>
/// <remarks>A full filter is followed by one of twice the size, so that a small book stays small. A key that was seen
/// is never denied; of new keys less than 1 % per filter are looked up in vain, until the last one overflows at 1.4
/// million keys: then more and more are, and nothing else changes.</remarks>
sealed class IdempotencyKeys(int recentLimit)
{
    const int FirstBytes = 1 << 10;
    const int LastBytes = 1 << 20;
    const int BitsPerKey = 12;
    const int Probes = 4;

    readonly Dictionary<string, BookEvent> _recent = [];
    readonly Queue<string> _order = [];
    readonly List<byte[]> _filters = [new byte[FirstBytes]];

    /// <summary>Keys seen.</summary>
    public long Count { get; private set; }

    /// <summary>Size of all filters, which is their share of a snapshot.</summary>
    public int FilterBytes => 2 * _filters[^1].Length - FirstBytes;

    /// <summary>The filters one after another, for a snapshot.</summary>
    public byte[] Save()
    {
        var saved = new byte[FilterBytes];
        for (int i = 0, at = 0; i < _filters.Count; at += _filters[i++].Length) _filters[i].CopyTo(saved, at);
        return saved;
    }

    /// <exception cref="InvalidDataException">The saved filters are not whole.</exception>
    public void Restore(long count, ReadOnlySpan<byte> saved)
    {
        Count = count;
        _filters.Clear();
        for (var size = FirstBytes; saved.Length > 0; size *= 2)
        {
            if (saved.Length < size) throw new InvalidDataException("The filter of the idempotency keys is cut off.");
            _filters.Add(saved[..size].ToArray());
            saved = saved[size..];
        }

        if (_filters.Count == 0) _filters.Add(new byte[FirstBytes]);
    }

    public void Remember(BookEvent change)
    {
        if (change.Key is not { } key) return;
        if (Count++ >= Capacity && _filters[^1].Length < LastBytes) _filters.Add(new byte[2 * _filters[^1].Length]);
        var newest = _filters[^1];
        foreach (var probe in ProbesOf(key))
            newest[Byte(newest, probe)] |= Bit(probe);
        if (_recent.TryAdd(key, change)) _order.Enqueue(key);
        if (_order.Count > recentLimit) _recent.Remove(_order.Dequeue());
    }

    public bool TryRecall(string key, [NotNullWhen(true)] out BookEvent? change) =>
        _recent.TryGetValue(key, out change);

    /// <summary>False where the key was certainly never seen.</summary>
    public bool MayHaveSeen(string key)
    {
        var probes = ProbesOf(key);
        foreach (var filter in _filters)
            if (Holds(filter, probes)) return true;
        return false;
    }

    long Capacity => 8L * FilterBytes / BitsPerKey;

    static bool Holds(byte[] filter, in ProbeSet probes)
    {
        foreach (var probe in probes)
            if ((filter[Byte(filter, probe)] & Bit(probe)) == 0) return false;
        return true;
    }

    /// <summary>Sizes are powers of two: the low bits of a probe choose the bit, the next ones the byte.</summary>
    static int Byte(byte[] filter, uint probe) => (int)((probe >> 3) & (uint)(filter.Length - 1));

    static byte Bit(uint probe) => (byte)(1 << (int)(probe & 7));

    /// <summary>FNV-1a, mixed, split into two hashes that are combined (Kirsch and Mitzenmacher); the same in every
    /// process.</summary>
    static ProbeSet ProbesOf(string key)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in key)
            hash = (hash ^ character) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        hash ^= hash >> 33;
        var probes = default(ProbeSet);
        for (var i = 0; i < Probes; i++)
            probes[i] = unchecked((uint)hash + (uint)i * ((uint)(hash >> 32) | 1));
        return probes;
    }

    [InlineArray(Probes)]
    struct ProbeSet
    {
        uint _first;
    }
}
