namespace Trading.Quant;

/// <summary>Every test of a series of value-at-risk forecasts.</summary>
/// <param name="TrafficLight">Over all observations given; for Basel's, give the last 250 at 99 %.</param>
public sealed record ValueAtRiskBacktest(
    LikelihoodRatio Unconditional, LikelihoodRatio Independence, LikelihoodRatio Conditional, TrafficLight TrafficLight)
{
    /// <param name="returns">What happened, in the order of time: returns or profits and losses.</param>
    /// <param name="valueAtRisk">What was forecast for the same periods before they began, in the same unit, losses positive.</param>
    /// <exception cref="ArgumentException">Fewer than two observations, lengths that differ, a value that is not finite, or a
    /// confidence that is not strictly between 0 and 1.</exception>
    public static ValueAtRiskBacktest Of(ReadOnlySpan<double> returns, ReadOnlySpan<double> valueAtRisk, double confidence)
    {
        var exceptions = Exceptions(returns, valueAtRisk);
        var count = exceptions.AsSpan().Count(true);
        return new(
            Kupiec.Test(exceptions.Length, count, confidence), Christoffersen.Independence(exceptions),
            Christoffersen.ConditionalCoverage(exceptions, confidence), TrafficLight.Of(exceptions.Length, count, confidence));
    }

    /// <summary>An exception is a loss strictly larger than its forecast.</summary>
    /// <exception cref="ArgumentException">No observations, lengths that differ, or a value that is not finite.</exception>
    public static bool[] Exceptions(ReadOnlySpan<double> returns, ReadOnlySpan<double> valueAtRisk)
    {
        if (returns.IsEmpty) throw new ArgumentException("One or more observations are needed.", nameof(returns));
        Require.Length(valueAtRisk, returns.Length, nameof(valueAtRisk));
        Require.Finite(returns, nameof(returns));
        Require.Finite(valueAtRisk, nameof(valueAtRisk));
        var exceptions = new bool[returns.Length];
        for (var i = 0; i < exceptions.Length; i++)
            exceptions[i] = returns[i] < -valueAtRisk[i];
        return exceptions;
    }
}
