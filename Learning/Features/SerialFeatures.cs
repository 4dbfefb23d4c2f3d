using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>How returns follow one another, and which regime they are in.</summary>
sealed class SerialFeatures : FeatureBlock
{
    static readonly (int Lag, int Length)[] Lags = [(1, 21), (1, 63), (2, 63), (5, 63)];
    static readonly int[] Efficiencies = [10, 21, 63];

    static readonly ImmutableArray<Feature> All =
    [
        .. Lags.Select(each => new Feature($"autocorrelation_{each.Lag}_{each.Length}", "autocorrelation",
            each.Length + each.Lag + 1, $"lag {each.Lag}, {each.Length} pairs of returns")),
        new("volatility_clustering_63", "autocorrelation", 65, "lag 1 of absolute returns, 63 pairs"),
        new("variance_ratio_5_63", "autocorrelation", 68, "mean square of 5-session returns over 5 of one's, 63 each"),
        new("roll_spread_63", "liquidity", 65, "Roll: 2 root of the negative lag-1 covariance, its sign kept"),
        .. Feature.Each("efficiency", "regime", Efficiencies, 1, ", net move over the sum of moves"),
        new("volatility_rank_252", "regime", 273, "rank of the 21-session volatility among its last 252"),
        new("above_average_200", "regime", 200, "1 where the close is above its mean, else 0"),
    ];

    readonly RollingWindow _returns = new(6);
    readonly RollingComovement[] _lags = [.. Lags.Select(each => new RollingComovement(each.Length))];
    readonly RollingComovement _absolute = new(63);
    readonly RollingMoments _squares = new(63), _squaresOf5 = new(63);
    readonly RollingMoments[] _moves = [.. Efficiencies.Select(length => new RollingMoments(length))];
    readonly RollingRank _rank = new(252);

    public override ImmutableArray<Feature> Columns => All;

    public override void Update(SessionState state, Span<double> row)
    {
        if (state.Count > 1) Add(state);
        var at = 0;
        foreach (var lag in _lags)
            row[at++] = lag.IsFull ? lag.Correlation ?? double.NaN : double.NaN;
        row[at++] = _absolute.IsFull ? _absolute.Correlation ?? double.NaN : double.NaN;
        row[at++] = _squaresOf5.IsFull && _squares.Mean > 0 ? _squaresOf5.Mean / (5 * _squares.Mean) : double.NaN;
        var covariance = _lags[1].Covariance;
        row[at++] = _lags[1].IsFull ? -2 * Math.Sign(covariance) * Math.Sqrt(Math.Abs(covariance)) : double.NaN;
        for (var i = 0; i < Efficiencies.Length; i++)
            row[at++] = _moves[i] is { IsFull: true, Sum: > 1e-12 and var moves }
                ? Math.Abs(state.ReturnOver(Efficiencies[i])) / moves
                : double.NaN;
        var rank = state.Count > 21 ? _rank.Add(state.Volatility21) : double.NaN;
        row[at++] = _rank.IsFull ? rank : double.NaN;
        row[at] = double.IsNaN(state.Average200) ? double.NaN : state.Bar.Close > state.Average200 ? 1 : 0;
    }

    void Add(SessionState state)
    {
        var value = state.Return;
        _returns.Add(value);
        for (var i = 0; i < Lags.Length; i++)
            if (_returns.Count > Lags[i].Lag) _lags[i].Add(_returns[Lags[i].Lag], value);
        if (_returns.Count > 1) _absolute.Add(Math.Abs(_returns[1]), Math.Abs(value));
        _squares.Add(value * value);
        if (state.Count > 5) _squaresOf5.Add(state.ReturnOver(5) * state.ReturnOver(5));
        foreach (var moves in _moves)
            moves.Add(Math.Abs(value));
    }
}
