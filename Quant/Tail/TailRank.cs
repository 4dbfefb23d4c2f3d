namespace Trading.Quant;

/// <summary>Which part of an ordered sample is its tail, and what a sample must be to have one.</summary>
static class TailRank
{
    /// <summary>How near to a whole number n(1-confidence) is taken as that number: 1 - 0.95 is 0.05 and 4e-17 in floating point,
    /// and without this the rank of 100 scenarios at 95 % would be 6 instead of 5.</summary>
    const double WholeNumberTolerance = 1e-9;

    /// <summary>How many observations the tail weighs: n(1-confidence), in general not a whole number, positive.</summary>
    public static double Mass(int count, double confidence)
    {
        var mass = count * (1 - confidence);
        var whole = Math.Round(mass);
        return whole >= 1 && Math.Abs(mass - whole) <= WholeNumberTolerance ? whole : mass;
    }

    /// <summary>The 1-based rank of the quantile scenario, counted from the worst: ceil(n(1-confidence)).</summary>
    public static int Of(int count, double confidence) => (int)Math.Ceiling(Mass(count, confidence));

    /// <exception cref="ArgumentException">The confidence is not strictly between 0 and 1, or not a number.</exception>
    public static void RequireConfidence(double confidence, string name)
    {
        if (!(confidence > 0 && confidence < 1))
            throw new ArgumentException($"A confidence lies strictly between 0 and 1; {confidence} does not.", name);
    }

    /// <exception cref="ArgumentException">There are fewer than <see cref="TailRisk.MinimumSampleCount"/> observations.</exception>
    public static void RequireSample(int count, string name)
    {
        if (count < TailRisk.MinimumSampleCount)
            throw new ArgumentException($"A tail is estimated from {TailRisk.MinimumSampleCount} or more observations; there are {count}.", name);
    }

    /// <summary>The exception for a value that is NaN, infinite, or overflows.</summary>
    public static ArgumentException NotFinite(string name) => new("Every observation must be a finite number.", name);
}
