namespace Trading.Quant;

/// <summary>Measures of a record of simple returns. What a record cannot tell is null, never 0: a ratio to no risk, a tail of
/// nothing.</summary>
public static class ReturnMeasures
{
    /// <summary>The growth of a year that would have led from one value to the other; null where the last one is not positive.</summary>
    /// <exception cref="ArgumentException">The first value or the years are not positive and finite.</exception>
    public static double? CompoundGrowth(double first, double last, double years)
    {
        TailSample.RequirePositive(first, nameof(first));
        TailSample.RequirePositive(years, nameof(years));
        if (!(Require.Finite(last, nameof(last)) > 0)) return null;
        return Require.Finite(Math.Pow(last / first, 1 / years) - 1, nameof(last));
    }

    /// <summary>The root mean square of what returns lack of a target, over all returns and not only those below it.</summary>
    /// <exception cref="ArgumentException">No return, or a number that is not finite.</exception>
    public static double DownsideDeviation(ReadOnlySpan<double> returns, double target = 0)
    {
        RequireReturns(returns);
        var sum = 0.0;
        foreach (var value in returns)
        {
            var below = Math.Min(value - target, 0);
            sum += below * below;
        }

        return Require.Finite(Math.Sqrt(sum / returns.Length), nameof(target));
    }

    /// <summary>Mean return beyond a target over <see cref="DownsideDeviation"/>, per period; null where nothing is below the
    /// target.</summary>
    /// <exception cref="ArgumentException">As <see cref="DownsideDeviation"/>.</exception>
    public static double? Sortino(ReadOnlySpan<double> returns, double target = 0)
    {
        var deviation = DownsideDeviation(returns, target);
        return deviation > 0 ? (Mean(returns) - target) / deviation : null;
    }

    /// <summary>What is above a target over what is below it; null where nothing is below.</summary>
    /// <exception cref="ArgumentException">As <see cref="DownsideDeviation"/>.</exception>
    public static double? Omega(ReadOnlySpan<double> returns, double target = 0)
    {
        RequireReturns(returns);
        Require.Finite(target, nameof(target));
        var (above, below) = (0.0, 0.0);
        foreach (var value in returns)
        {
            if (value > target) above += value - target;
            else below += target - value;
        }

        return below > 0 ? above / below : null;
    }

    /// <summary>The 95 % quantile over the 5 % one, without signs, both interpolated (type 7); null where the lower one is
    /// 0.</summary>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> returns, or one that is not
    /// finite.</exception>
    public static double? TailRatio(ReadOnlySpan<double> returns)
    {
        TailSample.Require(returns);
        double[] sorted = [.. returns];
        Array.Sort(sorted);
        var low = Quantile(sorted, 0.05);
        return low != 0 ? Math.Abs(Quantile(sorted, 0.95) / low) : null;
    }

    /// <summary>The sample's quantile between order statistics (Hyndman and Fan's type 7).</summary>
    static double Quantile(double[] sorted, double probability)
    {
        var place = (sorted.Length - 1) * probability;
        var below = (int)place;
        return below + 1 < sorted.Length
            ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below])
            : sorted[below];
    }

    internal static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    static void RequireReturns(ReadOnlySpan<double> returns)
    {
        if (returns.IsEmpty) throw new ArgumentException("One or more returns are needed.", nameof(returns));
        Require.Finite(returns, nameof(returns));
    }
}
