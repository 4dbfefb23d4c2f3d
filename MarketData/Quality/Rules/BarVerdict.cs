using System.Numerics;

namespace Trading.MarketData;

/// <summary>A few rules, held in one number.</summary>
readonly record struct RuleSet(ulong Bits)
{
    public bool Contains(BarRule rule) => (Bits & (1UL << (int)rule)) != 0;
    public RuleSet With(BarRule rule) => new(Bits | (1UL << (int)rule));
    public bool IsEmpty => Bits == 0;

    public IEnumerable<BarRule> All()
    {
        for (var rest = Bits; rest != 0; rest &= rest - 1)
            yield return (BarRule)BitOperations.TrailingZeroCount(rest);
    }
}

/// <summary>Why a bar that a rule noticed was taken as true all the same.</summary>
public enum Confirmation
{
    None,
    /// <summary>Far more was traded than usual.</summary>
    Volume,
    /// <summary>Another source saw the price too.</summary>
    SecondSource,
    /// <summary>The bars that followed stayed at the new level.</summary>
    FollowingBars,
    /// <summary>The price came back to the level before a bar that is in quarantine.</summary>
    Return,
}

/// <summary>What another source, or the source itself, says of the interval of a bar; null for what nobody
/// says.</summary>
/// <param name="Coverage">The share of the interval that the bar is made of, from 0 to 1.</param>
/// <param name="ReceivedAt">When the bar came.</param>
/// <param name="Disagreed">Another source was found to disagree when the bar was first judged.</param>
readonly record struct BarEvidence(
    double? Close = null, double? Low = null, double? High = null, double? Coverage = null,
    DateTimeOffset? ReceivedAt = null, bool Disagreed = false);

/// <summary>The verdict on one bar. <c>default</c> is a bar that no rule noticed.</summary>
/// <param name="Rule">The gravest rule; it means nothing where <see cref="Rules"/> is empty.</param>
/// <param name="Observed">In the unit of the gravest rule; NaN where it counts nothing.</param>
/// <param name="ReleasesFrom">Set where this bar confirms the ones in quarantine since that time: they are
/// true.</param>
readonly record struct BarVerdict(
    Verdict Verdict, RuleSet Rules, BarRule Rule, double Observed, double Limit, Confirmation Confirmed,
    DateTimeOffset? ReleasesFrom)
{
    /// <summary>The stable code of the gravest rule; null where no rule noticed the bar.</summary>
    public string? Code => Rules.IsEmpty ? null : BarRuleCatalog.Of(Rule).Code;

    /// <summary>The evidence in words; null where no rule noticed the bar.</summary>
    public string? Evidence => Rules.IsEmpty ? null : BarRuleCatalog.Describe(Rule, Observed, Limit, Confirmed);

    /// <summary>Adds a finding; the gravest verdict leads, and among equals the first rule of the table.</summary>
    internal BarVerdict With(
        BarRule rule, Verdict verdict, double observed, double limit = double.NaN,
        Confirmation confirmed = Confirmation.None)
    {
        var rules = Rules.With(rule);
        return Rules.IsEmpty || verdict > Verdict || (verdict == Verdict && rule < Rule)
            ? new(verdict, rules, rule, observed, limit, confirmed, ReleasesFrom)
            : this with { Rules = rules };
    }
}
