using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <summary>The latest fills that broke a rule and were booked. Bounded.</summary>
public sealed class DoubtfulFills
{
    public const int MaxLatest = 32;

    readonly Queue<DoubtfulFill> _latest = new();

    /// <summary>Oldest first.</summary>
    public IReadOnlyCollection<DoubtfulFill> Latest => _latest;

    internal void Apply(Filled filled)
    {
        if (filled.Receipt is not { Violations: { } violations } receipt) return;
        if (_latest.Count == MaxLatest) _latest.Dequeue();
        _latest.Enqueue(new(receipt.FillId, receipt.Sequence, receipt.Symbol, violations, receipt.BookedAt));
    }

    /// <summary>Null where there is none.</summary>
    internal ImmutableArray<DoubtfulFill>? Save() => _latest.Count == 0 ? null : [.. _latest];

    internal void Restore(ImmutableArray<DoubtfulFill>? state)
    {
        foreach (var fill in state ?? []) _latest.Enqueue(fill);
    }
}
