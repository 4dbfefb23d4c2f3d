using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>Where the close stands: against its averages, its highs and lows, and its trend line.</summary>
sealed class TrendFeatures : FeatureBlock
{
    static readonly int[] Averages = [5, 10, 20, 50, 100], Extremes = [21, 63, 252], Lines = [21, 63];

    static readonly ImmutableArray<Feature> All =
    [
        .. Feature.Each("distance_average", "trend", Averages, 0, ", logarithm of close over mean close"),
        new("distance_average_200", "trend", 200, "200 sessions, logarithm of close over mean close"),
        new("average_cross_10_50", "trend", 50, "logarithm of one mean over the other"),
        new("average_cross_50_200", "trend", 200, "logarithm of one mean over the other"),
        .. Feature.Each("distance_high", "trend", Extremes, 0, ", logarithm of close over the highest"),
        .. Feature.Each("distance_low", "trend", Extremes, 0, ", logarithm of close over the lowest"),
        new("since_high_252", "trend", 252, "sessions since the highest close, share of 252"),
        new("since_low_252", "trend", 252, "sessions since the lowest close, share of 252"),
        .. Feature.Each("trend_slope", "trend", Lines, 0, ", least-squares slope of log closes a session"),
        .. Feature.Each("trend_fit", "trend", Lines, 0, ", share of variance that the line explains"),
    ];

    readonly RollingMoments[] _averages = [.. Averages.Select(length => new RollingMoments(length))];
    readonly RollingMaximum[] _highs = [.. Extremes.Select(length => new RollingMaximum(length))];
    readonly RollingMinimum[] _lows = [.. Extremes.Select(length => new RollingMinimum(length))];
    readonly TrendLine[] _lines = [.. Lines.Select(length => new TrendLine(length))];

    public override ImmutableArray<Feature> Columns => All;

    public override void Update(SessionState state, Span<double> row)
    {
        var (at, log) = (0, state.LogCloses[0]);
        Span<double> logAverages = stackalloc double[Averages.Length];
        for (var i = 0; i < Averages.Length; i++)
        {
            _averages[i].Add(state.Bar.Close);
            logAverages[i] = _averages[i].IsFull ? Math.Log(_averages[i].Mean) : double.NaN;
            row[at++] = log - logAverages[i];
        }

        var log200 = Math.Log(state.Average200);
        row[at++] = log - log200;
        row[at++] = logAverages[1] - logAverages[3];
        row[at++] = logAverages[3] - log200;
        for (var i = 0; i < Extremes.Length; i++)
        {
            _highs[i].Add(log);
            _lows[i].Add(log);
            row[at + i] = _highs[i].IsFull ? log - _highs[i].Value : double.NaN;
            row[at + Extremes.Length + i] = _lows[i].IsFull ? log - _lows[i].Value : double.NaN;
        }

        at += 2 * Extremes.Length;
        row[at++] = _highs[^1].IsFull ? _highs[^1].Age / 252.0 : double.NaN;
        row[at++] = _lows[^1].IsFull ? _lows[^1].Age / 252.0 : double.NaN;
        for (var i = 0; i < Lines.Length; i++)
        {
            _lines[i].Add(log);
            (row[at + i], row[at + Lines.Length + i]) =
                _lines[i] is { IsFull: true, Line: { } line } ? line : (double.NaN, double.NaN);
        }
    }
}
