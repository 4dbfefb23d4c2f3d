namespace Trading.MarketData;

/// <summary>A bar in doubles; the volume is NaN where none is known.</summary>
readonly record struct BarNumbers(double Open, double High, double Low, double Close, double Volume);

/// <summary>The level of the last good close, and the level that may follow it. A close that is far from the first
/// waits in quarantine, unless something says at once that it is true; bars that stay with it confirm it, a return to
/// the old level leaves it there.</summary>
sealed class PriceLevel(BarLimits limits)
{
    /// <summary>Ratios of splits that are usual, beside their inverses.</summary>
    static readonly double[] SplitRatios = [1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100];
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
    }

    /// <summary>Moves to a close by a person's word; what is known of the series stays.</summary>
    public void MoveTo(double close) => (_level, _candidate, _held) = (close, double.NaN, null);

    /// <summary>Takes corporate actions off what came before: cash first, then the split.</summary>
    public void Adjust(double split, double dividend)
    {
        _level = Adjusted(_level, split, dividend);
        _candidate = Adjusted(_candidate, split, dividend);
    }

    /// <summary>Volume over its median; 0 where it cannot be known.</summary>
    public double RelativeVolume(double volume) =>
        _volumes.Count >= BarLimits.MinimumVolumes && _volumes.Median(BarLimits.VolumeWindow) is > 0 and var median
            && volume > 0 ? volume / median : 0;

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
        else if (Name(rule, size, missing) is { } held) Hold(bar.Close, time, held, change, ref verdict);
        else if (verdict.Verdict == Verdict.Accept
            && RelativeVolume(bar.Volume) >= (rule == BarRule.Jump ? limits.JumpVolume : limits.OutlierVolume))
            AcceptMove(bar, change, rule, Confirmation.Volume, ref verdict);
        else if (rule == BarRule.ReturnOutlier && double.IsNaN(bar.Volume))
            AcceptMove(bar, change, rule, Confirmation.None, ref verdict);
        else Hold(bar.Close, time, rule, change, ref verdict);
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
        if (_held is { } held) verdict = verdict.With(held, Verdict.Quarantine, Observed(held, change), Limit(held));
        else if (++_confirmations < limits.ConfirmingBars)
            verdict = verdict.With(rule, Verdict.Quarantine, Observed(rule, change), Limit(rule));
        else
        {
            verdict = verdict with { ReleasesFrom = _candidateSince };
            AcceptMove(bar, change, rule, Confirmation.FollowingBars, ref verdict);
        }
    }

    void Hold(double close, DateTimeOffset time, BarRule rule, double change, ref BarVerdict verdict)
    {
        verdict = verdict.With(rule, Verdict.Quarantine, Observed(rule, change), Limit(rule));
        (_candidate, _candidateSince, _confirmations) = (close, time, 0);
        _held = rule is BarRule.UnexplainedSplit or BarRule.SymbolReuse ? rule : null;
    }

    /// <summary>The rule that knows a cause which no following bar can tell from a true move; null for none.</summary>
    BarRule? Name(BarRule rule, double size, long missing)
    {
        if (rule != BarRule.Jump) return null;
        if (missing >= limits.LongGap) return BarRule.SymbolReuse;
        foreach (var ratio in SplitRatios)
            if (size > limits.Jump && Math.Abs(size - Math.Log(ratio)) < limits.SplitTolerance)
                return BarRule.UnexplainedSplit;
        return null;
    }

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
