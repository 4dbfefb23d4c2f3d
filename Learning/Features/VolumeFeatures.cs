using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Volume and liquidity.</summary>
sealed class VolumeFeatures : FeatureBlock
{
    const FeatureNeeds Needs = FeatureNeeds.Volume;

    /// <summary>A session without trade counts as one unit, so that logarithms and ratios stay finite.</summary>
    const double LeastVolume = 1;

    static readonly ImmutableArray<Feature> All =
    [
        new("volume_ratio_5_21", "volume", 21, "logarithm of one mean over the other", Needs),
        new("volume_ratio_21_63", "volume", 63, "logarithm of one mean over the other", Needs),
        new("volume_surprise_21", "volume", 21, "logarithm of volume, standardised over 21", Needs),
        new("dollar_volume_21", "liquidity", 21, "logarithm of the mean of close times volume", Needs),
        new("amihud_21", "liquidity", 22, "logarithm of the mean of absolute return over dollar volume", Needs),
        new("amihud_63", "liquidity", 64, "logarithm of the mean of absolute return over dollar volume", Needs),
        new("on_balance_volume_21", "volume", 22, "signed over total volume of 21", Needs),
        new("on_balance_volume_63", "volume", 64, "signed over total volume of 63", Needs),
        new("volume_return_correlation_63", "volume", 64, "of absolute returns with log volume", Needs),
        new("distance_vwap_20", "volume", 20, "logarithm of close over the volume-weighted mean close", Needs),
    ];

    readonly RollingMoments _volume5 = new(5), _volume21 = new(21), _volume63 = new(63), _logVolume = new(21);
    readonly RollingMoments _dollars21 = new(21), _amihud21 = new(21), _amihud63 = new(63);
    readonly RollingMoments _signed21 = new(21), _signed63 = new(63), _volume20 = new(20), _dollars20 = new(20);
    readonly RollingComovement _withReturn = new(63);

    public override ImmutableArray<Feature> Columns => All;

    public override void Update(SessionState state, Span<double> row)
    {
        var volume = Math.Max(state.Bar.Volume, LeastVolume);
        var (dollars, log) = (volume * state.Bar.Close, Math.Log(volume));
        Each(volume, _volume5, _volume21, _volume63, _volume20);
        Each(dollars, _dollars21, _dollars20);
        _logVolume.Add(log);
        if (state.Count > 1)
        {
            var signed = Math.Sign(state.Return) * volume;
            Each(Math.Abs(state.Return) / dollars, _amihud21, _amihud63);
            Each(signed, _signed21, _signed63);
            _withReturn.Add(log, Math.Abs(state.Return));
        }

        row[0] = _volume21.IsFull ? Math.Log(_volume5.Mean / _volume21.Mean) : double.NaN;
        row[1] = _volume63.IsFull ? Math.Log(_volume21.Mean / _volume63.Mean) : double.NaN;
        row[2] = _logVolume is { IsFull: true, PopulationDeviation: > 0 and var deviation }
            ? (log - _logVolume.Mean) / deviation
            : double.NaN;
        row[3] = _dollars21.IsFull ? Math.Log(_dollars21.Mean) : double.NaN;
        row[4] = _amihud21 is { IsFull: true, Mean: > 0 and var brief } ? Math.Log(brief) : double.NaN;
        row[5] = _amihud63 is { IsFull: true, Mean: > 0 and var lasting } ? Math.Log(lasting) : double.NaN;
        row[6] = _signed21.IsFull ? _signed21.Sum / _volume21.Sum : double.NaN;
        row[7] = _signed63.IsFull ? _signed63.Sum / _volume63.Sum : double.NaN;
        row[8] = _withReturn.IsFull ? _withReturn.Correlation ?? double.NaN : double.NaN;
        row[9] = _volume20.IsFull ? Math.Log(state.Bar.Close * _volume20.Sum / _dollars20.Sum) : double.NaN;
    }

    static void Each(double value, params ReadOnlySpan<RollingMoments> all)
    {
        foreach (var moments in all)
            moments.Add(value);
    }
}
