namespace Trading.Quant;

/// <summary>The variance of one session from its range, each estimator in the form of its paper. Logarithms of price
/// ratios; the volatility of a window is the root of the mean.</summary>
public static class RangeVolatility
{
    /// <summary>Parkinson 1980: high and low of a driftless diffusion.</summary>
    public static double Parkinson(double high, double low)
    {
        var range = Math.Log(high / low);
        return range * range / (4 * Math.Log(2));
    }

    /// <summary>Garman and Klass 1980, the practical form: half the squared range less (2 ln 2 - 1) of the squared
    /// move.</summary>
    public static double GarmanKlass(double open, double high, double low, double close)
    {
        var (range, move) = (Math.Log(high / low), Math.Log(close / open));
        return range * range / 2 - (2 * Math.Log(2) - 1) * move * move;
    }

    /// <summary>Rogers and Satchell 1991: unbiased under any drift.</summary>
    public static double RogersSatchell(double open, double high, double low, double close) =>
        Math.Log(high / close) * Math.Log(high / open) + Math.Log(low / close) * Math.Log(low / open);

    /// <summary>Yang and Zhang 2000: overnight variance, open-to-close variance and <see cref="RogersSatchell"/>
    /// weighed for the least variance over n sessions; all three divided as in the paper (n - 1, n - 1, n).</summary>
    public static double YangZhang(double overnight, double openToClose, double rogersSatchell, int n)
    {
        var weight = 0.34 / (1.34 + (n + 1.0) / (n - 1.0));
        return overnight + weight * openToClose + (1 - weight) * rogersSatchell;
    }

    /// <summary>Corwin and Schultz 2012: the proportional spread that two days' highs and lows imply, negative ones
    /// taken as zero as the authors do.</summary>
    public static double CorwinSchultzSpread(double high, double low, double highBefore, double lowBefore)
    {
        var root = Math.Sqrt(2);
        var one = Math.Log(high / low);
        var other = Math.Log(highBefore / lowBefore);
        var both = Math.Log(Math.Max(high, highBefore) / Math.Min(low, lowBefore));
        var beta = Math.Sqrt(one * one + other * other);
        var alpha = beta * (root - 1) / (3 - 2 * root) - both / Math.Sqrt(3 - 2 * root);
        return alpha > 0 ? 2 * Math.Tanh(alpha / 2) : 0;
    }
}
