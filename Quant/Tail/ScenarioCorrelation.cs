using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
        var (meanUnit, meanRest) = Means(pnl, unitPnl, held);
        var (unit, rest, both) = Moments(pnl, unitPnl, held, meanUnit, meanRest);
        if (!double.IsFinite(unit) || !double.IsFinite(rest) || !double.IsFinite(both)) throw TailRank.NotFinite(nameof(pnl));
        var scale = Math.Sqrt(unit) * Math.Sqrt(rest);
        return scale > 0 ? Math.Clamp(both / scale, -1, 1) : 0;
    }

    /// <summary>Sums in four lanes and the remainder behind them, in an order that is the same on every machine.</summary>
    static (double OfUnit, double OfRest) Means(ReadOnlySpan<double> pnl, ReadOnlySpan<double> unitPnl, double held)
    {
        var wholes = MemoryMarshal.Cast<double, Vector256<double>>(pnl);
        var units = MemoryMarshal.Cast<double, Vector256<double>>(unitPnl);
        Vector256<double> unitSums = default, restSums = default;
        for (var i = 0; i < wholes.Length; i++)
        {
            unitSums += units[i];
            restSums += wholes[i] - (held * units[i]);
        }

        var (unit, rest) = (Vector256.Sum(unitSums), Vector256.Sum(restSums));
        for (var i = wholes.Length * Vector256<double>.Count; i < pnl.Length; i++)
        {
            unit += unitPnl[i];
            rest += pnl[i] - (held * unitPnl[i]);
        }

        return (unit / pnl.Length, rest / pnl.Length);
    }

    static (double OfUnit, double OfRest, double OfBoth) Moments(
        ReadOnlySpan<double> pnl, ReadOnlySpan<double> unitPnl, double held, double meanUnit, double meanRest)
    {
        var wholes = MemoryMarshal.Cast<double, Vector256<double>>(pnl);
        var units = MemoryMarshal.Cast<double, Vector256<double>>(unitPnl);
        Vector256<double> unitSums = default, restSums = default, bothSums = default;
        var (unitMeans, restMeans) = (Vector256.Create(meanUnit), Vector256.Create(meanRest));
        for (var i = 0; i < wholes.Length; i++)
        {
            var x = units[i] - unitMeans;
            var y = wholes[i] - (held * units[i]) - restMeans;
            unitSums += x * x;
            restSums += y * y;
            bothSums += x * y;
        }

        var (unit, rest, both) = (Vector256.Sum(unitSums), Vector256.Sum(restSums), Vector256.Sum(bothSums));
        for (var i = wholes.Length * Vector256<double>.Count; i < pnl.Length; i++)
        {
            var x = unitPnl[i] - meanUnit;
            var y = pnl[i] - (held * unitPnl[i]) - meanRest;
            (unit, rest, both) = (unit + (x * x), rest + (y * y), both + (x * y));
        }

        return (unit, rest, both);
    }
}
