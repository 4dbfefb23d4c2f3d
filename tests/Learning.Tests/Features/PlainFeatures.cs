namespace Trading.Learning.Tests;

/// <summary>Features as their definitions read, each calculated afresh from the whole past: nothing of the rolling
/// forms is used.</summary>
sealed class PlainFeatures(FeatureBar[] bars)
{
    double Close(int at) => bars[at].Close;
    double Return(int at, int sessions = 1) => Math.Log(Close(at) / Close(at - sessions));
    double[] Closes(int at, int n) => [.. Enumerable.Range(at - n + 1, n).Select(Close)];
    double[] Returns(int at, int n) => [.. Enumerable.Range(at - n + 1, n).Select(i => Return(i))];
    static double[] Over(int at, int n, Func<int, double> value) => [.. Enumerable.Range(at - n + 1, n).Select(value)];

    public Dictionary<string, Func<int, double>> All => new()
    {
        ["return_1"] = t => Return(t),
        ["return_252"] = t => Return(t, 252),
        ["momentum_252_21"] = t => Return(t, 252) - Return(t, 21),
        ["momentum_126_21"] = t => Return(t, 126) - Return(t, 21),
        ["momentum_change_21"] = t => Return(t, 21) - Return(t - 21, 21),
        ["standard_return_1"] = t => Return(t) / Deviation(Returns(t, 21)),
        ["standard_return_5"] = t => Return(t, 5) / Deviation(Returns(t, 21)) / Math.Sqrt(5),
        ["up_share_10"] = t => Returns(t, 10).Count(value => value > 0) / 10.0,
        ["volatility_5"] = t => Deviation(Returns(t, 5)),
        ["volatility_252"] = t => Deviation(Returns(t, 252)),
        ["volatility_ratio_21_252"] = t => Math.Log(Deviation(Returns(t, 21)) / Deviation(Returns(t, 252))),
        ["downside_volatility_63"] = t => Math.Sqrt(Returns(t, 63).Average(value => value < 0 ? value * value : 0)),
        ["volatility_of_volatility_63"] = t => Deviation(Over(t, 63, i => Deviation(Returns(i, 21))))
            / Over(t, 63, i => Deviation(Returns(i, 21))).Average(),
        ["skewness_63"] = t => Moment(Returns(t, 63), 3) / Math.Pow(Deviation(Returns(t, 63)), 3),
        ["kurtosis_252"] = t => Moment(Returns(t, 252), 4) / Math.Pow(Deviation(Returns(t, 252)), 4) - 3,
        ["best_return_21"] = t => Returns(t, 21).Max(),
        ["worst_return_21"] = t => Returns(t, 21).Min(),
        ["distance_average_20"] = t => Math.Log(Close(t) / Closes(t, 20).Average()),
        ["distance_average_200"] = t => Math.Log(Close(t) / Closes(t, 200).Average()),
        ["average_cross_50_200"] = t => Math.Log(Closes(t, 50).Average() / Closes(t, 200).Average()),
        ["distance_high_63"] = t => Math.Log(Close(t) / Closes(t, 63).Max()),
        ["distance_low_252"] = t => Math.Log(Close(t) / Closes(t, 252).Min()),
        ["since_high_252"] = t => (251 - Array.LastIndexOf(Closes(t, 252), Closes(t, 252).Max())) / 252.0,
        ["trend_slope_63"] = t => Line(Closes(t, 63)).Slope,
        ["trend_fit_21"] = t => Line(Closes(t, 21)).Fit,
        ["bollinger_position_20"] = t => (Close(t) - Closes(t, 20).Average()) / (4 * Deviation(Closes(t, 20))) + 0.5,
        ["bollinger_width_20"] = t => 4 * Deviation(Closes(t, 20)) / Closes(t, 20).Average(),
        ["autocorrelation_2_63"] = t => Correlation(Returns(t, 63), Returns(t - 2, 63)),
        ["volatility_clustering_63"] = t => Correlation(
            [.. Returns(t, 63).Select(value => Math.Abs(value))], [.. Returns(t - 1, 63).Select(value => Math.Abs(value))]),
        ["variance_ratio_5_63"] = t => Over(t, 63, i => Return(i, 5) * Return(i, 5)).Average()
            / (5 * Over(t, 63, i => Return(i) * Return(i)).Average()),
        ["roll_spread_63"] = t => -2 * Math.Sign(Covariance(Returns(t, 63), Returns(t - 1, 63)))
            * Math.Sqrt(Math.Abs(Covariance(Returns(t, 63), Returns(t - 1, 63)))),
        ["efficiency_21"] = t => Math.Abs(Return(t, 21)) / Returns(t, 21).Sum(value => Math.Abs(value)),
        ["volatility_rank_252"] = t => Rank(Over(t, 252, i => Deviation(Returns(i, 21)))),
        ["above_average_200"] = t => Close(t) > Closes(t, 200).Average() ? 1 : 0,
        ["parkinson_21"] = t => Math.Sqrt(Over(t, 21, i => Math.Pow(Math.Log(bars[i].High / bars[i].Low), 2)).Average()
            / (4 * Math.Log(2))),
        ["garman_klass_21"] = t => Math.Sqrt(Over(t, 21, i => 0.5 * Math.Pow(Math.Log(bars[i].High / bars[i].Low), 2)
            - (2 * Math.Log(2) - 1) * Math.Pow(Math.Log(bars[i].Close / bars[i].Open), 2)).Average()),
        ["yang_zhang_63"] = t => YangZhang(t, 63),
        ["overnight_return"] = t => Math.Log(bars[t].Open / Close(t - 1)),
        ["close_place"] = t => (Close(t) - bars[t].Low) / (bars[t].High - bars[t].Low),
        ["amihud_21"] = t => Math.Log(Over(t, 21, i => Math.Abs(Return(i)) / (Close(i) * bars[i].Volume)).Average()),
        ["on_balance_volume_21"] = t => Over(t, 21, i => Math.Sign(Return(i)) * bars[i].Volume).Sum()
            / Over(t, 21, i => bars[i].Volume).Sum(),
        ["volume_surprise_21"] = t => (Math.Log(bars[t].Volume) - Over(t, 21, i => Math.Log(bars[i].Volume)).Average())
            / Deviation(Over(t, 21, i => Math.Log(bars[i].Volume))),
        ["distance_vwap_20"] = t => Math.Log(Close(t) * Over(t, 20, i => bars[i].Volume).Sum()
            / Over(t, 20, i => bars[i].Volume * Close(i)).Sum()),
    };

    double YangZhang(int t, int n)
    {
        var k = 0.34 / (1.34 + (n + 1.0) / (n - 1));
        var rogersSatchell = Over(t, n, i => Math.Log(bars[i].High / Close(i)) * Math.Log(bars[i].High / bars[i].Open)
            + Math.Log(bars[i].Low / Close(i)) * Math.Log(bars[i].Low / bars[i].Open)).Average();
        double Sample(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2)) / (n - 1);
        return Math.Sqrt(Sample(Over(t, n, i => Math.Log(bars[i].Open / Close(i - 1))))
            + k * Sample(Over(t, n, i => Math.Log(Close(i) / bars[i].Open))) + (1 - k) * rogersSatchell);
    }

    static (double Slope, double Fit) Line(double[] closes)
    {
        double[] logs = [.. closes.Select(value => Math.Log(value))], places = [.. Enumerable.Range(0, closes.Length).Select(i => (double)i)];
        return (Covariance(logs, places) / Math.Pow(Deviation(places), 2), Math.Pow(Correlation(logs, places), 2));
    }

    static double Rank(double[] values) => values[..^1].Sum(value => value < values[^1] ? 1 : value == values[^1] ? 0.5 : 0)
        / (values.Length - 1);

    static double Moment(double[] values, int power) => values.Average(value => Math.Pow(value - values.Average(), power));
    static double Deviation(double[] values) => Math.Sqrt(Moment(values, 2));
    static double Covariance(double[] left, double[] right) =>
        left.Zip(right).Average(pair => (pair.First - left.Average()) * (pair.Second - right.Average()));
    static double Correlation(double[] left, double[] right) => Covariance(left, right) / Deviation(left) / Deviation(right);
}
