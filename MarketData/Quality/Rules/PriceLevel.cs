namespace Trading.MarketData;

/// <summary>A bar in doubles; the volume is NaN where none is known.</summary>
readonly record struct BarNumbers(double Open, double High, double Low, double Close, double Volume);

/// <summary>The level of the last good close, and the level that may follow it. A close that is far from the first
/// waits in quarantine, unless something says at once that it is true; bars that stay with it confirm it, a return to
/// the old level leaves it there.</summary>
sealed class PriceLevel(BarLimits limits)
{
    readonly SplitEvidence _split = new(limits);
    readonly RollingMad _returns = new(BarLimits.LongWindow), _volumes = new(BarLimits.VolumeWindow);
    double _level = double.NaN, _candidate = double.NaN;
    DateTimeOffset _candidateSince;
    int _confirmations;
    /// <summary>The rule that holds the candidate whatever follows; null where following bars may confirm it.</summary>
    BarRule? _held;

    public double Close => _level;

    /// <summary>Starts anew at a close: another security, or a person's word.</summary>
    public void Restart(double close)
    {
        (_level, _candidate, _held) = (close, double.NaN, null);
        _returns.Clear();
        _volumes.Clear();
        _split.Clear();
    }

    /// <summary>Moves to a close by a person's word; what is known of the series stays.</summary>
    public void MoveTo(double close) => (_level, _candidate, _held) = (close, double.NaN, null);

    /// <summary>Takes corporate actions off what came before: cash first, then the split, which changes units as it
    /// changes prices.</summary>
    public void Adjust(double split, double dividend)
    {
        _level = Adjusted(_level, split, dividend);
        _candidate = Adjusted(_candidate, split, dividend);
        if (split != 1) _volumes.Scale(split);
    }

    /// <summary>Volume over its median; 0 where it cannot be known.</summary>
    public double RelativeVolume(double volume) => OverMedian(volume, BarLimits.VolumeWindow);

    /// <summary>The same over the larger of that median and that of the last weeks: what is usual may have grown.</summary>
    public double RecentVolume(double volume) =>
        Math.Min(OverMedian(volume, BarLimits.VolumeWindow), OverMedian(volume, BarLimits.ShortWindow));

    double OverMedian(double volume, int window) =>
        _volumes.Count >= BarLimits.MinimumVolumes && _volumes.Median(window) is > 0 and var median && volume > 0
            ? volume / median : 0;

    /// <summary>Judges the close, and moves to it where it is good.</summary>
    /// <param name="agrees">Whether a second source has the same close; null where none has any.</param>
    /// <param name="missing">Bars missing before this one.</param>
    public void Judge(in BarNumbers bar, DateTimeOffset time, bool? agrees, long missing, ref BarVerdict verdict)
    {
        var change = Math.Log(bar.Close / _level);
        var size = Math.Abs(change);
        if (size < limits.ReturnFloor || Noticed(change, size) is not { } rule) Usual(bar, change, size, ref verdict);
        else if (agrees == true) AcceptMove(bar, change, rule, Confirmation.SecondSource, ref verdict);
        else if (FromCandidate(bar.Close) <= limits.Jump) Follow(bar, change, rule, ref verdict);
        else if (Name(rule, bar, change, missing) is { } held) Hold(bar, time, held, change, ref verdict);
        else if (verdict.Verdict == Verdict.Accept && IsBusy(rule, bar.Volume, change))
            AcceptMove(bar, change, rule, Confirmation.Volume, ref verdict);
        else if (rule == BarRule.ReturnOutlier && double.IsNaN(bar.Volume))
            AcceptMove(bar, change, rule, Confirmation.None, ref verdict);
        else Hold(bar, time, rule, change, ref verdict);
    }

    /// <summary>Whether the volume confirms a move. Of a jump both the units and the money must be more than
    /// usual.</summary>
    bool IsBusy(BarRule rule, double volume, double change)
    {
        var units = RelativeVolume(volume);
        return rule == BarRule.Jump
            ? Math.Min(units, units * Math.Exp(change)) >= limits.JumpVolume : units >= limits.OutlierVolume;
    }

    /// <summary>The rule that notices a return at or above the floor; null for none.</summary>
    BarRule? Noticed(double change, double size)
    {
        if (size > limits.Jump) return BarRule.Jump;
        return _returns.Count >= BarLimits.MinimumWindow
            && _returns.Score(change, BarLimits.ShortWindow, limits.MinimumSpread) > limits.ShortScore
            && _returns.Score(change, BarLimits.LongWindow, limits.MinimumSpread) > limits.LongScore
            ? BarRule.ReturnOutlier : null;
    }

    /// <summary>A close that no rule notices: it goes on from the old level, unless it is nearer to the one in
    /// quarantine.</summary>
    void Usual(in BarNumbers bar, double change, double size, ref BarVerdict verdict)
    {
        if (double.IsNaN(_candidate) || FromCandidate(bar.Close) >= size) Accept(bar, change, ref verdict);
        else Follow(bar, change, _held ?? BarRule.Jump, ref verdict);
    }

    void Accept(in BarNumbers bar, double change, ref BarVerdict verdict)
    {
        if (!double.IsNaN(_candidate))
        {
            if (Math.Log(bar.Close / _candidate) is var back && Math.Abs(back) > limits.Jump)
                verdict = verdict.With(BarRule.Jump, Verdict.Accept, back, limits.Jump, Confirmation.Return);
            (_candidate, _held) = (double.NaN, null);
        }

        _level = bar.Close;
        _returns.Add(change);
        _split.Learn(bar);
        if (bar.Volume > 0) _volumes.Add(bar.Volume);
    }

    void AcceptMove(in BarNumbers bar, double change, BarRule rule, Confirmation by, ref BarVerdict verdict)
    {
        verdict = verdict.With(rule, Verdict.Accept, Observed(rule, change), Limit(rule), by);
        (_candidate, _held) = (double.NaN, null);
        Accept(bar, change, ref verdict);
    }

    /// <summary>NaN, and so never near, while nothing waits.</summary>
    double FromCandidate(double close) => Math.Abs(Math.Log(close / _candidate));

    /// <summary>One more bar at the level of the candidate: the last one needed lets all of them go.</summary>
    void Follow(in BarNumbers bar, double change, BarRule rule, ref BarVerdict verdict)
    {
        if (_held == BarRule.UnexplainedSplit && _split.Contradicts(bar, RelativeVolume(bar.Volume)))
        {
            verdict = verdict with { ReleasesFrom = _candidateSince };
            AcceptMove(bar, change, BarRule.Jump, Confirmation.FollowingBars, ref verdict);
        }
        else if (_held is { } held)
        {
            verdict = verdict.With(held, Verdict.Quarantine, Observed(held, change), Limit(held));
            if (held == BarRule.UnexplainedSplit) _candidate = bar.Close; // which may wander while it is looked at
        }
        else if (++_confirmations < limits.ConfirmingBars)
            verdict = verdict.With(rule, Verdict.Quarantine, Observed(rule, change), Limit(rule));
        else
        {
            verdict = verdict with { ReleasesFrom = _candidateSince };
            AcceptMove(bar, change, rule, Confirmation.FollowingBars, ref verdict);
        }
    }

    void Hold(in BarNumbers bar, DateTimeOffset time, BarRule rule, double change, ref BarVerdict verdict)
    {
        verdict = verdict.With(rule, Verdict.Quarantine, Observed(rule, change), Limit(rule));
        (_candidate, _candidateSince, _confirmations) = (bar.Close, time, 0);
        _held = rule is BarRule.UnexplainedSplit or BarRule.SymbolReuse ? rule : null;
        if (rule == BarRule.UnexplainedSplit) _split.Begin(
            change, SplitRatio(change, bar.Volume), RelativeVolume(bar.Volume));
    }

    /// <summary>The rule that knows a cause which is not a move of the market; null for none.</summary>
    BarRule? Name(BarRule rule, in BarNumbers bar, double change, long missing)
    {
        if (rule != BarRule.Jump) return null;
        if (missing >= limits.LongGap) return BarRule.SymbolReuse;
        return SplitRatio(change, bar.Volume) > 0 && !_split.IsMove(bar, change, RelativeVolume(bar.Volume))
            ? BarRule.UnexplainedSplit : null;
    }

    double SplitRatio(double change, double volume) => _split.Ratio(change, RelativeVolume(volume) > 0);

    double Observed(BarRule rule, double change) => rule switch
    {
        BarRule.ReturnOutlier => _returns.Score(change, BarLimits.LongWindow, limits.MinimumSpread),
        BarRule.UnexplainedSplit => Math.Exp(Math.Abs(change)),
        _ => change,
    };

    double Limit(BarRule rule) => rule switch
    {
        BarRule.ReturnOutlier => limits.LongScore,
        BarRule.UnexplainedSplit => double.NaN,
        _ => limits.Jump,
    };

    static double Adjusted(double price, double split, double dividend) =>
        price > dividend ? (price - dividend) / split : price / split;
}
