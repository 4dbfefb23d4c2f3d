using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>The bars of one series that wait in quarantine for what follows. Only a bar whose close moved can be
/// confirmed that way, also where it looked like a split: a wick or a doubtful symbol stays until a second source or a
/// person has said so.</summary>
sealed class Confirmations
{
    /// <summary>More do not wait: the oldest stays in quarantine.</summary>
    public const int MaxWaiting = 64;
    /// <summary>Moves of the close, and everything that keeps no bar out of a number.</summary>
    static readonly RuleSet Confirmable = BarRuleCatalog.All
        .Where(entry => entry.Verdict == Verdict.Accept || entry.Rule is BarRule.Jump or BarRule.ReturnOutlier
            or BarRule.UnexplainedSplit or BarRule.WickOutlier)
        .Aggregate(default(RuleSet), (rules, entry) => rules.With(entry.Rule));

    readonly Queue<Bar> _waiting = new();

    /// <summary>Takes a bar with its verdict.</summary>
    /// <returns>The bars that it releases, oldest first: each is to be stored again as accepted. Nearly always
    /// empty.</returns>
    public ImmutableArray<Bar> Take(in Bar bar, in BarVerdict verdict)
    {
        if (verdict.Verdict == Verdict.Quarantine && CanBeConfirmed(verdict))
        {
            if (_waiting.Count == MaxWaiting) _waiting.Dequeue();
            _waiting.Enqueue(bar);
        }

        if (verdict.ReleasesFrom is not { } from) return [];
        ImmutableArray<Bar> released = [.. _waiting.Where(waiting => waiting.Time >= from)];
        _waiting.Clear();
        return released;
    }

    static bool CanBeConfirmed(in BarVerdict verdict) => (verdict.Rules.Bits & ~Confirmable.Bits) == 0;
}
