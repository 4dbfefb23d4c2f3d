using System.Collections.Immutable;

namespace Trading.Quant;

/// <summary>What a weighted set loses in one event; losses are positive, in the unit of the weights.</summary>
/// <param name="Components">Each term's own loss; they sum to the loss.</param>
/// <param name="Window">The observations that the event lasts, from the first to before the last; null for given shocks.</param>
public sealed record StressLoss(double Loss, ImmutableArray<double> Components, Range? Window = null)
{
    /// <summary>The loss when each term's value changes by its shock at once.</summary>
    /// <param name="weights">Values held: amounts or fractions, negative where sold short.</param>
    /// <param name="shocks">Simple returns: -0.2 is a fall by a fifth; not below -1.</param>
    /// <exception cref="ArgumentException">No weights, lengths that differ, a value that is not finite, or a shock below -1.</exception>
    public static StressLoss UnderShocks(ReadOnlySpan<double> weights, ReadOnlySpan<double> shocks)
    {
        if (weights.IsEmpty) throw new ArgumentException("One or more weights are needed.", nameof(weights));
        Require.Length(shocks, weights.Length, nameof(shocks));
        foreach (var shock in shocks)
            RequireReturn(shock, nameof(shocks));
        return Of(weights, shocks, null);
    }

    internal static StressLoss Of(ReadOnlySpan<double> weights, ReadOnlySpan<double> returns, Range? window)
    {
        var components = new double[weights.Length];
        for (var i = 0; i < components.Length; i++)
            components[i] = Require.Finite(0.0 - weights[i] * returns[i], nameof(weights));
        return new(Require.Finite(components.Sum(), nameof(weights)), [.. components], window);
    }

    internal static void RequireReturn(double value, string name)
    {
        if (!(value >= -1 && double.IsFinite(value)))
            throw new ArgumentException($"A simple return is a finite number and not below -1; {value} is not.", name);
    }
}
