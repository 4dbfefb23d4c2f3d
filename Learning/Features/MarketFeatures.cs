using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>The symbol against its market, and the market itself.</summary>
sealed class MarketFeatures : FeatureBlock
{
    static readonly int[] Windows = [63, 252], Horizons = [1, 5, 21, 63];

    static readonly ImmutableArray<Feature> All =
    [
        .. Feature.Each("beta", "market", Windows, 1, ", slope on the market's returns", FeatureNeeds.Market),
        .. Feature.Each("correlation", "market", Windows, 1, ", with the market's returns", FeatureNeeds.Market),
        new("residual_volatility_63", "market", 64, "deviation that the market does not explain", FeatureNeeds.Market),
        .. Feature.Each("market_return", "market", Horizons, 1, ", logarithmic", FeatureNeeds.Market),
        .. Feature.Each("relative_return", "market", Horizons, 1, ", less the market's", FeatureNeeds.Market),
        new("market_volatility_21", "market", 22, "population deviation", FeatureNeeds.Market),
    ];

    readonly RollingComovement[] _windows = [.. Windows.Select(length => new RollingComovement(length))];
    readonly RollingMoments _volatility = new(21);
    readonly RollingWindow _level = new(64);
    double _sum;

    public override ImmutableArray<Feature> Columns => All;

    public override void Update(SessionState state, Span<double> row)
    {
        if (state.Count > 1)
        {
            _sum += state.MarketReturn;
            _volatility.Add(state.MarketReturn);
            foreach (var window in _windows)
                window.Add(state.MarketReturn, state.Return);
        }

        _level.Add(_sum);
        var at = 0;
        foreach (var window in _windows)
            row[at++] = window.IsFull ? window.Slope ?? double.NaN : double.NaN;
        foreach (var window in _windows)
            row[at++] = window.IsFull ? window.Correlation ?? double.NaN : double.NaN;
        row[at++] = _windows[0] is { IsFull: true, ResidualVariance: { } residual } ? Math.Sqrt(residual) : double.NaN;
        for (var i = 0; i < Horizons.Length; i++)
        {
            var market = _level.Count > Horizons[i] ? _level[0] - _level[Horizons[i]] : double.NaN;
            row[at + i] = market;
            row[at + Horizons.Length + i] = state.ReturnOver(Horizons[i]) - market;
        }

        row[at + 2 * Horizons.Length] = _volatility.IsFull ? _volatility.PopulationDeviation : double.NaN;
    }
}
