namespace Trading.Quant;

/// <summary>What today's weighted set would lose if a stretch of history came again: one array of simple returns for each term, oldest
/// first. The set is held through the stretch, not rebalanced: each term compounds on its own.</summary>
public static class HistoricalStress
{
    /// <summary>The most steps of one search: observations times longest window times terms.</summary>
    public const long MaximumSteps = 1_000_000_000;

    /// <summary>The loss from the first observation to the last.</summary>
    /// <exception cref="ArgumentException">No series or observations, lengths that differ, or a value that is not finite or a return
    /// below -1.</exception>
    public static StressLoss Compounded(ReadOnlySpan<double[]> series, ReadOnlySpan<double> weights)
    {
        var count = RequireReturns(series, weights);
        return Over(series, weights, 0..count);
    }

    /// <summary>The largest loss over any stretch of 1 to <paramref name="longest"/> consecutive observations, each begun with the given
    /// weights; the earliest and shortest of equals. A gain (a negative loss) where no stretch loses.</summary>
    /// <exception cref="ArgumentException">As <see cref="Compounded"/>; also where <paramref name="longest"/> is not between 1 and the
    /// number of observations, or the search takes more than <see cref="MaximumSteps"/>.</exception>
    public static StressLoss Worst(ReadOnlySpan<double[]> series, ReadOnlySpan<double> weights, int longest)
    {
        var count = RequireReturns(series, weights);
        if (longest < 1 || longest > count)
            throw new ArgumentException($"A stretch has 1 to {count} observations, not {longest}.", nameof(longest));
        if ((long)count * longest * series.Length > MaximumSteps)
            throw new ArgumentException($"The search is bound to {MaximumSteps} steps; shorten the stretches.", nameof(longest));

        var largest = double.NegativeInfinity;
        var window = 0..1;
        var values = new double[series.Length];
        for (var start = 0; start < count; start++)
        {
            weights.CopyTo(values);
            var initial = Total(values);
            for (var end = start; end < Math.Min(count, start + longest); end++)
            {
                for (var i = 0; i < values.Length; i++)
                    values[i] *= 1 + series[i][end];
                var loss = initial - Total(values);
                if (loss > largest) (largest, window) = (loss, start..(end + 1));
            }
        }

        return Over(series, weights, window);
    }

    static StressLoss Over(ReadOnlySpan<double[]> series, ReadOnlySpan<double> weights, Range window)
    {
        var returns = new double[series.Length];
        for (var i = 0; i < returns.Length; i++)
        {
            var growth = 1.0;
            foreach (var value in series[i].AsSpan(window))
                growth *= 1 + value;
            returns[i] = growth - 1;
        }

        return StressLoss.Of(weights, returns, window);
    }

    static int RequireReturns(ReadOnlySpan<double[]> series, ReadOnlySpan<double> weights)
    {
        Require.Length(weights, series.Length, nameof(weights));
        Require.Finite(weights, nameof(weights));
        var count = Require.Series(series, 1, nameof(series));
        foreach (var one in series)
            foreach (var value in one)
                StressLoss.RequireReturn(value, nameof(series));
        return count;
    }

    static double Total(double[] values)
    {
        var total = 0.0;
        foreach (var value in values)
            total += value;
        return total;
    }
}
