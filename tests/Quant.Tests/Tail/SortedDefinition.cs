namespace Trading.Quant.Tests;

/// <summary>The measures as their formulas stand, on a sorted copy and with the rank in exact decimal arithmetic.</summary>
static class SortedDefinition
{
    public static TailEstimate Measure(double[] pnl, double varConfidence, double esConfidence)
    {
        var sorted = pnl.Order().ToArray();
        var rank = (int)Math.Ceiling(pnl.Length * (1 - (decimal)varConfidence));
        var exactMass = pnl.Length * (1 - (decimal)esConfidence);
        var mass = decimal.IsInteger(exactMass) ? (double)exactMass : pnl.Length * (1 - esConfidence);
        var last = (int)Math.Ceiling(mass) - 1;
        var shortfall = -sorted.Take(last).Sum() / mass + sorted[last] * (last / mass - 1);
        return new(-sorted[rank - 1], shortfall);
    }

    public static double[] Add(double[] pnl, double[] unitPnl, double quantity) =>
        [.. pnl.Zip(unitPnl, (value, unit) => value + quantity * unit)];
}
