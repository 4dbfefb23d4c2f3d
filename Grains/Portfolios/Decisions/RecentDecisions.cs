using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The last decisions of a book, for whoever watches it; older ones are in the journal.</summary>
public sealed class RecentDecisions
{
    public const int Capacity = 200;

    readonly (long Sequence, SignalDecided Decided)[] _ring = new (long, SignalDecided)[Capacity];
    long _count;

    internal void Note(long sequence, SignalDecided decided) => _ring[_count++ % Capacity] = (sequence, decided);

    /// <summary>Newest first.</summary>
    /// <param name="after">Only those at a later place in the journal.</param>
    public ImmutableArray<RecordedDecision> After(long after, int limit)
    {
        var found = ImmutableArray.CreateBuilder<RecordedDecision>();
        for (var back = 1; back <= Math.Min(_count, Capacity) && found.Count < limit; back++)
        {
            var (sequence, decided) = _ring[(_count - back) % Capacity];
            if (sequence <= after) break;
            found.Add(decided.Recorded);
        }

        return found.ToImmutable();
    }
}
