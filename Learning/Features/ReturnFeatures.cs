using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Returns over several horizons, momentum and reversal.</summary>
sealed class ReturnFeatures : FeatureBlock
{
    static readonly int[] Horizons = [1, 2, 3, 5, 10, 21, 42, 63, 126, 252];
    static readonly int[] Shares = [10, 21, 63];

    static readonly ImmutableArray<Feature> All =
    [
        .. Feature.Each("return", "return", Horizons, 1, ", logarithmic"),
        new("momentum_252_21", "momentum", 253, "return of 252 sessions less the last 21"),
        new("momentum_126_21", "momentum", 127, "return of 126 sessions less the last 21"),
        new("momentum_change_21", "momentum", 43, "return of 21 sessions less that of the 21 before"),
        new("standard_return_1", "reversal", 22, "return over the deviation of the last 21"),
        new("standard_return_5", "reversal", 22, "return of 5 over the deviation of the last 21 times root 5"),
        .. Feature.Each("up_share", "momentum", Shares, 1, ", share of rises"),
    ];

    readonly RollingMoments[] _rises = [.. Shares.Select(length => new RollingMoments(length))];

    public override ImmutableArray<Feature> Columns => All;

    public override void Update(SessionState state, Span<double> row)
    {
        var at = 0;
        foreach (var horizon in Horizons)
            row[at++] = state.ReturnOver(horizon);
        row[at++] = state.ReturnOver(231, 21);
        row[at++] = state.ReturnOver(105, 21);
        row[at++] = state.ReturnOver(21) - state.ReturnOver(21, 21);
        var deviation = state.Volatility21 is > 0 and var positive ? positive : double.NaN;
        row[at++] = state.Return / deviation;
        row[at++] = state.ReturnOver(5) / (deviation * Math.Sqrt(5));
        foreach (var rises in _rises)
        {
            if (state.Count > 1) rises.Add(state.Return > 0 ? 1 : 0);
            row[at++] = rises.IsFull ? rises.Mean : double.NaN;
        }
    }
}
