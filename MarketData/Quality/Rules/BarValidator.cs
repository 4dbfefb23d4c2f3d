namespace Trading.MarketData;

/// <summary>Judges the bars of one series, one after another, and changes none. It has no clock, does no I/O,
/// allocates nothing while bars are good, and never throws, whatever the bar. Not for several threads at
/// once.</summary>
sealed class BarValidator
{
    readonly SeriesProfile _profile;
    readonly BarLimits _limits;
    readonly BarTimeline _timeline;
    readonly PriceLevel _level;
    readonly RollingMad _wicks = new(BarLimits.LongWindow), _differences = new(BarLimits.VolumeWindow);
    readonly bool _daily;
    BarNumbers _before;
    double _oldLevel = double.NaN;
    DateOnly _splitDate;
    int _repeats;

    public BarValidator(SeriesProfile profile)
    {
        (_profile, _limits, _daily) = (profile, profile.Limits, profile.Interval == BarInterval.OneDay);
        (_timeline, _level) = (new(profile), new(_limits));
    }

    /// <summary>What it has found so far.</summary>
    public QualityCounts Counts { get; } = new();

    public SeriesProfile Profile => _profile;

    /// <summary>The bars that the calendar expects from the first to the last good time; null where it cannot be
    /// known.</summary>
    public long? Expected => _timeline.Expected;

    /// <summary>Judges the next bar.</summary>
    /// <param name="evidence">What else is known of the interval, as the close of a second source.</param>
    public BarVerdict Check(in Bar bar, in BarEvidence evidence = default)
    {
        var ticks = bar.Time.UtcTicks;
        var verdict = BarChecks.Order(_timeline, bar.Time, BarChecks.Check(bar, default));
        if (evidence.ReceivedAt is { } received && bar.Time > received)
            verdict = verdict.With(BarRule.Future, Verdict.Reject, (bar.Time - received).TotalSeconds, 0);
        if (verdict.Verdict == Verdict.Reject) return Counts.Take(bar.Time, verdict);
        var numbers = new BarNumbers(
            (double)bar.Open, (double)bar.High, (double)bar.Low, (double)bar.Close,
            bar.Volume is { } volume ? (double)volume : double.NaN);
        var started = _timeline.Started;
        _timeline.Advance(ticks, ref verdict);
        Counts.Missing += _timeline.Missing;
        Volume(numbers, ref verdict);
        Repeats(numbers, started, ref verdict);
        if (evidence.Coverage is < 1 and var share)
            verdict = verdict.With(BarRule.IncompleteInterval, Verdict.Quarantine, share, 1);
        Prices(numbers, bar.Time, evidence, started, ref verdict);
        _before = numbers;
        return Counts.Take(bar.Time, verdict);
    }

    /// <summary>Says that no more bars come before an instant: what the calendar still expects is a day that was cut
    /// off.</summary>
    /// <returns>The finding, which concerns the time after the last bar; default where nothing is missing.</returns>
    public BarVerdict Finish(DateTimeOffset until)
    {
        var missing = _timeline.ExpectedAfterLast(until.UtcTicks) ?? 0;
        return missing == 0
            ? default
            : Counts.Note(
                BarTimeline.At(_timeline.Last),
                default(BarVerdict).With(BarRule.DayCutOff, Verdict.Accept, missing, 0));
    }

    /// <summary>Goes on from the close of the last bar, which was released, so that what follows it is measured from
    /// there.</summary>
    public void Release(decimal close)
    {
        if (close > 0) _level.MoveTo((double)close);
        Counts.Release();
    }

    void Volume(in BarNumbers bar, ref BarVerdict verdict)
    {
        if (bar.Volume == 0 && _profile.Kind != AssetClass.Fx)
            verdict = verdict.With(
                BarRule.ZeroVolume, bar.High > bar.Low ? Verdict.Quarantine : Verdict.Accept,
                (bar.High - bar.Low) / bar.Low, 0);
        if (!_daily || !(bar.Volume > 0)) return;
        if (bar.High == bar.Low) verdict = verdict.With(BarRule.OneTrade, Verdict.Accept, double.NaN);
        if (bar.Volume * bar.Close < _limits.ThinDay)
            verdict = verdict.With(BarRule.ThinVolume, Verdict.Accept, bar.Volume * bar.Close, _limits.ThinDay);
    }

    void Repeats(in BarNumbers bar, bool started, ref BarVerdict verdict)
    {
        _repeats = started && bar.Close == _before.Close && bar.Open == _before.Open && bar.High == _before.High
            && bar.Low == _before.Low ? _repeats + 1 : 0;
        if (_repeats < _limits.StaleRun) return;
        var filled = _daily && bar.Volume > 0 && bar.Volume == _before.Volume;
        verdict = verdict.With(
            BarRule.StaleRun, filled ? Verdict.Quarantine : Verdict.Accept, _repeats, _limits.StaleRun);
    }

    void Prices(in BarNumbers bar, DateTimeOffset time, in BarEvidence evidence, bool started, ref BarVerdict verdict)
    {
        if (!started || _timeline.OtherListing)
        {
            if (started)
                verdict = verdict.With(BarRule.SymbolChange, Verdict.Accept, Math.Log(bar.Close / _level.Close));
            _wicks.Clear();
            Wick(bar, double.NaN, evidence, ref verdict);
            _level.Restart(bar.Close);
            return;
        }

        var agrees = Agreement(bar, evidence, ref verdict);
        if (_timeline.Split != 1 || _timeline.Dividend > 0) Explain(bar, ref verdict);
        if (_timeline.Date == _splitDate && BeforeSplit(bar, ref verdict)) return;
        Wick(bar, _level.Close, evidence, ref verdict);
        if (agrees != false) _level.Judge(bar, time, agrees, _timeline.Missing, ref verdict);
    }

    /// <summary>Whether the second source has the same close; null where it has none.</summary>
    bool? Agreement(in BarNumbers bar, in BarEvidence evidence, ref BarVerdict verdict)
    {
        if (evidence.Disagreed)
        {
            Counts.Compare(false);
            verdict = verdict.With(BarRule.SourceDisagrees, Verdict.Quarantine, double.NaN);
            return false;
        }

        if (evidence.Close is not > 0) return null;
        var difference = Math.Log(bar.Close / evidence.Close.Value);
        var limit = _limits.SourceTolerance;
        if (Math.Abs(difference) > limit && _differences.Count >= BarLimits.ShortWindow)
            limit = Math.Max(limit, _limits.SourceScore * _differences.Spread(BarLimits.VolumeWindow));
        var agrees = Math.Abs(difference) <= limit;
        Counts.Compare(agrees);
        _differences.Add(difference);
        if (!agrees) verdict = verdict.With(BarRule.SourceDisagrees, Verdict.Quarantine, difference, limit);
        return agrees;
    }

    /// <summary>Takes the actions of the night off the level, and says what they explain.</summary>
    void Explain(in BarNumbers bar, ref BarVerdict verdict)
    {
        var old = _level.Close;
        _level.Adjust(_timeline.Split, _timeline.Dividend);
        var (raw, rest) = (Math.Log(bar.Close / old), Math.Log(bar.Close / _level.Close));
        if (_timeline.Split != 1)
        {
            (_oldLevel, _splitDate) = (old, _timeline.Date);
            if (Math.Abs(rest) < _limits.Jump) verdict = verdict.With(BarRule.SplitExplained, Verdict.Accept, raw);
        }
        else if (Math.Abs(raw) > _limits.ReturnFloor && Math.Abs(rest) < Math.Min(Math.Abs(raw), _limits.Jump))
        {
            verdict = verdict.With(BarRule.DividendExplained, Verdict.Accept, raw);
        }
    }

    /// <summary>Whether a price of the day after the split is still one of the days before it; then nothing else is
    /// measured.</summary>
    bool BeforeSplit(in BarNumbers bar, ref BarVerdict verdict)
    {
        const double tolerance = 0.05;
        if (Math.Abs(Math.Log(_oldLevel / _level.Close)) < 4 * tolerance) return false;
        var nearest = double.PositiveInfinity;
        foreach (var price in (ReadOnlySpan<double>)[bar.Open, bar.High, bar.Low, bar.Close])
            nearest = Math.Min(nearest, Math.Abs(Math.Log(price / _oldLevel)));
        if (nearest > tolerance) return false;
        verdict = verdict.With(BarRule.PreSplitPrice, Verdict.Quarantine, nearest, tolerance);
        return true;
    }

    /// <summary>How far the extremes and the open are away from the rest of the bar.</summary>
    /// <param name="before">The close before; NaN where none is known.</param>
    void Wick(in BarNumbers bar, double before, in BarEvidence evidence, ref BarVerdict verdict)
    {
        var (bottom, top) = bar.Open < bar.Close ? (bar.Open, bar.Close) : (bar.Close, bar.Open);
        var wick = Math.Max(1 - (bar.Low / bottom), (bar.High / top) - 1);
        if (top > bottom * (1 + _limits.WickFloor)) wick = Math.Max(wick, OpenSpike(bar, before));
        if (wick > _limits.WickFloor) JudgeWick(bar, wick, evidence, ref verdict);
        _wicks.Add(wick);
    }

    /// <summary>An open that no other price explains: away from the close before, and the close came back.</summary>
    static double OpenSpike(in BarNumbers bar, double before)
    {
        var (from, back) = (Math.Log(bar.Open / before), Math.Log(bar.Open / bar.Close));
        return from * back > 0 ? Math.Min(Math.Abs(from), Math.Abs(back)) : 0;
    }

    void JudgeWick(in BarNumbers bar, double wick, in BarEvidence evidence, ref BarVerdict verdict)
    {
        if (wick > _limits.Wick)
        {
            var seen = Seen(bar, evidence);
            var busy = wick <= _limits.DeepWick && _level.RecentVolume(bar.Volume) >= _limits.WickVolume;
            var confirmed = seen == true ? Confirmation.SecondSource
                : busy && seen is null ? Confirmation.Volume : Confirmation.None;
            verdict = verdict.With(
                BarRule.Wick, confirmed == Confirmation.None ? Verdict.Quarantine : Verdict.Accept, wick, _limits.Wick,
                confirmed);
        }
        else if (_wicks.Count >= BarLimits.MinimumWindow
            && _wicks.Score(wick, BarLimits.ShortWindow, _limits.MinimumSpread) > _limits.ShortScore * 2
            && _wicks.Score(wick, BarLimits.LongWindow, _limits.MinimumSpread) is var score
            && score > _limits.LongScore * 3)
        {
            var quiet = wick > _limits.QuietWick && Seen(bar, evidence) != true
                && _level.RelativeVolume(bar.Volume) is > 0 and var volume && volume < _limits.QuietVolume;
            verdict = verdict.With(
                BarRule.WickOutlier, quiet ? Verdict.Quarantine : Verdict.Accept, score, _limits.LongScore * 3);
        }
    }

    /// <summary>Whether the second source reached, within a quarter of the way, as far as the longer wick; null where
    /// it says nothing.</summary>
    static bool? Seen(in BarNumbers bar, in BarEvidence evidence)
    {
        var (bottom, top) = (Math.Min(bar.Open, bar.Close), Math.Max(bar.Open, bar.Close));
        var down = bottom / bar.Low >= bar.High / top;
        if ((down ? evidence.Low : evidence.High) is not > 0) return null;
        return down
            ? Math.Log(bottom / evidence.Low!.Value) >= 0.75 * Math.Log(bottom / bar.Low)
            : Math.Log(evidence.High!.Value / top) >= 0.75 * Math.Log(bar.High / top);
    }
}
