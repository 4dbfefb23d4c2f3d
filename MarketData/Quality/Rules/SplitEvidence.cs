namespace Trading.MarketData;

/// <summary>Tells the step of a split from a true move of about the same size. A split changes the count of units and
/// nothing else: the units that trade grow by its ratio and stay there, while the money that trades and the way that
/// prices go within a day are as usual. A true move brings more money, wider days follow it, and in time the old count
/// of units comes back. What the limits are fitted on, and how often they err, says docs/data-quality.md.</summary>
sealed class SplitEvidence(BarLimits limits)
{
    /// <summary>New units for one old. Fewer for one come in whole numbers, and as two for three.</summary>
    static readonly double[] Ratios =
        [.. new[] { 4 / 3.0, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100 }
            .Select(ratio => Math.Log(ratio))];

    static readonly double LeastReverse = Math.Log(1.5) - 1e-9;

    /// <summary>How much one bar can say: beyond, it is odd rather than telling.</summary>
    const double MostSpan = 1.2, LeastSpan = -1, MostUnits = 1;

    /// <summary>Between the usual span of a day and those that follow a true move, in logarithms.</summary>
    const double BetweenSpans = 0.35;

    readonly RollingMad _spans = new(BarLimits.VolumeWindow);
    double _ratio, _direction, _ofSpans, _ofUnits;
    bool _isBusy;
    int _followers;

    /// <summary>The logarithm of the ratio of the split that a move looks like; 0 for none.</summary>
    /// <param name="hasVolume">Where nothing but the size speaks, it must be nearer.</param>
    public double Ratio(double change, bool hasVolume)
    {
        var (size, tolerance, nearest) = (
            Math.Abs(change), hasVolume ? limits.SplitTolerance : limits.BareSplitTolerance, 0.0);
        foreach (var ratio in Ratios)
            if (Math.Abs(size - ratio) < Math.Min(tolerance, Math.Abs(size - nearest))
                && (change < 0 || ratio >= LeastReverse))
                nearest = ratio;
        return nearest;
    }

    /// <summary>Learns what a day of the series usually spans.</summary>
    public void Learn(in BarNumbers bar) => _spans.Add((bar.High / bar.Low) - 1);

    /// <summary>Starts anew: another security.</summary>
    public void Clear() => _spans.Clear();

    /// <summary>Whether a bar shows by itself that it moved.</summary>
    /// <param name="units">Its volume over the usual one.</param>
    public bool IsMove(in BarNumbers bar, double change, double units)
    {
        var money = units * Math.Exp(change);
        var travelled = Math.Log(bar.High / bar.Low) >= limits.SplitTravel * Math.Abs(change);
        return money >= limits.SplitMoney || Math.Log(money) + Span(bar) >= limits.SplitProof
            || (travelled && Math.Min(units, money) >= limits.JumpVolume);
    }

    /// <summary>Begins to watch the bars that follow a move of this look.</summary>
    /// <param name="units">Its volume over the usual one: a true move is seldom quiet, and must be shown by more.</param>
    public void Begin(double change, double ratio, double units) =>
        (_direction, _ratio, _isBusy, _ofSpans, _ofUnits, _followers) = (
            -Math.Sign(change), ratio, units >= limits.JumpVolume, 0, 0, 0);

    /// <summary>Takes the next bar at the new level.</summary>
    /// <returns>True once enough of them say that it was no split: by wide days, or by units of the old
    /// count.</returns>
    public bool Contradicts(in BarNumbers bar, double units)
    {
        if (!(units > 0)) return false;
        _ofSpans += Span(bar) - BetweenSpans;
        _ofUnits += _ratio * ((_ratio / 2) - Math.Max(_direction * Math.Log(units), -MostUnits));
        return ++_followers >= limits.SplitFollowers
            && (_ofSpans > limits.SplitSpans || _ofUnits > (_isBusy ? limits.SplitUnits : limits.QuietSplitUnits));
    }

    /// <summary>How much more than usual a day spans, in logarithms; 0 where nothing is known.</summary>
    double Span(in BarNumbers bar) => _spans.Median(BarLimits.VolumeWindow) is > 0 and var usual && bar.High > bar.Low
        ? Math.Clamp(Math.Log(((bar.High / bar.Low) - 1) / usual), LeastSpan, MostSpan) : 0;
}
