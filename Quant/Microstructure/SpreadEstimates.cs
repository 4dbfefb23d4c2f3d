namespace Trading.Quant;

/// <summary>Bid-ask spreads from bars without quotes, as a fraction of the price. Noisy for one pair of bars: both are means
/// over many, and a mean below zero is zero.</summary>
public static class SpreadEstimates
{
    public const int LeastBars = 3;

    /// <summary>From the highs and lows of consecutive bars (Corwin and Schultz 2012, equations 14 and 18): the variance of two
    /// bars is twice that of one, the spread in them is the same. Moves between close and open are taken out, and an estimate of
    /// a pair that is negative counts as zero, as the authors do.</summary>
    /// <exception cref="ArgumentException">Fewer than <see cref="LeastBars"/> bars, of different lengths, or a price that is not
    /// positive.</exception>
    public static double CorwinSchultz(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close)
    {
        RequireBars(high, low, close);
        var (sum, denominator) = (0.0, 3 - 2 * Math.Sqrt(2));
        for (var i = 1; i < high.Length; i++)
        {
            // A gap between the close and the next bar's range is no spread.
            var gap = Math.Max(0, low[i] - close[i - 1]) - Math.Max(0, close[i - 1] - high[i]);
            var (topNow, bottomNow) = (high[i] - gap, low[i] - gap);
            var beta = Square(Math.Log(high[i - 1] / low[i - 1])) + Square(Math.Log(topNow / bottomNow));
            var gamma = Square(Math.Log(Math.Max(high[i - 1], topNow) / Math.Min(low[i - 1], bottomNow)));
            var alpha = (Math.Sqrt(2 * beta) - Math.Sqrt(beta)) / denominator - Math.Sqrt(gamma / denominator);
            var power = Math.Exp(alpha);
            sum += Math.Max(0, 2 * (power - 1) / (1 + power));
        }

        return sum / (high.Length - 1);
    }

    /// <summary>From closes and the middles of the ranges (Abdi and Ranaldo 2017, equation 11): the root of four times the mean
    /// product of the close's distances from the middle of its own range and from that of the next.</summary>
    /// <exception cref="ArgumentException">As <see cref="CorwinSchultz"/>.</exception>
    public static double AbdiRanaldo(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close)
    {
        RequireBars(high, low, close);
        var sum = 0.0;
        for (var i = 0; i + 1 < high.Length; i++)
        {
            var (last, middle, next) = (Math.Log(close[i]), Middle(high[i], low[i]), Middle(high[i + 1], low[i + 1]));
            sum += (last - middle) * (last - next);
        }

        return Math.Sqrt(Math.Max(0, 4 * sum / (high.Length - 1)));
    }

    static double Middle(double high, double low) => (Math.Log(high) + Math.Log(low)) / 2;

    static double Square(double value) => value * value;

    static void RequireBars(ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close)
    {
        if (high.Length < LeastBars)
            throw new ArgumentException($"{LeastBars} or more bars are needed; there are {high.Length}.", nameof(high));
        Require.Length(low, high.Length, nameof(low));
        Require.Length(close, high.Length, nameof(close));
        for (var i = 0; i < high.Length; i++)
            if (!(low[i] > 0 && low[i] <= high[i] && double.IsFinite(high[i]) && close[i] > 0 && double.IsFinite(close[i])))
                throw new ArgumentException($"Bar {i} has prices that are not positive or not in order.", nameof(low));
    }
}
