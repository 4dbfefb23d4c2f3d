using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Counts verdicts and keeps the latest findings; a good bar costs one addition.</summary>
sealed class QualityCounts
{
    public const int MaxLatest = 50;
    static readonly int Rules = Enum.GetValues<BarRule>().Length, Verdicts = Enum.GetValues<Verdict>().Length;
    readonly long[] _verdicts = new long[Verdicts], _rules = new long[Rules * Verdicts];
    readonly (DateTimeOffset Time, BarVerdict Verdict)[] _latest = new (DateTimeOffset, BarVerdict)[MaxLatest];
    int _next, _kept;

    public long Accepted => _verdicts[(int)Verdict.Accept];
    public long Quarantined => _verdicts[(int)Verdict.Quarantine];
    public long Rejected => _verdicts[(int)Verdict.Reject];

    /// <summary>Bars that a second source had too, and those whose close agreed.</summary>
    public long Compared { get; private set; }
    public long Agreed { get; private set; }

    /// <summary>Bars that the calendar expected between those that came, and that did not.</summary>
    public long Missing { get; internal set; }

    /// <summary>The first and the last bar that was not rejected; null before any.</summary>
    public DateTimeOffset? First { get; private set; }
    public DateTimeOffset? Last { get; private set; }

    /// <summary>The verdict of the last bar that came; accept before any.</summary>
    public Verdict LastVerdict { get; private set; }

    internal BarVerdict Take(DateTimeOffset time, in BarVerdict verdict)
    {
        _verdicts[(int)verdict.Verdict]++;
        LastVerdict = verdict.Verdict;
        if (verdict.Verdict != Verdict.Reject) (First, Last) = (First ?? time, time);
        return verdict.Rules.IsEmpty ? verdict : Note(time, verdict);
    }

    internal BarVerdict Note(DateTimeOffset time, in BarVerdict verdict)
    {
        for (var bits = verdict.Rules.Bits; bits != 0; bits &= bits - 1)
            _rules[(System.Numerics.BitOperations.TrailingZeroCount(bits) * Verdicts) + (int)verdict.Verdict]++;
        _latest[_next] = (time, verdict);
        _next = (_next + 1) % MaxLatest;
        _kept = Math.Min(_kept + 1, MaxLatest);
        return verdict;
    }

    /// <summary>The last bar was taken as true after all.</summary>
    internal void Release()
    {
        if (LastVerdict != Verdict.Quarantine) return;
        (_verdicts[(int)Verdict.Quarantine], _verdicts[(int)Verdict.Accept]) = (Quarantined - 1, Accepted + 1);
        LastVerdict = Verdict.Accept;
    }

    internal void Compare(bool agrees)
    {
        Compared++;
        if (agrees) Agreed++;
    }

    /// <summary>How many bars each rule noticed, by the verdict of the bar.</summary>
    public ImmutableArray<RuleCount> ByRule() =>
    [
        .. from rule in Enum.GetValues<BarRule>()
           from verdict in Enum.GetValues<Verdict>()
           let count = _rules[((int)rule * Verdicts) + (int)verdict]
           where count > 0
           select new RuleCount(rule, verdict, count),
    ];

    /// <summary>The latest findings, newest first, in words.</summary>
    public ImmutableArray<QualityFinding> Latest() =>
        [.. Enumerable.Range(1, _kept).Select(back => Finding(_latest[(_next - back + MaxLatest) % MaxLatest]))];

    static QualityFinding Finding((DateTimeOffset Time, BarVerdict Verdict) kept) => new(
        kept.Time, kept.Verdict.Rule, kept.Verdict.Verdict, Known(kept.Verdict.Observed), Known(kept.Verdict.Limit),
        kept.Verdict.Evidence!);

    static double? Known(double number) => double.IsFinite(number) ? number : null;
}
