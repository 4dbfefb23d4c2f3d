using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>The largest tail that a book may come to, over all ways in which its open orders may fill or not.</summary>
/// <remarks>
/// The positions that fills can lead to are a box with two ends for each symbol with open orders. Expected shortfall
/// is convex in the positions, so that its largest value over the box stands at a corner; value at risk is not, and
/// is taken over the corners and the positions booked. With more than <see cref="MaxOpenSymbols"/> symbols the
/// corners are too many, and a bound stands in their place: every session counts at the worst end of every symbol,
/// which no way of filling, also in parts, can fall below.
/// </remarks>
static class FillOutcomes
{
    /// <summary>Symbols with open orders up to which every corner is measured; beyond, the bound of the sessions'
    /// worst ends.</summary>
    public const int MaxOpenSymbols = 4;

    /// <param name="near">See <see cref="ScenarioRisk.Measure"/>.</param>
    public static TailEstimate Measure(ReadOnlySpan<double> pnl, double near = double.NaN) => ScenarioRisk.Measure(
        pnl,
        HistoricalSimulation.VarConfidence, HistoricalSimulation.EsConfidence,
        HistoricalSimulation.SecondVarConfidence, near);

    public static TailEstimate WhatIf(
        ReadOnlySpan<double> pnl, ReadOnlySpan<double> units, double quantity, double near = double.NaN) =>
        ScenarioRisk.WhatIf(
            pnl, units, quantity,
            HistoricalSimulation.VarConfidence, HistoricalSimulation.EsConfidence,
            HistoricalSimulation.SecondVarConfidence, near);

    /// <summary>At every corner of the symbols given, one more symbol moved from its effective position by a
    /// quantity.</summary>
    /// <param name="pnl">With those symbols at their effective ends.</param>
    /// <param name="open">Symbols with open orders, in an order that is always the same.</param>
    /// <param name="units">Of the one symbol more; empty for none.</param>
    public static TailEstimate AtCorners(
        ScenarioWindow window, ReadOnlySpan<double> pnl, ReadOnlySpan<Leg> open, ReadOnlySpan<double> units,
        double quantity, double near)
    {
        if (open.IsEmpty) return units.IsEmpty ? Measure(pnl, near) : WhatIf(pnl, units, quantity, near);
        var stays = AtCorners(window, pnl, open[1..], units, quantity, near);
        if (!window.Has(open[0].Instrument!, out var moving)) return stays;
        Span<double> moved = pnl.Length <= StackLimit ? stackalloc double[pnl.Length] : new double[pnl.Length];
        pnl.CopyTo(moved);
        ScenarioRisk.AddScaled(moved, moving, open[0].Swing);
        return stays.Or(AtCorners(window, moved, open[1..], units, quantity, near));
    }

    /// <summary>With every session at the worst end of every symbol, and of an order that may fill or not.</summary>
    /// <param name="units">Of the order's symbol; empty for no order.</param>
    /// <param name="quantity">Bought; negative for a sale.</param>
    public static TailEstimate AtMost(ScenarioWindow window, ReadOnlySpan<double> units, double quantity, double near)
    {
        Span<double> worst = window.Sample <= StackLimit ? stackalloc double[window.Sample] : new double[window.Sample];
        window.Effective.CopyTo(worst);
        ScenarioRisk.AddScaled(worst, window.Slack, 1);
        if (!units.IsEmpty) ScenarioRisk.AddLosses(worst, units, quantity);
        return Measure(worst, near);
    }

    /// <summary>Doubles taken from the stack at once (8 kB), at most one such vector for each open symbol.</summary>
    const int StackLimit = 1_024;
}
