namespace Trading.Quant;

/// <summary>How one thing moves with the rest of a vector of profits and losses that it is part of.</summary>
public static class ScenarioCorrelation
{
    /// <summary>Pearson correlation of unitPnl with pnl - held · unitPnl over all scenarios, from -1 to 1; zero where one of the two
    /// does not move.</summary>
    /// <param name="unitPnl">Profit and loss of one unit in the same scenarios.</param>
    /// <param name="held">Units of it that are part of <paramref name="pnl"/>.</param>
    /// <exception cref="ArgumentException">The vectors differ in length or are empty, or a sum is not finite.</exception>
    public static double WithRest(ReadOnlySpan<double> pnl, ReadOnlySpan<double> unitPnl, double held)
    {
        if (pnl.Length != unitPnl.Length || pnl.IsEmpty)
            throw new ArgumentException($"The vectors have {pnl.Length} and {unitPnl.Length} scenarios.", nameof(unitPnl));
        var (meanUnit, meanRest) = (0.0, 0.0);
        for (var i = 0; i < pnl.Length; i++)
        {
            meanUnit += unitPnl[i];
            meanRest += pnl[i] - (held * unitPnl[i]);
        }

        (meanUnit, meanRest) = (meanUnit / pnl.Length, meanRest / pnl.Length);
        var (unit, rest, both) = (0.0, 0.0, 0.0);
        for (var i = 0; i < pnl.Length; i++)
        {
            var x = unitPnl[i] - meanUnit;
            var y = pnl[i] - (held * unitPnl[i]) - meanRest;
            (unit, rest, both) = (unit + (x * x), rest + (y * y), both + (x * y));
        }

        if (!double.IsFinite(unit) || !double.IsFinite(rest) || !double.IsFinite(both)) throw TailRank.NotFinite(nameof(pnl));
        var scale = Math.Sqrt(unit) * Math.Sqrt(rest);
        return scale > 0 ? Math.Clamp(both / scale, -1, 1) : 0;
    }
}
