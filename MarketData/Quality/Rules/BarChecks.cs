namespace Trading.MarketData;

/// <summary>What no market can give: a bar that breaks one of these is never in a number.</summary>
static class BarChecks
{
    /// <summary>The form of a bar, checked in decimals, so that not even the last digit passes.</summary>
    public static BarVerdict Check(in Bar bar, BarVerdict verdict)
    {
        var lowest = bar.Low;
        if (lowest > bar.Open || lowest > bar.Close || bar.High < bar.Open || bar.High < bar.Close)
        {
            verdict = verdict.With(BarRule.ImpossibleBar, Verdict.Reject, (double)bar.Low, (double)bar.High);
            lowest = Math.Min(Math.Min(bar.Low, bar.High), Math.Min(bar.Open, bar.Close));
        }

        if (lowest <= 0) verdict = verdict.With(BarRule.NonPositivePrice, Verdict.Reject, (double)lowest, 0);
        else if ((double)lowest < BarLimits.MinPrice)
            verdict = verdict.With(BarRule.AbsurdValue, Verdict.Reject, (double)lowest, BarLimits.MinPrice);
        if ((double)bar.High > BarLimits.MaxPrice)
            verdict = verdict.With(BarRule.AbsurdValue, Verdict.Reject, (double)bar.High, BarLimits.MaxPrice);
        if (bar.Volume is not { } volume) return verdict;
        if (volume < 0) return verdict.With(BarRule.NegativeVolume, Verdict.Reject, (double)volume, 0);
        return (double)volume > BarLimits.MaxVolume
            ? verdict.With(BarRule.AbsurdValue, Verdict.Reject, (double)volume, BarLimits.MaxVolume) : verdict;
    }

    /// <summary>Each time comes once, and later ones come later.</summary>
    public static BarVerdict Order(BarTimeline timeline, DateTimeOffset time, BarVerdict verdict)
    {
        var ticks = time.UtcTicks;
        if (!timeline.Started || ticks > timeline.Last) return verdict;
        return ticks == timeline.Last
            ? verdict.With(BarRule.Duplicate, Verdict.Reject, double.NaN)
            : verdict.With(
                BarRule.Unordered, Verdict.Reject, TimeSpan.FromTicks(ticks - timeline.Last).TotalSeconds, 0);
    }
}
