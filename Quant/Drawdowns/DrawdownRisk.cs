namespace Trading.Quant;

/// <summary>One fall below a peak: from the peak to the first point that reaches it again.</summary>
/// <param name="Depth">The largest loss from the peak, as a positive fraction of it.</param>
/// <param name="Peak">The position of the peak in the path; of the last where it was touched more than once.</param>
/// <param name="Trough">The position of the lowest point, the first of them.</param>
/// <param name="Recovery">The position of the first point at or above the peak; null while there is none.</param>
public sealed record Drawdown(double Depth, int Peak, int Trough, int? Recovery);

/// <summary>
/// How far and how long a path of equity was below its peak; losses are positive fractions of the peak. The averages run over
/// every point but the first, one for each return.
/// </summary>
/// <param name="Maximum">The deepest fall, the first where several are as deep; null where the path never fell.</param>
/// <param name="Average">The mean drawdown over time (the pain index), not over falls.</param>
/// <param name="UlcerIndex">The root of the mean squared drawdown (Martin and McCann 1989).</param>
/// <param name="AtRisk">The drawdown exceeded 1 - <paramref name="Confidence"/> of the time, by the order statistic.</param>
/// <param name="ConditionalAtRisk">CDaR: the mean of those, by Rockafellar and Uryasev (Chekhlov, Uryasev, Zabarankin
/// 2005).</param>
/// <param name="SampleCount">Points that the averages run over.</param>
public sealed record DrawdownMeasure(
    Drawdown? Maximum, double Average, double UlcerIndex, double AtRisk, double ConditionalAtRisk, double Confidence,
    int SampleCount);

/// <summary>Drawdown measures of one path.</summary>
public static class DrawdownRisk
{
    /// <param name="equity">Values, not returns; positive, oldest first.</param>
    /// <param name="confidence">Of the two measures at risk; strictly between 0 and 1.</param>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> points after the first, one that
    /// is not positive and finite, or a confidence out of range.</exception>
    public static DrawdownMeasure Measure(ReadOnlySpan<double> equity, double confidence)
    {
        TailRank.RequireConfidence(confidence, nameof(confidence));
        TailRank.RequireSample(equity.Length - 1, nameof(equity));
        var falls = Falls(equity);
        var path = Path(equity);
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in path)
        {
            sum += value;
            squares += value * value;
        }

        var tail = ScenarioRisk.Measure(path, confidence, confidence);
        return new(
            falls.MaxBy(fall => fall.Depth), 0.0 - sum / path.Length, Math.Sqrt(squares / path.Length),
            tail.ValueAtRisk, Math.Max(tail.ValueAtRisk, tail.ExpectedShortfall), confidence, path.Length);
    }

    /// <summary>Every fall below a peak, in order of time.</summary>
    /// <param name="equity">Values, not returns; positive, oldest first.</param>
    /// <exception cref="ArgumentException">A point that is not positive and finite.</exception>
    public static IReadOnlyList<Drawdown> Falls(ReadOnlySpan<double> equity)
    {
        RequirePositive(equity);
        var falls = new List<Drawdown>();
        var (peak, trough) = (0, 0);
        for (var i = 1; i < equity.Length; i++)
        {
            if (equity[i] >= equity[peak])
            {
                if (trough > peak) falls.Add(Fall(equity, peak, trough, i));
                peak = trough = i;
            }
            else if (equity[i] < equity[trough])
            {
                trough = i;
            }
        }

        if (trough > peak) falls.Add(Fall(equity, peak, trough, null));
        return falls;
    }

    /// <summary>The path of equity that starts at 1 and earns the simple returns: one point more than returns.</summary>
    /// <exception cref="ArgumentException">A return that is not finite or not above -1, or a path that leaves the range of
    /// numbers.</exception>
    public static double[] Compound(ReadOnlySpan<double> returns)
    {
        var equity = new double[returns.Length + 1];
        equity[0] = 1;
        for (var i = 0; i < returns.Length; i++)
        {
            equity[i + 1] = equity[i] * (1 + returns[i]);
            if (!(equity[i + 1] > 0 && double.IsFinite(equity[i + 1])))
                throw new ArgumentException(
                    $"Returns are above -1 and compound to finite numbers; at {i} they do not.", nameof(returns));
        }

        return equity;
    }

    /// <summary>The loss from the peak so far, as a negative fraction of it, at every point but the first.</summary>
    static double[] Path(ReadOnlySpan<double> equity)
    {
        var path = new double[equity.Length - 1];
        var peak = equity[0];
        for (var i = 0; i < path.Length; i++)
        {
            peak = Math.Max(peak, equity[i + 1]);
            path[i] = equity[i + 1] / peak - 1;
        }

        return path;
    }

    static Drawdown Fall(ReadOnlySpan<double> equity, int peak, int trough, int? recovery) =>
        new(1 - equity[trough] / equity[peak], peak, trough, recovery);

    static void RequirePositive(ReadOnlySpan<double> equity)
    {
        foreach (var value in equity)
            if (!(value > 0 && double.IsFinite(value)))
                throw new ArgumentException(
                    $"Every point of the path must be positive and finite; {value} is not.", nameof(equity));
    }
}
