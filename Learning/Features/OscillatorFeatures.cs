using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>RSI, MACD and Bollinger bands of closes; prices over the close, so that symbols compare.</summary>
sealed class OscillatorFeatures : FeatureBlock
{
    static readonly int[] Strengths = [2, 7, 14, 28];

    static readonly ImmutableArray<Feature> All =
    [
        .. Feature.Each("rsi", "oscillator", Strengths, 1, ", Wilder, 0 to 1"),
        new("macd", "oscillator", 26, "EMA 12 less EMA 26, over the close"),
        new("macd_signal", "oscillator", 34, "EMA 9 of MACD, over the close"),
        new("macd_histogram", "oscillator", 34, "MACD less its signal, over the close"),
        new("bollinger_position_20", "oscillator", 20, "place between bands of 2 population deviations, 0 to 1"),
        new("bollinger_width_20", "oscillator", 20, "distance of the bands over their middle"),
    ];

    readonly RelativeStrength[] _strengths = [.. Strengths.Select(length => new RelativeStrength(length))];
    readonly ExponentialAverage _fast = ExponentialAverage.OfSpan(12), _slow = ExponentialAverage.OfSpan(26);
    readonly ExponentialAverage _signal = ExponentialAverage.OfSpan(9);
    readonly RollingMoments _bands = new(20);

    public override ImmutableArray<Feature> Columns => All;

    public override void Update(SessionState state, Span<double> row)
    {
        var (at, close) = (0, state.Bar.Close);
        foreach (var strength in _strengths)
        {
            if (state.Count > 1) strength.Add(close - state.Before.Close);
            row[at++] = strength.Value ?? double.NaN;
        }

        _fast.Add(close);
        _slow.Add(close);
        var macd = _fast.Value - _slow.Value;
        if (_slow.IsFull) _signal.Add(macd);
        row[at++] = macd / close;
        row[at++] = _signal.Value / close;
        row[at++] = (macd - _signal.Value) / close;
        _bands.Add(close);
        var deviation = _bands.IsFull ? _bands.PopulationDeviation : double.NaN;
        row[at++] = deviation > 0 ? (close - _bands.Mean + 2 * deviation) / (4 * deviation) : double.NaN;
        row[at] = 4 * deviation / _bands.Mean;
    }
}
