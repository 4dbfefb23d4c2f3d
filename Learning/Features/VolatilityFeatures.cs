using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Realised volatility of closes, how it changes, and the shape of returns.</summary>
sealed class VolatilityFeatures : FeatureBlock
{
    const double EwmaDecay = 0.94;
    static readonly int[] Shapes = [21, 63, 252];

    static readonly ImmutableArray<Feature> All =
    [
        .. Feature.Each("volatility", "volatility", SessionState.Volatilities, 1, ", population deviation of returns"),
        new("volatility_ratio_5_21", "volatility", 22, "logarithm"),
        new("volatility_ratio_21_63", "volatility", 64, "logarithm"),
        new("volatility_ratio_21_252", "volatility", 253, "logarithm"),
        new("downside_volatility_21", "volatility", 22, "root mean square of falls, rises as zero"),
        new("downside_volatility_63", "volatility", 64, "root mean square of falls, rises as zero"),
        new("ewma_volatility", "volatility", 22, "decay 0.94, seeded with the mean square of 21"),
        new("volatility_of_volatility_63", "volatility", 84, "deviation of the 21-session volatility over its mean"),
        .. Feature.Each("skewness", "moments", Shapes, 1, ", moments over n"),
        .. Feature.Each("kurtosis", "moments", Shapes, 1, ", excess, moments over n"),
        new("best_return_21", "moments", 22, "largest return of 21"),
        new("worst_return_21", "moments", 22, "smallest return of 21"),
    ];

    readonly RollingMoments _falls21 = new(21), _falls63 = new(63), _volatilities = new(63);
    readonly RollingShape[] _shapes = [.. Shapes.Select(length => new RollingShape(length))];
    readonly RollingMaximum _best = new(21);
    readonly RollingMinimum _worst = new(21);
    double _seed, _ewma;

    public override ImmutableArray<Feature> Columns => All;

    public override void Update(SessionState state, Span<double> row)
    {
        if (state.Count > 1) Add(state.Return, state.Count - 1);
        if (state.Count > 21) _volatilities.Add(state.Volatility21);
        var at = 0;
        for (; at < SessionState.Volatilities.Length; at++)
            row[at] = state.Volatility(at);
        row[at++] = LogRatio(state.Volatility(0), state.Volatility21);
        row[at++] = LogRatio(state.Volatility21, state.Volatility(3));
        row[at++] = LogRatio(state.Volatility21, state.Volatility(5));
        row[at++] = _falls21.IsFull ? Math.Sqrt(_falls21.Mean) : double.NaN;
        row[at++] = _falls63.IsFull ? Math.Sqrt(_falls63.Mean) : double.NaN;
        row[at++] = state.Count > 21 ? Math.Sqrt(_ewma) : double.NaN;
        row[at++] = _volatilities is { IsFull: true, Mean: > 0 }
            ? _volatilities.PopulationDeviation / _volatilities.Mean
            : double.NaN;
        for (var length = 0; length < Shapes.Length; length++)
            (row[at + length], row[at + length + Shapes.Length]) = _shapes[length] is { IsFull: true, Shape: { } shape }
                ? shape
                : (double.NaN, double.NaN);
        at += 2 * Shapes.Length;
        row[at++] = _best.IsFull ? _best.Value : double.NaN;
        row[at] = _worst.IsFull ? _worst.Value : double.NaN;
    }

    void Add(double value, int returns)
    {
        var fall = Math.Min(value, 0);
        _falls21.Add(fall * fall);
        _falls63.Add(fall * fall);
        foreach (var shape in _shapes)
            shape.Add(value);
        _best.Add(value);
        _worst.Add(value);
        if (returns <= 21) _ewma = (_seed += value * value) / 21;
        else _ewma = EwmaDecay * _ewma + (1 - EwmaDecay) * value * value;
    }

    static double LogRatio(double numerator, double denominator) =>
        numerator > 0 && denominator > 0 ? Math.Log(numerator / denominator) : double.NaN;
}
