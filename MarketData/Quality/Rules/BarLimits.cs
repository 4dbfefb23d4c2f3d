namespace Trading.MarketData;

/// <summary>The limits of the rules for one class and interval. Lengths of moves are natural logarithms, of wicks
/// fractions.</summary>
sealed record BarLimits
{
    /// <summary>A close that moved further is a jump, however restless the series is.</summary>
    public double Jump { get; init; } = 0.25;
    /// <summary>A low, high or open that is further away from the body is a wick.</summary>
    public double Wick { get; init; } = 0.15;
    /// <summary>Returns and wicks below these are never scored: the cheap bound that nearly every bar passes.</summary>
    public double ReturnFloor { get; init; } = 0.06;
    public double WickFloor { get; init; } = 0.06;
    /// <summary>Robust score against the last <see cref="LongWindow"/> bars (Iglewicz and Hoaglin 1993).</summary>
    public double LongScore { get; init; } = 8;
    /// <summary>The same against the last <see cref="ShortWindow"/> bars: Hampel's identifier, which knows the
    /// restlessness of the moment. Both must be exceeded.</summary>
    public double ShortScore { get; init; } = 6;
    /// <summary>The least spread that a score divides by: a price that stood still does not turn a tick into an
    /// outlier.</summary>
    public double MinimumSpread { get; init; } = 0.001;
    /// <summary>Volume over the median of the last <see cref="VolumeWindow"/> bars that confirms an outlier, a jump,
    /// and a wick.</summary>
    public double OutlierVolume { get; init; } = 1;
    public double JumpVolume { get; init; } = 1.3;
    public double WickVolume { get; init; } = 2;
    /// <summary>A wick beyond it is confirmed by no volume, only by a second source.</summary>
    public double DeepWick { get; init; } = 0.5;
    /// <summary>Bars after a jump that must stay at its level to confirm it.</summary>
    public int ConfirmingBars { get; init; } = 2;
    /// <summary>Equal bars on end that are a stale run.</summary>
    public int StaleRun { get; init; } = 5;
    /// <summary>Missing bars after which another level is asked for its name.</summary>
    public int LongGap { get; init; } = 60;
    /// <summary>Money traded in a day below which the day is thin.</summary>
    public double ThinDay { get; init; } = 1_000;
    /// <summary>How far the close of a second source may be away: at least this, and more where the two usually differ
    /// more.</summary>
    public double SourceTolerance { get; init; } = 0.005;
    public double SourceScore { get; init; } = 10;
    /// <summary>How near to the ratio of a split a move must come to look like one; 0 where nothing ever
    /// splits.</summary>
    public double SplitTolerance { get; init; } = 0.08;
    /// <summary>The same where no volume is known.</summary>
    public double BareSplitTolerance { get; init; } = 0.02;
    /// <summary>Money traded over the usual from which such a move is no split; the same with the span of the day over
    /// the usual, in logarithms; and the share of its size from which the bar itself has gone the way, with the volume
    /// of a jump.</summary>
    public double SplitMoney { get; init; } = 3;
    public double SplitProof { get; init; } = 1.7;
    public double SplitTravel { get; init; } = 0.6;
    /// <summary>Bars at the new level that can show that it was no split, and how much they have to say, by their spans
    /// or by their units.</summary>
    public int SplitFollowers { get; init; } = 3;
    public double SplitSpans { get; init; } = 2;
    public double SplitUnits { get; init; } = 5;
    /// <summary>The same by units where the bar of the move had about the usual volume.</summary>
    public double QuietSplitUnits { get; init; } = 8;
    /// <summary>A wick below the limit that scores this many times what is noted, is this long and has the usual volume
    /// or less, is an error.</summary>
    public double QuietWick { get; init; } = 0.08;
    public double QuietVolume { get; init; } = 1.25;

    public const int LongWindow = 252, ShortWindow = 21, MinimumWindow = 40, VolumeWindow = 60, MinimumVolumes = 5;
    /// <summary>Beyond them a number is a fault of transmission.</summary>
    public const double MaxPrice = 1e9, MinPrice = 1e-10, MaxVolume = 1e15;

    /// <summary>The limits of a class and an interval. They were set on twenty years of daily bars, five days of
    /// minutes of shares, and days of minutes of three crypto exchanges; docs/data-quality.md says what they find
    /// there.</summary>
    public static BarLimits Of(AssetClass kind, BarInterval interval)
    {
        var daily = interval == BarInterval.OneDay;
        var limits = kind switch
        {
            AssetClass.Crypto =>
                new BarLimits { Jump = 0.25, Wick = 0.25, ReturnFloor = 0.15, WickFloor = 0.15, SplitTolerance = 0, BareSplitTolerance = 0 },
            AssetClass.Fx => new BarLimits
            {
                Jump = 0.08,
                Wick = 0.05,
                ReturnFloor = 0.03,
                WickFloor = 0.03,
                ThinDay = 0,
                SplitTolerance = 0,
                BareSplitTolerance = 0,
            },
            _ => new BarLimits(),
        };
        if (daily) return limits;
        var scale = interval switch
        {
            BarInterval.OneHour => 0.6,
            BarInterval.FifteenMinutes => 0.5,
            BarInterval.FiveMinutes => 0.4,
            _ => 0.33,
        };
        return limits with
        {
            Jump = limits.Jump * scale,
            Wick = limits.Wick * scale,
            ReturnFloor = limits.ReturnFloor * scale,
            WickFloor = limits.WickFloor * scale,
            MinimumSpread = 0.0005,
            StaleRun = 60,
            LongGap = 1_000_000,
            JumpVolume = 3,
            WickVolume = 5,
            // within a day no volume is usual enough to speak for or against a split
            SplitTolerance = limits.BareSplitTolerance,
            SplitMoney = double.PositiveInfinity,
            SplitProof = double.PositiveInfinity,
            SplitTravel = double.PositiveInfinity,
            SplitFollowers = int.MaxValue,
            QuietVolume = 0,
        };
    }
}
