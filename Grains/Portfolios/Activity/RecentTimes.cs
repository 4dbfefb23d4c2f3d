using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Trading.Portfolios;

/// <summary>When something happened lately: the newest instants, in ticks of UTC, never going back.</summary>
/// <param name="capacity">Instants kept; counts saturate there.</param>
sealed class RecentTimes(int capacity)
{
    readonly List<long> _times = [];

    ReadOnlySpan<long> Times => CollectionsMarshal.AsSpan(_times)[Math.Max(0, _times.Count - capacity)..];

    /// <summary>An instant before the newest one, of a clock that was set back, counts as that one.</summary>
    public void Add(long at)
    {
        if (_times is [.., var newest]) at = Math.Max(at, newest);
        if (_times.Count == 2 * capacity) _times.RemoveRange(0, capacity);
        _times.Add(at);
    }

    public void Clear() => _times.Clear();

    /// <summary>How many are later than an instant.</summary>
    public int CountAfter(long at)
    {
        var (first, end) = (0, Times.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            if (Times[middle] > at) end = middle;
            else first = middle + 1;
        }

        return Times.Length - first;
    }

    /// <summary>The most that fell into any stretch of so many ticks, its beginning not included.</summary>
    public int MostWithin(long ticks)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < Times.Length; last++)
        {
            while (Times[last] - Times[first] >= ticks) first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    /// <summary>Those later than an instant.</summary>
    public ImmutableArray<long> Save(long after) => [.. Times[^CountAfter(after)..]];

    public void Restore(ImmutableArray<long> saved) => _times.AddRange(saved.AsSpan());
}
