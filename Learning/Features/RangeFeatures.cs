using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>What opens, highs and lows add to closes: range volatility, gaps, directional movement, spreads.</summary>
sealed class RangeFeatures : FeatureBlock
{
    const FeatureNeeds Needs = FeatureNeeds.Range;
    static readonly int[] Windows = [21, 63];

    static readonly ImmutableArray<Feature> All =
    [
        .. Feature.Each("parkinson", "range", Windows, 0, ", volatility a session", Needs),
        .. Feature.Each("garman_klass", "range", Windows, 0, ", volatility a session", Needs),
        .. Feature.Each("rogers_satchell", "range", Windows, 0, ", volatility a session", Needs),
        .. Feature.Each("yang_zhang", "range", Windows, 1, ", volatility a session", Needs),
        new("overnight_return", "range", 2, "open over the close before, logarithm", Needs),
        new("session_return", "range", 1, "close over open, logarithm", Needs),
        new("session_range", "range", 1, "high over low, logarithm", Needs),
        new("close_place", "range", 1, "close between low and high, 0 to 1, one half without a range", Needs),
        new("atr_14", "range", 15, "Wilder, over the close", Needs),
        new("adx_14", "range", 28, "Wilder, 0 to 100", Needs),
        new("directional_difference_14", "range", 15, "positive less negative directional indicator", Needs),
        new("stochastic_14", "oscillator", 14, "close between lowest low and highest high, 0 to 1", Needs),
        new("stochastic_mean_3", "oscillator", 16, "mean of 3 of it", Needs),
        new("cci_20", "oscillator", 20, "typical price less its mean, over 0.015 mean deviations", Needs),
        new("corwin_schultz_21", "liquidity", 22, "mean proportional spread from highs and lows", Needs),
    ];

    readonly RollingMoments[] _parkinson = Of(), _garmanKlass = Of(), _rogersSatchell = Of();
    readonly RollingMoments[] _overnight = Of(), _openToClose = Of();
    readonly RollingMaximum _high = new(14);
    readonly RollingMinimum _low = new(14);
    readonly RollingMoments _stochastic = new(3), _typicalMean = new(20), _spread = new(21);
    readonly RollingWindow _typical = new(20);
    readonly ExponentialAverage _trueRange = ExponentialAverage.Wilder(14);
    readonly DirectionalMovement _movement = new(14);

    public override ImmutableArray<Feature> Columns => All;

    public override void Update(SessionState state, Span<double> row)
    {
        var (bar, before, second) = (state.Bar, state.Before, state.Count > 1);
        AddVolatilities(bar, second ? before.Close : double.NaN);
        var at = 0;
        Fill(row, ref at, _parkinson);
        Fill(row, ref at, _garmanKlass);
        Fill(row, ref at, _rogersSatchell);
        for (var i = 0; i < Windows.Length; i++)
            row[at++] = _overnight[i].IsFull
                ? Math.Sqrt(RangeVolatility.YangZhang(_overnight[i].SampleVariance, _openToClose[i].SampleVariance,
                    _rogersSatchell[i].Mean, Windows[i]))
                : double.NaN;
        row[at++] = second ? Math.Log(bar.Open / before.Close) : double.NaN;
        row[at++] = Math.Log(bar.Close / bar.Open);
        row[at++] = Math.Log(bar.High / bar.Low);
        row[at++] = bar.High > bar.Low ? (bar.Close - bar.Low) / (bar.High - bar.Low) : 0.5;
        if (second) _trueRange.Add(Math.Max(bar.High, before.Close) - Math.Min(bar.Low, before.Close));
        row[at++] = _trueRange.Value / bar.Close;
        _movement.Add(bar.High, bar.Low, bar.Close);
        row[at++] = _movement.Index ?? double.NaN;
        row[at++] = _movement.Indicators is { } indicators ? indicators.Up - indicators.Down : double.NaN;
        Stochastic(bar, row, ref at);
        row[at++] = ChannelIndex((bar.High + bar.Low + bar.Close) / 3);
        if (second) _spread.Add(RangeVolatility.CorwinSchultzSpread(bar.High, bar.Low, before.High, before.Low));
        row[at] = _spread.IsFull ? _spread.Mean : double.NaN;
    }

    void AddVolatilities(in FeatureBar bar, double closeBefore)
    {
        var parkinson = RangeVolatility.Parkinson(bar.High, bar.Low);
        var garmanKlass = RangeVolatility.GarmanKlass(bar.Open, bar.High, bar.Low, bar.Close);
        var rogersSatchell = RangeVolatility.RogersSatchell(bar.Open, bar.High, bar.Low, bar.Close);
        for (var i = 0; i < Windows.Length; i++)
        {
            _parkinson[i].Add(parkinson);
            _garmanKlass[i].Add(garmanKlass);
            _rogersSatchell[i].Add(rogersSatchell);
            if (double.IsNaN(closeBefore)) continue;
            _overnight[i].Add(Math.Log(bar.Open / closeBefore));
            _openToClose[i].Add(Math.Log(bar.Close / bar.Open));
        }
    }

    void Stochastic(in FeatureBar bar, Span<double> row, ref int at)
    {
        _high.Add(bar.High);
        _low.Add(bar.Low);
        var range = _high.Value - _low.Value;
        var place = range > 0 ? (bar.Close - _low.Value) / range : 0.5;
        row[at++] = _high.IsFull ? place : double.NaN;
        if (_high.IsFull) _stochastic.Add(place);
        row[at++] = _stochastic.IsFull ? _stochastic.Mean : double.NaN;
    }

    double ChannelIndex(double typical)
    {
        _typical.Add(typical);
        _typicalMean.Add(typical);
        if (!_typical.IsFull) return double.NaN;
        var (mean, deviation) = (_typicalMean.Mean, 0.0);
        for (var back = 0; back < _typical.Length; back++)
            deviation += Math.Abs(_typical[back] - mean);
        deviation /= _typical.Length;
        return deviation > 0 ? (typical - mean) / (0.015 * deviation) : double.NaN;
    }

    static RollingMoments[] Of() => [.. Windows.Select(length => new RollingMoments(length))];

    /// <summary>Garman and Klass' mean can be negative in a window of gaps without ranges: not defined.</summary>
    static void Fill(Span<double> row, ref int at, RollingMoments[] moments)
    {
        foreach (var each in moments)
            row[at++] = each is { IsFull: true, Mean: >= 0 and var mean } ? Math.Sqrt(mean) : double.NaN;
    }
}
